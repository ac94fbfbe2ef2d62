namespace Sipstead.Media.Codecs;

/// <summary>Streams of <see cref="G711"/> mu-law: an octet a sample, and no state.</summary>
internal sealed class MuLawCodec : IPayloadEncoder, IPayloadDecoder
{
    public int Encode(ReadOnlySpan<short> samples, Span<byte> payload)
    {
        G711.EncodeMuLaw(samples, payload);
        return samples.Length;
    }

    public int Decode(ReadOnlySpan<byte> payload, Span<short> samples)
    {
        G711.DecodeMuLaw(payload, samples);
        return payload.Length;
    }

    public int Conceal(int missing, ReadOnlySpan<byte> next, Span<short> samples) => 0;

    public void Dispose()
    {
    }
}

/// <summary>Streams of <see cref="G711"/> A-law: an octet a sample, and no state.</summary>
internal sealed class ALawCodec : IPayloadEncoder, IPayloadDecoder
{
    public int Encode(ReadOnlySpan<short> samples, Span<byte> payload)
    {
        G711.EncodeALaw(samples, payload);
        return samples.Length;
    }

    public int Decode(ReadOnlySpan<byte> payload, Span<short> samples)
    {
        G711.DecodeALaw(payload, samples);
        return payload.Length;
    }

    public int Conceal(int missing, ReadOnlySpan<byte> next, Span<short> samples) => 0;

    public void Dispose()
    {
    }
}
