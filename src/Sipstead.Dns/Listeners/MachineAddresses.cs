using System.Net;
using System.Net.NetworkInformation;

namespace Sipstead.Dns;

/// <summary>The addresses of this machine's network interfaces, as the operating system tells them.</summary>
internal sealed class MachineAddresses : ILocalAddresses, IDisposable
{
    public MachineAddresses() => NetworkChange.NetworkAddressChanged += OnChanged;

    public event Action? Changed;

    public IReadOnlyList<IPAddress> List() =>
    [
        .. NetworkInterface.GetAllNetworkInterfaces()
            .Where(port => port.OperationalStatus != OperationalStatus.Down)
            .SelectMany(port => port.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address)
            .Where(address => !address.IsIPv6LinkLocal)
            .Distinct(),
    ];

    public void Dispose() => NetworkChange.NetworkAddressChanged -= OnChanged;

    private void OnChanged(object? sender, EventArgs e) => Changed?.Invoke();
}
