using Sipstead.Media.Audio;
using Sipstead.Media.Codecs;
using Sipstead.Testing;

namespace Sipstead.Media.Tests.Codecs;

/// <summary>Streams of a codec, packet by packet.</summary>
internal static class Streams
{
    private const int Frame = AudioFormat.FrameSamples;

    public static AudioCodec Codec(string name)
    {
        Assert.SkipUnless(name != "opus" || OpusLibrary.IsAvailable, "libopus0 is not installed.");
        return AudioCodec.Find(name)!;
    }

    /// <summary>Sines at 8 kHz, each with an amplitude.</summary>
    public static short[] Sines(int count, params (double Frequency, double Amplitude)[] sines)
    {
        var samples = new short[count];
        for (var i = 0; i < count; i++)
            samples[i] = (short)Math.Round(sines.Sum(sine => sine.Amplitude * Math.Sin(2 * Math.PI * sine.Frequency * i / AudioFormat.SampleRate)));
        return samples;
    }

    /// <summary>Something like speech: four syllables a second.</summary>
    public static short[] Syllables(int count)
    {
        var samples = Sines(count, (200, 4000), (700, 5000), (1300, 3000));
        for (var i = 0; i < count; i++) samples[i] = (short)(samples[i] * Math.Pow(Math.Sin(Math.PI * 4 * i / AudioFormat.SampleRate), 2));
        return samples;
    }

    /// <summary>Payloads of packets of 20 ms.</summary>
    public static List<byte[]> Encode(this AudioCodec codec, ReadOnlySpan<short> samples, string? parameters = null)
    {
        using var encoder = codec.CreateEncoder(parameters);
        var payload = new byte[480];
        var payloads = new List<byte[]>();
        for (; samples.Length >= Frame; samples = samples[Frame..]) payloads.Add(payload[..encoder.Encode(samples[..Frame], payload)]);
        return payloads;
    }

    public static short[] Decode(this AudioCodec codec, IEnumerable<byte[]> payloads)
    {
        using var decoder = codec.CreateDecoder();
        var decoded = new short[2048];
        var samples = new List<short>();
        foreach (var payload in payloads) samples.AddRange(decoded.AsSpan(0, decoder.Decode(payload, decoded)));
        return [.. samples];
    }

    /// <summary>Signal to noise in dB between two texts of samples, the second later by a delay that is looked for and rated at its best.</summary>
    public static (double SignalToNoise, int Delay) Compare(short[] sent, short[] heard, int maxDelay = 200)
    {
        var best = (SignalToNoise: double.MinValue, Delay: 0);
        for (var delay = 0; delay < maxDelay; delay++)
        {
            double noise = 0, signal = 0;
            for (var i = 1600; i < sent.Length - maxDelay; i++)
            {
                var off = heard[i + delay] - (double)sent[i];
                noise += off * off;
                signal += (double)sent[i] * sent[i];
            }

            var ratio = Loudness.Decibels(Math.Sqrt(signal), Math.Sqrt(noise) + 1e-9);
            if (ratio > best.SignalToNoise) best = (ratio, delay);
        }

        return best;
    }
}
