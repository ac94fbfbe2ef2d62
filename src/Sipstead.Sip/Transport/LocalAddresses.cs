using System.Net.NetworkInformation;

namespace Sipstead.Sip.Transport;

/// <summary>The addresses of this host's interfaces, kept up to date.</summary>
internal sealed class LocalAddresses : IDisposable
{
    private volatile HashSet<UInt128> _addresses = Read();

    public LocalAddresses() => NetworkChange.NetworkAddressChanged += OnChanged;

    public bool Contains(TransportAddress address) => address.IsLoopback || _addresses.Contains(address.Bits);

    public void Dispose() => NetworkChange.NetworkAddressChanged -= OnChanged;

    private void OnChanged(object? sender, EventArgs e) => _addresses = Read();

    private static HashSet<UInt128> Read()
    {
        try
        {
            return NetworkInterface.GetAllNetworkInterfaces()
                .SelectMany(nic => nic.GetIPProperties().UnicastAddresses)
                .Select(unicast => new TransportAddress(new System.Net.IPEndPoint(unicast.Address, 0)).Bits)
                .ToHashSet();
        }
        catch (NetworkInformationException)
        {
            return []; // an interface went away while it was read; the change that took it away reads again
        }
    }
}
