namespace Sipstead.Media.Audio;

/// <summary>The one format inside the server: linear 16-bit samples at 8,000 Hz, one channel, handled in frames of 20 ms.</summary>
public static class AudioFormat
{
    /// <summary>Samples a second.</summary>
    public const int SampleRate = 8_000;

    /// <summary>Samples of one frame.</summary>
    public const int FrameSamples = SampleRate / 50;

    /// <summary>Duration of one frame.</summary>
    public static TimeSpan FrameDuration { get; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Samples in a duration, rounded down.</summary>
    public static long SamplesIn(TimeSpan duration) => (long)(duration.TotalSeconds * SampleRate);
}
