namespace Sipstead.Media.Audio;

/// <summary>
/// Gives what one writes to one who reads, endlessly, without a lock. What was not written yet is silence. Whoever reads too late, because a key press was
/// sent meanwhile or it was not there, goes on with the newest frame: speech must not lag behind.
/// </summary>
/// <param name="limit">Frames that may wait, 1 to 50; more, and all but the newest are dropped.</param>
public sealed class AudioPipe(int limit = 4) : IAudioSource, IAudioSink
{
    /// <summary>Samples of the ring; a power of two.</summary>
    private const int Capacity = 8_192;

    /// <summary>Samples behind which nothing is overwritten yet, nor will be by the write under way.</summary>
    private const int Safe = Capacity / 2;

    private const int LongestLimit = 50;

    private readonly short[] _ring = new short[Capacity];
    private readonly int _limit = Math.Clamp(limit, 1, LongestLimit) * AudioFormat.FrameSamples;

    /// <summary>Samples written in all; only the writer changes it.</summary>
    private long _written;

    /// <summary>Samples taken or dropped in all; only the reader changes it.</summary>
    private long _taken;

    private long _dropped;

    /// <summary>Samples that were dropped because they were read too late.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    public void Write(ReadOnlySpan<short> frame)
    {
        if (frame.Length > Safe) frame = frame[^Safe..];
        var at = (int)(_written % Capacity);
        var first = Math.Min(frame.Length, Capacity - at);
        frame[..first].CopyTo(_ring.AsSpan(at));
        frame[first..].CopyTo(_ring);
        Volatile.Write(ref _written, _written + frame.Length);
    }

    public int Read(Span<short> frame)
    {
        var written = Volatile.Read(ref _written);
        if (written - _taken > _limit) Drop(written - AudioFormat.FrameSamples);
        var heard = (int)Math.Min(written - _taken, frame.Length);
        var at = (int)(_taken % Capacity);
        var first = Math.Min(heard, Capacity - at);
        _ring.AsSpan(at, first).CopyTo(frame);
        _ring.AsSpan(0, heard - first).CopyTo(frame[first..]);
        frame[heard..].Clear();
        _taken += heard;
        Volatile.ReadBarrier();
        if (Volatile.Read(ref _written) - _taken + heard > Safe) frame.Clear(); // held up for half a second while it copied, and overtaken
        return frame.Length;
    }

    private void Drop(long until)
    {
        Volatile.Write(ref _dropped, _dropped + until - _taken);
        _taken = until;
    }
}
