using Sipstead.Media.Audio;

namespace Sipstead.Media.Codecs;

/// <summary>
/// The other side of <see cref="G722Encoder"/>: both bands decoded, joined at 16 kHz by the quadrature mirror filter, and brought to 8 kHz. What a party says
/// above 4 kHz is lost there, but does not fold into what is below.
/// </summary>
internal sealed class G722Decoder : IPayloadDecoder
{
    private const int FilterPairs = 12;

    /// <summary>Octets that are worked on at once.</summary>
    private const int Block = AudioFormat.FrameSamples;

    /// <summary>Sums and differences of the bands, oldest first.</summary>
    private readonly int[] _sums = new int[FilterPairs + Block];
    private readonly int[] _differences = new int[FilterPairs + Block];

    /// <summary>Every second sample at 16 kHz each.</summary>
    private readonly float[] _first = new float[HalfBand.Taps + Block];
    private readonly float[] _second = new float[HalfBand.Taps + Block];
    private readonly G722LowBand _low = new();
    private readonly G722HighBand _high = new();

    public int Decode(ReadOnlySpan<byte> payload, Span<short> samples)
    {
        var length = payload.Length;
        while (!payload.IsEmpty)
        {
            var block = payload[..Math.Min(Block, payload.Length)];
            DecodeBands(block);
            Narrow(samples[..block.Length]);
            payload = payload[block.Length..];
            samples = samples[block.Length..];
        }

        return length;
    }

    /// <summary>Decodes to samples at 16 kHz, two for each octet.</summary>
    public void DecodeWide(ReadOnlySpan<byte> payload, Span<short> samples)
    {
        for (; !payload.IsEmpty; payload = payload[1..], samples = samples[2..])
        {
            DecodeBands(payload[..1]);
            samples[0] = (short)_first[HalfBand.Taps];
            samples[1] = (short)_second[HalfBand.Taps];
        }
    }

    public int Conceal(int missing, ReadOnlySpan<byte> next, Span<short> samples) => 0;

    public void Dispose()
    {
    }

    private void DecodeBands(ReadOnlySpan<byte> payload)
    {
        ReadOnlySpan<int> even = G722Tables.EvenTaps, odd = G722Tables.OddTaps;
        for (var i = 0; i < payload.Length; i++)
        {
            var low = _low.Decode(payload[i] & 0x3F);
            var high = _high.Decode(payload[i] >> 6);
            _sums[FilterPairs + i] = low + high;
            _differences[FilterPairs + i] = low - high;
            int first = 0, second = 0;
            for (var tap = 0; tap < FilterPairs; tap++)
            {
                first += even[tap] * _differences[FilterPairs + i - tap];
                second += odd[tap] * _sums[FilterPairs + i - tap];
            }

            _first[HalfBand.Taps + i] = G722Predictor.Saturate(first >> 11);
            _second[HalfBand.Taps + i] = G722Predictor.Saturate(second >> 11);
        }

        _sums.AsSpan(payload.Length, FilterPairs).CopyTo(_sums);
        _differences.AsSpan(payload.Length, FilterPairs).CopyTo(_differences);
    }

    /// <summary>Half of the samples: each the middle of those before and behind it.</summary>
    private void Narrow(Span<short> samples)
    {
        for (var i = 0; i < samples.Length; i++)
        {
            var middle = _first[i + 1 + HalfBand.Delay];
            var around = HalfBand.Between(_second.AsSpan(i + 1, HalfBand.Taps));
            samples[i] = (short)G722Predictor.Saturate((int)MathF.Round((middle + around) / 2));
        }

        _first.AsSpan(samples.Length, HalfBand.Taps).CopyTo(_first);
        _second.AsSpan(samples.Length, HalfBand.Taps).CopyTo(_second);
    }
}
