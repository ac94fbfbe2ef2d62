using Sipstead.Media.Audio;

namespace Sipstead.Media.Codecs;

/// <summary>Opus by libopus, decoded to our sample rate whatever the party sends: stereo is mixed, and what is above 4 kHz is left out.</summary>
internal sealed class OpusDecoder : IPayloadDecoder
{
    /// <summary>What libopus makes up is in steps of 2.5 ms.</summary>
    private const int ConcealStep = AudioFormat.SampleRate / 400;

    /// <summary>
    /// How long it may be asked to make something up: one second. A party that sends nothing in pauses (DTX) refreshes its noise each 400 ms; after longer,
    /// there is nothing to go on from.
    /// </summary>
    private const int MaxConcealed = AudioFormat.SampleRate;

    private readonly OpusLibrary.DecoderHandle _decoder;
    private int _concealed = MaxConcealed;

    public OpusDecoder()
    {
        _decoder = OpusLibrary.CreateDecoder(AudioFormat.SampleRate, 1, out var error);
        if (error != 0) throw new InvalidOperationException($"libopus made no decoder: error {error}");
    }

    public int Decode(ReadOnlySpan<byte> payload, Span<short> samples)
    {
        var expected = OpusPacket.SamplesIn(payload);
        if (expected == 0 || expected > samples.Length || Decode(payload, samples[..expected], useFec: false) != expected) return 0;
        _concealed = 0;
        return expected;
    }

    public int Conceal(int missing, ReadOnlySpan<byte> next, Span<short> samples)
    {
        var count = Math.Min((missing + ConcealStep - 1) / ConcealStep, samples.Length / ConcealStep) * ConcealStep;
        if (count == 0 || _concealed >= MaxConcealed) return 0;
        _concealed += count;
        return Math.Max(Decode(next, samples[..count], useFec: !next.IsEmpty), 0);
    }

    public void Dispose() => _decoder.Dispose();

    private unsafe int Decode(ReadOnlySpan<byte> payload, Span<short> samples, bool useFec)
    {
        fixed (byte* from = payload)
        fixed (short* to = samples)
        {
            return OpusLibrary.Decode(_decoder, from, payload.Length, to, samples.Length, useFec ? 1 : 0);
        }
    }
}
