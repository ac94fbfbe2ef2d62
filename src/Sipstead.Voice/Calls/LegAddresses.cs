using System.Net;
using System.Net.Sockets;
using Sipstead.Sip.Transport;

namespace Sipstead.Voice.Calls;

/// <summary>
/// Which address of ours a device is told for media: the public one when there is one of the flow's family, else the local address that faces
/// the device (ruling 16). A device on this machine is told the local one, which it can reach.
/// </summary>
internal sealed class LegAddresses(VoiceOptions options)
{
    private readonly IReadOnlyList<IPAddress> _public =
        [.. options.PublicAddress.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse)];

    public IPAddress AdvertisedFor(in SipFlow flow)
    {
        if (flow.Source.IsLoopback) return flow.Local.ToIPAddress();
        var family = flow.Local.IsIpv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
        return _public.FirstOrDefault(address => address.AddressFamily == family) ?? flow.Local.ToIPAddress();
    }
}
