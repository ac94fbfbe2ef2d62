using Sipstead.Sip.Transport;

namespace Sipstead.Registrar.Location;

/// <summary>What else there is to know of a binding.</summary>
[Flags]
internal enum BindingFlags : byte
{
    None = 0,

    /// <summary>Its Outbound flow has ended, and it with it, unless the device comes back in time (ruling 10).</summary>
    FlowEnded = 1,
}

/// <summary>What a binding is besides its texts (<see cref="BindingTexts"/>); <see cref="BindingLayout"/> packs it.</summary>
internal struct BindingHeader
{
    public uint CSeq;

    /// <summary>End of its life, <see cref="ServerClock.NowMs"/>.</summary>
    public long ExpiresAt;

    /// <summary>Last refresh, <see cref="ServerClock.NowMs"/>.</summary>
    public long RefreshedAt;

    public SipFlow Flow;

    /// <summary>Thousandths, or -1 when the contact had no q.</summary>
    public short Q;

    public BindingFlags Flags;

    /// <summary>Number of the binding, stable over refreshes and restarts.</summary>
    public long Id;

    /// <summary>First registration, <see cref="ServerClock.WallMs"/>.</summary>
    public long RegisteredAt;

    public ushort UriLength;
    public ushort ParametersLength;

    /// <summary>Octets of the Path values, which stand between parameters and Call-ID.</summary>
    public ushort PathLength;

    public ushort CallIdLength;
    public ushort UserAgentLength;

    /// <summary>reg-id where Outbound applies (RFC 5626), which is then part of the binding's identity; else 0.</summary>
    public uint RegId;

    /// <summary>
    /// Number of the time that the instance registers with one Call-ID: temporary GRUUs made meanwhile hold it, and end with the last binding that has it
    /// (RFC 5627 5.1). 0 without an instance.
    /// </summary>
    public long GruuEpoch;

    public readonly int TextsLength => UriLength + ParametersLength + PathLength + CallIdLength + UserAgentLength;
}
