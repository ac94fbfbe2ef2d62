namespace Sipstead.Media.Audio;

/// <summary>Silence for a while.</summary>
public sealed class SilenceSource(TimeSpan duration) : IAudioSource
{
    private long _left = Math.Max(0, AudioFormat.SamplesIn(duration));

    public int Read(Span<short> frame)
    {
        var count = (int)Math.Min(_left, frame.Length);
        frame[..count].Clear();
        _left -= count;
        return count;
    }
}
