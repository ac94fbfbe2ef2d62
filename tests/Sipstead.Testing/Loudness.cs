namespace Sipstead.Testing;

/// <summary>Measures samples at 8 kHz.</summary>
public static class Loudness
{
    private const int SampleRate = 8_000;

    /// <summary>Root mean square.</summary>
    public static double Rms(ReadOnlySpan<short> samples)
    {
        var sum = 0.0;
        foreach (var sample in samples) sum += (double)sample * sample;
        return Math.Sqrt(sum / Math.Max(1, samples.Length));
    }

    /// <summary>Amplitude of one frequency: a correlation with its sine and cosine.</summary>
    public static double Amplitude(ReadOnlySpan<short> samples, double frequency)
    {
        var (sine, cosine) = (0.0, 0.0);
        for (var i = 0; i < samples.Length; i++)
        {
            var (s, c) = Math.SinCos(2 * Math.PI * frequency * i / SampleRate);
            sine += samples[i] * s;
            cosine += samples[i] * c;
        }

        return 2 * Math.Sqrt(sine * sine + cosine * cosine) / samples.Length;
    }

    /// <summary>A ratio of amplitudes in decibels.</summary>
    public static double Decibels(double value, double reference) => 20 * Math.Log10(Math.Max(value, 1e-9) / reference);
}
