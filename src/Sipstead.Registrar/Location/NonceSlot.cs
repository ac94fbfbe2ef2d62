using Sipstead.Sip.Digest;

namespace Sipstead.Registrar.Location;

/// <summary>What a credential's record remembers of a nonce that a right digest used (ruling 1).</summary>
internal struct NonceSlot
{
    private const ulong SucceededBit = 1;

    private ulong _lastRequest;

    public NonceSlot(long sequence, uint issuedAt, uint count, ulong requestHash, DigestPrefix prefix)
    {
        Sequence = sequence;
        IssuedAt = issuedAt;
        Count = count;
        _lastRequest = requestHash & ~SucceededBit;
        Prefix = prefix;
    }

    public long Sequence { get; }

    /// <summary>Seconds of the server's clock.</summary>
    public uint IssuedAt { get; }

    /// <summary>Highest nc; <see cref="uint.MaxValue"/> for a nonce used without qop, which is single-use.</summary>
    public uint Count { get; }

    /// <summary>Of the record's hash and this nonce; unknown until a short way was taken with it.</summary>
    public DigestPrefix Prefix { get; }

    /// <summary>True when the last request had its effect, so that its repeat must have none.</summary>
    public readonly bool Succeeded => (_lastRequest & SucceededBit) != 0;

    public readonly bool IsLastRequest(ulong requestHash) => (_lastRequest | SucceededBit) == (requestHash | SucceededBit);

    public void MarkSucceeded() => _lastRequest |= SucceededBit;

    public void MarkFailed() => _lastRequest &= ~SucceededBit;
}

/// <summary>What a request with a right digest is to its nonce.</summary>
public enum NonceUse : byte
{
    /// <summary>To be processed: a new use, or the repeat of a request that had no effect.</summary>
    Fresh,

    /// <summary>The last successful request again, as far as authentication sees: answered from the state, without a second effect (ruling 2).</summary>
    Repeat,

    /// <summary>Too old, or its count was used: challenge with stale=true.</summary>
    Stale,
}
