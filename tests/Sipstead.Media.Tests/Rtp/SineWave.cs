using Sipstead.Media.Audio;

namespace Sipstead.Media.Tests.Rtp;

/// <summary>A sine without end.</summary>
internal sealed class SineWave(double frequency) : IAudioSource
{
    private int _at;

    public int Read(Span<short> frame)
    {
        for (var i = 0; i < frame.Length; i++, _at++) frame[i] = (short)(10_000 * Math.Sin(2 * Math.PI * frequency * _at / AudioFormat.SampleRate));
        return frame.Length;
    }
}

/// <summary>Keeps what it hears.</summary>
internal sealed class Ear : IAudioSink
{
    private readonly List<short> _samples = [];

    public int Count
    {
        get
        {
            lock (_samples) return _samples.Count;
        }
    }

    public void Write(ReadOnlySpan<short> frame)
    {
        lock (_samples) _samples.AddRange(frame);
    }

    /// <summary>The newest samples.</summary>
    public short[] Last(int count)
    {
        lock (_samples) return [.. _samples.TakeLast(count)];
    }

    public void Forget()
    {
        lock (_samples) _samples.Clear();
    }
}

/// <summary>Power at one frequency (Goertzel), as share of all power: about 1 for a sine of it.</summary>
internal static class Spectrum
{
    public static double ShareOf(double frequency, ReadOnlySpan<short> samples)
    {
        var coefficient = 2 * Math.Cos(2 * Math.PI * frequency / AudioFormat.SampleRate);
        double before = 0, last = 0, all = 0;
        foreach (var sample in samples)
        {
            (before, last) = (last, sample + (coefficient * last) - before);
            all += (double)sample * sample;
        }

        var power = (before * before) + (last * last) - (coefficient * before * last);
        return all == 0 ? 0 : 2 * power / (all * samples.Length);
    }
}
