namespace Sipstead.Media.Srtp;

/// <summary>
/// Encrypts and authenticates the packets of one direction and protocol, SRTP or SRTCP, with session keys. Where tag, index and key identifier stand in the
/// packet is its caller's business. Belongs to one thread at a time.
/// </summary>
internal abstract class SrtpTransform : IDisposable
{
    /// <summary>Encrypts in place, and makes the tag.</summary>
    /// <param name="packet">Header and payload.</param>
    /// <param name="header">Octets that stay in clear.</param>
    /// <param name="ssrc">Who sends.</param>
    /// <param name="index">Number of the packet, 48 or 31 bits.</param>
    /// <param name="word">What is authenticated besides: the rollover counter, or the index of SRTCP with its E bit.</param>
    /// <param name="tag">Takes the tag.</param>
    public abstract void Seal(Span<byte> packet, int header, uint ssrc, ulong index, uint word, Span<byte> tag);

    /// <summary>Decrypts in place when the tag is right; else the packet stays as it is, and the result is false. Parameters are those of <see cref="Seal"/>.</summary>
    public abstract bool TryOpen(Span<byte> packet, int header, uint ssrc, ulong index, uint word, ReadOnlySpan<byte> tag);

    public abstract void Dispose();

    /// <summary>The transform of a key for SRTP or SRTCP.</summary>
    public static SrtpTransform Create(SrtpKey key, bool isRtcp) =>
        key.Suite.IsAead ? GcmTransform.Derive(key, isRtcp) : new CounterHmacTransform(key, isRtcp);
}
