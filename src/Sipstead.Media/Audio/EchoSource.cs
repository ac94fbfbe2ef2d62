namespace Sipstead.Media.Audio;

/// <summary>
/// Gives back what it hears, for a while. One thread writes and one reads, without a lock. What was not heard yet is silence; what was not read is kept
/// up to a second, after which what comes new is dropped.
/// </summary>
public sealed class EchoSource(TimeSpan duration) : IAudioSource, IAudioSink
{
    /// <summary>Samples that are kept; a power of two.</summary>
    private const int Capacity = 8_192;

    private readonly short[] _ring = new short[Capacity];
    private readonly long _end = AudioFormat.SamplesIn(duration);

    /// <summary>Samples written in all; only the writer changes it.</summary>
    private long _written;

    /// <summary>Samples taken out of the ring in all; only the reader changes it.</summary>
    private long _taken;

    private long _given;
    private long _dropped;

    /// <summary>Samples that found no room.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    public void Write(ReadOnlySpan<short> frame)
    {
        var room = Capacity - (int)(_written - Volatile.Read(ref _taken));
        var count = Math.Min(frame.Length, room);
        var at = (int)(_written % Capacity);
        var first = Math.Min(count, Capacity - at);
        frame[..first].CopyTo(_ring.AsSpan(at));
        frame[first..count].CopyTo(_ring);
        Volatile.Write(ref _written, _written + count);
        Volatile.Write(ref _dropped, _dropped + frame.Length - count);
    }

    public int Read(Span<short> frame)
    {
        var count = (int)Math.Clamp(_end - _given, 0, frame.Length);
        var heard = (int)Math.Min(Volatile.Read(ref _written) - _taken, count);
        var at = (int)(_taken % Capacity);
        var first = Math.Min(heard, Capacity - at);
        _ring.AsSpan(at, first).CopyTo(frame);
        _ring.AsSpan(0, heard - first).CopyTo(frame[first..]);
        frame[heard..count].Clear();
        Volatile.Write(ref _taken, _taken + heard);
        _given += count;
        return count;
    }
}
