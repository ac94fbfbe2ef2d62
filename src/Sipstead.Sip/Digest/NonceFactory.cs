using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Sipstead.Sip.Digest;

/// <summary>What a nonce of ours says.</summary>
/// <param name="Sequence">Number of the challenge, rising over restarts; unique.</param>
/// <param name="IssuedAt">Seconds of the server's clock.</param>
public readonly record struct NonceContent(long Sequence, uint IssuedAt);

/// <summary>
/// Issues nonces that need no memory until a right digest uses them (ruling 1): time, a sequence number, and a keyed hash of both and the realm. Thread-safe.
/// </summary>
/// <remarks>A nonce is short, so that with the cnonces of most phones the response is the MD5 of two blocks and not of three.</remarks>
public sealed class NonceFactory
{
    /// <summary>Octets of the key.</summary>
    public const int KeyLength = 32;

    /// <summary>Characters of a nonce.</summary>
    public const int TextLength = 27;

    /// <summary>Longest realm that nonces can be made for: that of a domain name (RFC 1035 2.3.4).</summary>
    private const int MaxRealm = 255;

    private const int ContentLength = 12;
    private const int Length = ContentLength + SipHash.HashLength;

    private readonly SipHash _hash;
    private long _sequence;

    /// <param name="key">Secret that survives restarts, so that a phone's old nonce is known as stale.</param>
    /// <param name="firstSequence">Above every sequence number of earlier runs.</param>
    public NonceFactory(ReadOnlySpan<byte> key, long firstSequence)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, KeyLength);
        _hash = new SipHash(SHA256.HashData(key).AsSpan(0, SipHash.KeyLength));
        FirstSequence = firstSequence;
        _sequence = firstSequence;
    }

    /// <summary>Nonces below it are of an earlier run: their use counts are forgotten, so they are stale.</summary>
    public long FirstSequence { get; }

    /// <summary>Writes a new nonce of <see cref="TextLength"/> characters.</summary>
    /// <param name="now">Seconds of the server's clock.</param>
    public void Create(uint now, ReadOnlySpan<byte> realm, Span<byte> text)
    {
        Span<byte> octets = stackalloc byte[Length];
        BinaryPrimitives.WriteUInt32BigEndian(octets, now);
        BinaryPrimitives.WriteInt64BigEndian(octets[4..], Interlocked.Increment(ref _sequence));
        BinaryPrimitives.WriteUInt64LittleEndian(octets[ContentLength..], Sign(octets[..ContentLength], realm));
        Base64Url.EncodeToUtf8(octets, text);
    }

    /// <summary>Reads a nonce. False when it is not one of ours for this realm.</summary>
    public bool TryRead(ReadOnlySpan<byte> text, ReadOnlySpan<byte> realm, out NonceContent content)
    {
        content = default;
        if (text.Length != TextLength) return false;
        Span<byte> octets = stackalloc byte[Length];
        if (Base64Url.DecodeFromUtf8(text, octets, out _, out var written) != OperationStatus.Done || written != Length) return false;
        if (BinaryPrimitives.ReadUInt64LittleEndian(octets[ContentLength..]) != Sign(octets[..ContentLength], realm)) return false;
        content = new NonceContent(BinaryPrimitives.ReadInt64BigEndian(octets[4..]), BinaryPrimitives.ReadUInt32BigEndian(octets));
        return true;
    }

    private ulong Sign(ReadOnlySpan<byte> content, ReadOnlySpan<byte> realm)
    {
        Span<byte> octets = stackalloc byte[ContentLength + MaxRealm];
        content.CopyTo(octets);
        realm.CopyTo(octets[ContentLength..]);
        return _hash.Hash(octets[..(ContentLength + realm.Length)]);
    }
}
