namespace Sipstead.Sip.Trace;

/// <summary>What a chain of messages belongs to.</summary>
internal enum TraceChainKind : byte
{
    /// <summary>Nothing.</summary>
    None,

    Credential,

    UnknownUsersOfRealm,

    Call,
}

/// <summary>Names a chain: a credential, a realm or a call by its number.</summary>
internal readonly record struct TraceChainKey(TraceChainKind Kind, long Id)
{
    /// <summary>The chain of the device, or of the unknown users of the realm.</summary>
    public static TraceChainKey OfDevice(in TraceSubject subject)
    {
        if (subject.CredentialId != 0) return new(TraceChainKind.Credential, subject.CredentialId);
        return subject.RealmId != 0 ? new(TraceChainKind.UnknownUsersOfRealm, subject.RealmId) : default;
    }

    public static TraceChainKey OfCall(in TraceSubject subject) => subject.CallNumber != 0 ? new(TraceChainKind.Call, subject.CallNumber) : default;
}

/// <summary>The messages of a device or call: the newest, from which each leads to the one before, and how much of its share is used.</summary>
internal struct TraceChain
{
    /// <summary>Position in the ring.</summary>
    public long Newest;

    private long _periodStart;
    private int _periodOctets;

    public static TraceChain Begin(long now) => new() { _periodStart = now };

    /// <summary>True when so many octets fit into the share of this period.</summary>
    public bool HasRoom(int octets, int share, long now, long period)
    {
        if (now - _periodStart >= period) (_periodStart, _periodOctets) = (now, 0);
        return _periodOctets + octets <= share;
    }

    public void Take(int octets) => _periodOctets += octets;
}
