using Sipstead.Sip.Locating;
using Sipstead.Sip.Sessions;

namespace Sipstead.Voice.Calls;

/// <summary>A far end that is found by its host.</summary>
/// <param name="Compose">Writes its INVITE around an offer.</param>
/// <param name="Trunk">Name of the trunk that leads to it; null for none.</param>
internal sealed record ForeignParty(SipDestination Target, Func<byte[], OutboundInvite> Compose, string? Trunk = null)
{
    /// <summary>A SIP URI of somebody else.</summary>
    public static ForeignParty Of(Destination.Foreign foreign, NewCall wish) =>
        new(foreign.Target, offer => OutboundInvites.Create(wish, foreign.Uri, foreign.Target.Host, offer));
}
