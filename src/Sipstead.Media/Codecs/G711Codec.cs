namespace Sipstead.Media.Codecs;

/// <summary>Streams of one of the two laws of <see cref="G711"/>: an octet a sample, and no state.</summary>
internal sealed class G711Codec(Action<ReadOnlySpan<short>, Span<byte>> encode, Action<ReadOnlySpan<byte>, Span<short>> decode) : IPayloadEncoder, IPayloadDecoder
{
    public static G711Codec MuLaw() => new(G711.EncodeMuLaw, G711.DecodeMuLaw);

    public static G711Codec ALaw() => new(G711.EncodeALaw, G711.DecodeALaw);

    public int Encode(ReadOnlySpan<short> samples, Span<byte> payload)
    {
        encode(samples, payload);
        return samples.Length;
    }

    public int Decode(ReadOnlySpan<byte> payload, Span<short> samples)
    {
        decode(payload, samples);
        return payload.Length;
    }

    public int Conceal(int missing, ReadOnlySpan<byte> next, Span<short> samples) => 0;

    public void Dispose()
    {
    }
}
