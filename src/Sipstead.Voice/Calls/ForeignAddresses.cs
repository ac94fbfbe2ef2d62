using System.Net;
using Sipstead.Sip.Locating;
using Sipstead.Sip.Transport;
using Sipstead.Webhooks.Addresses;

namespace Sipstead.Voice.Calls;

/// <summary>
/// Which addresses calls to foreign hosts may lead to (ruling 9, S-14): public ones, those of <see cref="VoiceOptions.AllowedNetworks"/>, and those that the
/// operator wrote into <see cref="VoiceOptions.SipHosts"/>. Never our own listeners, multicast, broadcast, or a port of the system's services.
/// </summary>
internal sealed class ForeignAddresses(VoiceOptions options, ISipFlows flows) : ITargetPolicy
{
    private const int FirstOrdinaryPort = 1024;

    private readonly AddressPolicy _networks = new(
        [.. options.AllowedNetworks, .. options.SipHosts.Select(host => host.Trim('[', ']')).Where(host => IPAddress.TryParse(host, out _))],
        options.AllowLoopback);

    public bool Allows(TransportAddress address) =>
        address.Port >= FirstOrdinaryPort && DestinationPolicy.MayReceive(address) && !flows.IsOwnListener(address) && _networks.Allows(address.ToIPAddress());
}
