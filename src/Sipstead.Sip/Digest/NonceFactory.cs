using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Sipstead.Sip.Digest;

/// <summary>What a nonce of ours says.</summary>
/// <param name="Sequence">Number of the challenge, rising over restarts; unique.</param>
/// <param name="IssuedAt">Seconds of the server's clock.</param>
public readonly record struct NonceContent(long Sequence, uint IssuedAt);

/// <summary>
/// Issues nonces that need no memory until a right digest uses them (ruling 1): time, a sequence number, and a truncated HMAC over both and the realm.
/// The counter is shared by all receiving loops; <see cref="NonceSigner"/> is one loop's own.
/// </summary>
public sealed class NonceFactory
{
    /// <summary>Octets of the key.</summary>
    public const int KeyLength = 32;

    private readonly byte[] _key;
    private long _sequence;

    /// <param name="key">Secret that survives restarts, so that a phone's old nonce is known as stale.</param>
    /// <param name="firstSequence">Above every sequence number of earlier runs.</param>
    public NonceFactory(ReadOnlySpan<byte> key, long firstSequence)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, KeyLength);
        _key = key.ToArray();
        FirstSequence = firstSequence;
        _sequence = firstSequence;
    }

    /// <summary>Nonces below it are of an earlier run: their use counts are forgotten, so they are stale.</summary>
    public long FirstSequence { get; }

    /// <summary>A signer for one receiving loop.</summary>
    public NonceSigner CreateSigner() => new(this, _key);

    internal long NextSequence() => Interlocked.Increment(ref _sequence);
}

/// <summary>Writes and checks nonces. Not thread-safe.</summary>
public sealed class NonceSigner : IDisposable
{
    /// <summary>Characters of a nonce.</summary>
    public const int TextLength = 38;

    private const int ContentLength = 12;
    private const int MacLength = 16;

    private readonly NonceFactory _factory;
    private readonly IncrementalHash _hmac;

    internal NonceSigner(NonceFactory factory, byte[] key)
    {
        _factory = factory;
        _hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
    }

    /// <summary>Writes a new nonce of <see cref="TextLength"/> characters.</summary>
    /// <param name="now">Seconds of the server's clock.</param>
    public void Create(uint now, ReadOnlySpan<byte> realm, Span<byte> text)
    {
        Span<byte> octets = stackalloc byte[ContentLength + MacLength];
        BinaryPrimitives.WriteUInt32BigEndian(octets, now);
        BinaryPrimitives.WriteInt64BigEndian(octets[4..], _factory.NextSequence());
        Sign(octets[..ContentLength], realm, octets[ContentLength..]);
        Base64Url.EncodeToUtf8(octets, text);
    }

    /// <summary>Reads a nonce. False when it is not one of ours for this realm.</summary>
    public bool TryRead(ReadOnlySpan<byte> text, ReadOnlySpan<byte> realm, out NonceContent content)
    {
        content = default;
        if (text.Length != TextLength) return false;
        Span<byte> octets = stackalloc byte[ContentLength + MacLength];
        if (Base64Url.DecodeFromUtf8(text, octets, out _, out var written) != System.Buffers.OperationStatus.Done || written != octets.Length) return false;
        Span<byte> mac = stackalloc byte[MacLength];
        Sign(octets[..ContentLength], realm, mac);
        if (!CryptographicOperations.FixedTimeEquals(mac, octets[ContentLength..])) return false;
        content = new NonceContent(BinaryPrimitives.ReadInt64BigEndian(octets[4..]), BinaryPrimitives.ReadUInt32BigEndian(octets));
        return true;
    }

    public void Dispose() => _hmac.Dispose();

    private void Sign(ReadOnlySpan<byte> content, ReadOnlySpan<byte> realm, Span<byte> mac)
    {
        Span<byte> full = stackalloc byte[HMACSHA256.HashSizeInBytes];
        _hmac.AppendData(content);
        _hmac.AppendData(realm);
        _hmac.GetHashAndReset(full);
        full[..mac.Length].CopyTo(mac);
    }
}
