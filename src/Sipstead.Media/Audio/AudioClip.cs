namespace Sipstead.Media.Audio;

/// <summary>Audio that is in memory whole, in <see cref="AudioFormat"/>. Immutable, shared by all calls that play it.</summary>
public sealed class AudioClip(ReadOnlyMemory<short> samples)
{
    public ReadOnlyMemory<short> Samples { get; } = samples;

    public TimeSpan Duration => TimeSpan.FromSeconds((double)Samples.Length / AudioFormat.SampleRate);

    /// <summary>A source that plays the clip once from its start.</summary>
    public IAudioSource Play() => new Playback(Samples);

    private sealed class Playback(ReadOnlyMemory<short> samples) : IAudioSource
    {
        private int _at;

        public int Read(Span<short> frame)
        {
            var rest = samples.Span[_at..];
            var count = Math.Min(rest.Length, frame.Length);
            rest[..count].CopyTo(frame);
            _at += count;
            return count;
        }
    }
}

/// <summary>Audio that was spoken, fetched or decoded, or why there is none.</summary>
/// <param name="Clip">The audio; null on failure.</param>
/// <param name="Error">One sentence for the application's owner; null on success.</param>
public sealed record AudioResult(AudioClip? Clip, string? Error);
