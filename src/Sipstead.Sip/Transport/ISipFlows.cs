namespace Sipstead.Sip.Transport;

/// <summary>What users of the transports ask of them.</summary>
public interface ISipFlows
{
    /// <summary>Sends over the way a message came. False when its socket or connection is gone or the address must not be sent to.</summary>
    bool TrySend(in SipFlow flow, ReadOnlySpan<byte> message);

    /// <summary>True when a message sent over the flow now has a way: always for UDP, while the connection is open for streams.</summary>
    bool IsReachable(in SipFlow flow);

    /// <summary>Keeps a connection open for a binding made over it (TPT-16).</summary>
    void Keep(in SipFlow flow, TimeSpan lifetime);

    /// <summary>Ends a connection whose peer sends nothing, keep-alives included, for longer than this and 64*T1 (RFC 5626 4.4.1, 9).</summary>
    void EndAfterSilence(in SipFlow flow, TimeSpan silence);

    /// <summary>True when one of our own listeners is at this address.</summary>
    bool IsOwnListener(TransportAddress address);
}
