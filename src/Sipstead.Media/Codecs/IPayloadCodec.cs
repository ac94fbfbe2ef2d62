namespace Sipstead.Media.Codecs;

/// <summary>Makes payloads of one stream's samples, in order. Belongs to one thread at a time.</summary>
internal interface IPayloadEncoder : IDisposable
{
    /// <summary>Encodes the samples of a packet and returns the octets of its payload; none when that failed, and nothing is to be sent.</summary>
    /// <param name="samples">10 to 60 ms, in steps that <see cref="AudioCodec.PacketSamples"/> gives.</param>
    /// <param name="payload">Room for at least an octet a sample.</param>
    int Encode(ReadOnlySpan<short> samples, Span<byte> payload);
}

/// <summary>Makes samples of one stream's payloads, in the order in which they are to be heard. Belongs to one thread at a time.</summary>
internal interface IPayloadDecoder : IDisposable
{
    /// <summary>Decodes a payload, which may be anything, and returns the samples written: <see cref="AudioCodec.SamplesIn"/>, or none.</summary>
    int Decode(ReadOnlySpan<byte> payload, Span<short> samples);

    /// <summary>
    /// Makes up what did not come, by what the codec knows. Returns the samples written, which may be more than were missing; none when the codec knows of no
    /// way.
    /// </summary>
    /// <param name="missing">Samples that are missing.</param>
    /// <param name="next">The payload right behind them; empty while it is not known.</param>
    /// <param name="samples">Where they go.</param>
    int Conceal(int missing, ReadOnlySpan<byte> next, Span<short> samples);
}
