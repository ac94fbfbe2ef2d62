using Sipstead.Media.Audio;

namespace Sipstead.Media.Tests.Detection;

/// <summary>Presses of keys as audio, with all that lines and senders do to them.</summary>
internal sealed record KeySequence(string Keys)
{
    private static readonly int[] Rows = [697, 770, 852, 941];
    private static readonly int[] Columns = [1209, 1336, 1477, 1633];

    /// <summary>Level of the tone of the low group in dBm0.</summary>
    public double Low { get; init; } = -10;

    /// <summary>Level of the tone of the high group in dBm0.</summary>
    public double High { get; init; } = -10;

    /// <summary>Deviation of both tones, as a part.</summary>
    public double Deviation { get; init; }

    public int Milliseconds { get; init; } = 40;

    public int PauseMilliseconds { get; init; } = 40;

    /// <summary>Samples before the first key.</summary>
    public int Lead { get; init; }

    /// <summary>Level of white noise in dBm0; null for none.</summary>
    public double? Noise { get; init; }

    public int Seed { get; init; }

    /// <summary>The audio, with a pause behind it.</summary>
    public short[] Samples()
    {
        var random = new Random(Seed);
        var samples = new List<double>(new double[Lead]);
        foreach (var key in Keys)
        {
            var at = "123A456B789C*0#D".IndexOf(key, StringComparison.Ordinal);
            var (low, high) = (Rows[at / 4] * (1 + Deviation), Columns[at % 4] * (1 + Deviation));
            var (lowPhase, highPhase) = (random.NextDouble() * 6, random.NextDouble() * 6);
            for (var i = 0; i < Milliseconds * 8; i++) samples.Add(Wave(Low, low, lowPhase, i) + Wave(High, high, highPhase, i));
            samples.AddRange(new double[PauseMilliseconds * 8]);
        }

        samples.AddRange(new double[AudioFormat.FrameSamples * 5]);
        var noise = Noise is { } level ? Amplitude(level) / Math.Sqrt(2) : 0;
        return [.. samples.Select(sample => (short)Math.Clamp(sample + (noise * Gaussian(random)), short.MinValue, short.MaxValue))];
    }

    private static double Wave(double level, double frequency, double phase, int at) =>
        Amplitude(level) * Math.Sin(phase + (2 * Math.PI * frequency * at / AudioFormat.SampleRate));

    /// <summary>Full scale is a sine of 3.14 dBm0 (G.711).</summary>
    private static double Amplitude(double level) => short.MaxValue * Math.Pow(10, (level - 3.14) / 20);

    private static double Gaussian(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
