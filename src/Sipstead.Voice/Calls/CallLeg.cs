using Sipstead.Sip.Transport;

namespace Sipstead.Voice.Calls;

/// <summary>One device that a call came from or rang, at one moment.</summary>
/// <param name="SipCallId">Of its session; finds its messages in the trace.</param>
/// <param name="Uri">Request-URI of our INVITE; of an inbound call the address-of-record of the caller.</param>
/// <param name="Peer">Address and port that its messages come from and go to.</param>
/// <param name="StartTime">When the INVITE left or came.</param>
/// <param name="Status">SIP status that the INVITE got last, from 180 on; null while there is none.</param>
/// <param name="Reason">Why the device ended it, as its Reason header says (RFC 3326); null when it says nothing.</param>
/// <param name="Trunk">Name of the trunk that it goes over; null for none.</param>
public sealed record CallLeg(
    string SipCallId, string Uri, SipTransport Transport, string Peer, DateTimeOffset StartTime, int? Status, string? Reason = null,
    string? Trunk = null);

/// <summary>
/// The legs of a call. Changed on the call's mailbox alone, looked at from anywhere; stays with the record of an ended call, since devices that were
/// cancelled answer afterwards.
/// </summary>
internal sealed class CallLegs
{
    /// <summary>Legs kept; more than a user's devices have flows.</summary>
    internal const int Capacity = 32;

    private volatile CallLeg[] _all = [];
    private volatile CallLegs[] _others = [];

    public IReadOnlyList<CallLeg> All => [.. _all, .. _others.SelectMany(other => other._all)];

    /// <summary>Shows also the legs of a call that was made for this one.</summary>
    public void Follow(CallLegs other)
    {
        if (_others.Length < Capacity) _others = [.. _others, other];
    }

    public void Begin(string sipCallId, string uri, in SipFlow flow, DateTimeOffset at, string? trunk = null)
    {
        if (_all.Length < Capacity) _all = [.. _all, new CallLeg(sipCallId, uri, flow.Transport, flow.Source.ToString(), at, null, Trunk: trunk)];
    }

    /// <summary>Notes why the device of a leg ended it, where it says so.</summary>
    public void NoteReason(string sipCallId, string? reason)
    {
        if (reason is not null) _all = [.. _all.Select(leg => leg.SipCallId == sipCallId ? leg with { Reason = reason } : leg)];
    }

    /// <summary>Notes an answer to the INVITE of a leg; nothing comes after a final one.</summary>
    public void Note(string sipCallId, int status) =>
        _all = [.. _all.Select(leg => leg.SipCallId == sipCallId && leg.Status is null or < 200 ? leg with { Status = status } : leg)];
}
