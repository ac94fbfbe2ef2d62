using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Sipstead.RegisterLoad;

/// <summary>A phone: its password's hash, the challenge that it goes on using, and the registration under way.</summary>
internal struct Device
{
    public HexHash Ha1;
    public Secrets Challenge;
    public byte NonceLength;
    public byte OpaqueLength;
    public byte Challenges;
    public bool IsWaiting;
    public uint CSeq;
    public uint NonceCount;

    /// <summary>When this registration was to begin, in nanoseconds of <see cref="Clock"/>.</summary>
    public long Began;

    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Nonce => ((ReadOnlySpan<byte>)Challenge)[..NonceLength];

    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Opaque => ((ReadOnlySpan<byte>)Challenge).Slice(NonceLength, OpaqueLength);

    /// <summary>Keeps a challenge, for which counting begins anew. False: it is longer than there is room.</summary>
    public bool TryKeep(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> opaque)
    {
        if (nonce.Length + opaque.Length > Secrets.Length) return false;
        nonce.CopyTo(Challenge);
        opaque.CopyTo(((Span<byte>)Challenge)[nonce.Length..]);
        (NonceLength, OpaqueLength, NonceCount) = ((byte)nonce.Length, (byte)opaque.Length, 0);
        return true;
    }

    /// <summary>The 32 digits of an MD5.</summary>
    [InlineArray(Length)]
    public struct HexHash
    {
        public const int Length = 32;
        private byte _first;
    }

    /// <summary>Nonce and opaque, one after the other.</summary>
    [InlineArray(Length)]
    public struct Secrets
    {
        public const int Length = 128;
        private byte _first;
    }
}
