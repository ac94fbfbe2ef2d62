using Sipstead.Media.Audio;

namespace Sipstead.Media.Codecs;

/// <summary>
/// G.722 at 64 kbit/s (ITU-T G.722, mode 1): our samples brought to 16 kHz, parted into two bands by the quadrature mirror filter, each coded with ADPCM; an
/// octet for two samples at 16 kHz, so for one of ours.
/// </summary>
internal sealed class G722Encoder : IPayloadEncoder
{
    private const int FilterLength = 24;

    /// <summary>Samples of ours that are worked on at once.</summary>
    private const int Block = AudioFormat.FrameSamples;

    private readonly float[] _narrow = new float[HalfBand.Taps + Block];
    private readonly int[] _wide = new int[FilterLength + (2 * Block)];
    private readonly G722LowBand _low = new();
    private readonly G722HighBand _high = new();

    public int Encode(ReadOnlySpan<short> samples, Span<byte> payload)
    {
        var length = samples.Length;
        for (; !samples.IsEmpty; samples = samples[Math.Min(Block, samples.Length)..], payload = payload[Math.Min(Block, payload.Length)..])
        {
            var block = samples[..Math.Min(Block, samples.Length)];
            Widen(block);
            EncodeWide(block.Length, payload);
        }

        return length;
    }

    /// <summary>Encodes samples at 16 kHz: an octet for each two.</summary>
    public void EncodeWide(ReadOnlySpan<short> samples, Span<byte> payload)
    {
        for (; samples.Length >= 2; samples = samples[2..], payload = payload[1..])
        {
            _wide[FilterLength] = samples[0];
            _wide[FilterLength + 1] = samples[1];
            EncodeWide(1, payload);
        }
    }

    public void Dispose()
    {
    }

    /// <summary>Puts twice as many samples behind the filter's memory.</summary>
    private void Widen(ReadOnlySpan<short> samples)
    {
        for (var i = 0; i < samples.Length; i++)
        {
            _narrow[HalfBand.Taps + i] = samples[i];
            var past = _narrow.AsSpan(i + 1, HalfBand.Taps);
            _wide[FilterLength + (2 * i)] = (int)past[HalfBand.Delay - 1];
            _wide[FilterLength + (2 * i) + 1] = G722Predictor.Saturate((int)MathF.Round(HalfBand.Between(past)));
        }

        _narrow.AsSpan(samples.Length, HalfBand.Taps).CopyTo(_narrow);
    }

    private void EncodeWide(int pairs, Span<byte> payload)
    {
        ReadOnlySpan<int> even = G722Tables.EvenTaps, odd = G722Tables.OddTaps;
        for (var i = 0; i < pairs; i++)
        {
            // The newest sample meets the first tap.
            var past = _wide.AsSpan((2 * i) + 2, FilterLength);
            int fromEven = 0, fromOdd = 0;
            for (var tap = 0; tap < even.Length; tap++)
            {
                fromEven += even[tap] * past[FilterLength - 1 - (2 * tap)];
                fromOdd += odd[tap] * past[FilterLength - 2 - (2 * tap)];
            }

            var low = _low.Encode(G722Band.Limit((fromEven + fromOdd) >> 14));
            var high = _high.Encode(G722Band.Limit((fromEven - fromOdd) >> 14));
            payload[i] = (byte)((high << 6) | low);
        }

        _wide.AsSpan(2 * pairs, FilterLength).CopyTo(_wide);
    }
}
