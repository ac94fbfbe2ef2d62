using Sipstead.Sip.Digest;
using Sipstead.Sip.Messages;

namespace Sipstead.Sip.Parsing;

/// <summary>
/// A REGISTER as far as it differs from the device's last one: what a phone says anew each time, and a hash of all the rest. Where the hash is that of a
/// request that was read whole and accepted or challenged, so is the rest of this one.
/// </summary>
public readonly ref struct RegisterText
{
    /// <summary>Via, From, To, Call-ID and CSeq, as an answer needs them; no other header is in its index.</summary>
    public required SipMessage Message { get; init; }

    /// <summary>Topmost Via.</summary>
    public required Via Via { get; init; }

    /// <summary>Host of the Request-URI as sent; empty where there is more than that to it.</summary>
    public required ReadOnlySpan<byte> Host { get; init; }

    /// <summary>CSeq number.</summary>
    public required uint CSeq { get; init; }

    /// <summary>Whether there is an Authorization.</summary>
    public required bool HasCredentials { get; init; }

    /// <summary>The only Authorization, if there is one.</summary>
    public required DigestCredentials Credentials { get; init; }

    /// <summary>Keyed hash of the whole text but for Authorization, CSeq number, branches and the tag of From.</summary>
    public required ulong Hash { get; init; }
}
