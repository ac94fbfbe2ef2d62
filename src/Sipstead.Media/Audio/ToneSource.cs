namespace Sipstead.Media.Audio;

/// <summary>A tone for a while; <see cref="TimeSpan.MaxValue"/> for as long as somebody listens.</summary>
public sealed class ToneSource : IAudioSource
{
    /// <summary>Level of the loudest sine wave that G.711 carries, in dBm0.</summary>
    private const double FullScale = 3.14;

    /// <summary>One second of a wave of one hertz: every frequency in whole hertz is a step through it.</summary>
    private static readonly float[] Sine =
        [.. Enumerable.Range(0, AudioFormat.SampleRate).Select(i => (float)Math.Sin(2 * Math.PI * i / AudioFormat.SampleRate))];

    private readonly int[] _steps;
    private readonly int[] _phases;
    private readonly float _amplitude;
    private readonly long _on;
    private readonly long _period;
    private readonly long _end;
    private long _at;

    public ToneSource(Tone tone, TimeSpan duration)
    {
        ArgumentNullException.ThrowIfNull(tone);
        _steps = [.. tone.Frequencies.Select(f => Math.Clamp(f, 0, AudioFormat.SampleRate / 2))];
        _phases = new int[_steps.Length];
        _amplitude = (float)(short.MaxValue * Math.Pow(10, (tone.Level - FullScale) / 20));
        _on = AudioFormat.SamplesIn(tone.On);
        _period = Math.Max(1, _on + AudioFormat.SamplesIn(tone.Off));
        _end = AudioFormat.SamplesIn(duration);
    }

    public int Read(Span<short> frame)
    {
        var count = (int)Math.Clamp(_end - _at, 0, frame.Length);
        foreach (ref var sample in frame[..count])
        {
            sample = _at % _period < _on ? Next() : (short)0;
            _at++;
        }

        return count;
    }

    private short Next()
    {
        var sum = 0f;
        for (var i = 0; i < _phases.Length; i++)
        {
            sum += Sine[_phases[i]];
            _phases[i] = (_phases[i] + _steps[i]) % Sine.Length;
        }

        return (short)Math.Clamp(sum * _amplitude, short.MinValue, short.MaxValue);
    }
}
