using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Sipstead.Sip.Transport;

/// <summary>The addresses of this host's interfaces, kept up to date.</summary>
internal sealed class LocalAddresses : IDisposable
{
    private volatile HashSet<UInt128> _addresses = Read();

    public LocalAddresses() => NetworkChange.NetworkAddressChanged += OnChanged;

    public bool Contains(TransportAddress address) => address.IsLoopback || _addresses.Contains(address.Bits);

    /// <summary>The local address from which the system would send to a peer; null when there is no route. Nothing is sent.</summary>
    public static TransportAddress? Facing(TransportAddress peer)
    {
        try
        {
            var endPoint = peer.ToIPEndPoint();
            using var socket = new Socket(endPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(endPoint);
            return new TransportAddress((IPEndPoint)socket.LocalEndPoint!);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    public void Dispose() => NetworkChange.NetworkAddressChanged -= OnChanged;

    private void OnChanged(object? sender, EventArgs e) => _addresses = Read();

    private static HashSet<UInt128> Read()
    {
        try
        {
            return NetworkInterface.GetAllNetworkInterfaces()
                .SelectMany(nic => nic.GetIPProperties().UnicastAddresses)
                .Select(unicast => new TransportAddress(new IPEndPoint(unicast.Address, 0)).Bits)
                .ToHashSet();
        }
        catch (NetworkInformationException)
        {
            return []; // an interface went away while it was read; the change that took it away reads again
        }
    }
}
