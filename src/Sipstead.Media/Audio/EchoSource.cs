namespace Sipstead.Media.Audio;

/// <summary>Gives back what it hears, for a while. One thread writes and one reads, without a lock.</summary>
public sealed class EchoSource(TimeSpan duration) : IAudioSource, IAudioSink
{
    private readonly AudioPipe _pipe = new();
    private readonly long _end = AudioFormat.SamplesIn(duration);
    private long _given;

    public void Write(ReadOnlySpan<short> frame) => _pipe.Write(frame);

    public int Read(Span<short> frame)
    {
        var count = (int)Math.Clamp(_end - _given, 0, frame.Length);
        _pipe.Read(frame[..count]);
        _given += count;
        return count;
    }
}
