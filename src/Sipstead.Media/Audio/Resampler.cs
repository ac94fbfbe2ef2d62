using System.Numerics;
using System.Runtime.InteropServices;

namespace Sipstead.Media.Audio;

/// <summary>
/// Changes the sample rate of a stream to <see cref="AudioFormat.SampleRate"/> by a windowed sinc in polyphase form. What is above 4 kHz is at least
/// 70 dB down, what is below 3.4 kHz keeps its level.
/// </summary>
public sealed class Resampler
{
    /// <summary>Zero crossings of the sinc on either side, at the lower of the two rates.</summary>
    private const int Crossings = 32;

    /// <summary>Edge of the band, half way down from 3.4 to 4 kHz, as a part of the lower rate.</summary>
    private const double Edge = 0.4625;

    /// <summary>Shape of the Kaiser window: 80 dB.</summary>
    private const double Beta = 8;

    /// <summary>Phases of the filter at most; outputs that fall between two are interpolated.</summary>
    private const int MaximumPhases = 512;

    private const int Block = 4_096;

    /// <summary>The output is up/down times as long as the input.</summary>
    private readonly int _up;

    private readonly int _down;
    private readonly int _phases;
    private readonly int _taps;
    private readonly float[] _filter;
    private readonly float[] _window;
    private int _filled;
    private int _at;
    private int _remainder;

    /// <param name="rate">Samples a second of the input.</param>
    public Resampler(int rate)
    {
        var divisor = CommonDivisor(rate, AudioFormat.SampleRate);
        _up = AudioFormat.SampleRate / divisor;
        _down = rate / divisor;
        _phases = Math.Min(_up, MaximumPhases);
        var band = Math.Min(1, (double)AudioFormat.SampleRate / rate);
        var half = (int)Math.Ceiling(Crossings / band);
        _taps = 2 * half;
        _filter = CreateFilter(_phases, half, band);
        _window = new float[_taps + Block];
        _filled = half - 1;
    }

    /// <summary>Samples that so many samples at a rate become.</summary>
    public static long OutputLength(long samples, int rate) => (samples * AudioFormat.SampleRate + rate - 1) / rate;

    /// <summary>Takes more input and returns how many samples it wrote. Output that has no room is dropped.</summary>
    public int Resample(ReadOnlySpan<float> input, Span<short> output)
    {
        var written = 0;
        while (true)
        {
            var taken = Math.Min(input.Length, _window.Length - _filled);
            input[..taken].CopyTo(_window.AsSpan(_filled));
            _filled += taken;
            input = input[taken..];
            written += Drain(output[written..]);
            if (input.IsEmpty) return written;
        }
    }

    /// <summary>The last samples, which a filter knows only once it has seen silence behind them.</summary>
    public int Finish(Span<short> output) => Resample(new float[_taps], output);

    private int Drain(Span<short> output)
    {
        var written = 0;
        while (_at + _taps <= _filled)
        {
            if (written < output.Length) output[written++] = ToSample(Filter());
            _remainder += _down;
            _at += _remainder / _up;
            _remainder %= _up;
        }

        _window.AsSpan(_at, _filled - _at).CopyTo(_window);
        _filled -= _at;
        _at = 0;
        return written;
    }

    private float Filter()
    {
        var (phase, between) = Math.DivRem(_remainder * _phases, _up);
        var value = Dot(phase);
        return between == 0 ? value : value + (Dot(phase + 1) - value) * between / _up;
    }

    private float Dot(int phase)
    {
        var samples = _window.AsSpan(_at, _taps);
        var taps = _filter.AsSpan(phase * _taps, _taps);
        var sums = Vector<float>.Zero;
        var samplesByLane = MemoryMarshal.Cast<float, Vector<float>>(samples);
        var tapsByLane = MemoryMarshal.Cast<float, Vector<float>>(taps);
        for (var i = 0; i < samplesByLane.Length; i++) sums += samplesByLane[i] * tapsByLane[i];
        var sum = Vector.Sum(sums);
        for (var i = samplesByLane.Length * Vector<float>.Count; i < samples.Length; i++) sum += samples[i] * taps[i];
        return sum;
    }

    private static short ToSample(float value) => (short)Math.Clamp(MathF.Round(value), short.MinValue, short.MaxValue);

    /// <summary>One row of taps for each phase, and one more for the interpolation; each row keeps the level of a constant.</summary>
    private static float[] CreateFilter(int phases, int half, double band)
    {
        var filter = new float[(phases + 1) * 2 * half];
        for (var phase = 0; phase <= phases; phase++)
        {
            var row = filter.AsSpan(phase * 2 * half, 2 * half);
            var sum = 0.0;
            for (var tap = 0; tap < row.Length; tap++)
            {
                var distance = tap - (half - 1) - (double)phase / phases;
                row[tap] = (float)(Sinc(2 * Edge * band * distance) * KaiserWindow.At(distance / half, Beta));
                sum += row[tap];
            }

            foreach (ref var tap in row) tap = (float)(tap / sum);
        }

        return filter;
    }

    private static int CommonDivisor(int a, int b) => b == 0 ? a : CommonDivisor(b, a % b);

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);
}
