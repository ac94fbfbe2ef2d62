namespace Sipstead.Media.Audio;

/// <summary>
/// Audio that comes in pieces from elsewhere and is heard in order; silence while none waits, without end. Any thread adds; the media clock reads, and
/// waits for no more than a piece's adding.
/// </summary>
/// <param name="capacity">What may wait; a piece that finds no room is dropped.</param>
public sealed class AudioQueue(TimeSpan capacity) : IAudioSource
{
    private readonly long _capacity = AudioFormat.SamplesIn(capacity);
    private readonly Lock _lock = new();
    private readonly Queue<ReadOnlyMemory<short>> _pieces = new();
    private ReadOnlyMemory<short> _next;
    private long _waiting;

    /// <summary>What waits to be heard.</summary>
    public TimeSpan Waiting
    {
        get
        {
            lock (_lock) return TimeSpan.FromSeconds((double)_waiting / AudioFormat.SampleRate);
        }
    }

    /// <summary>Adds a piece, which must not change any more. False when it finds no room.</summary>
    public bool TryAdd(ReadOnlyMemory<short> samples)
    {
        lock (_lock)
        {
            if (_waiting + samples.Length > _capacity) return false;
            if (samples.IsEmpty) return true;
            _pieces.Enqueue(samples);
            _waiting += samples.Length;
            return true;
        }
    }

    /// <summary>Drops all that waits.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _pieces.Clear();
            _next = default;
            _waiting = 0;
        }
    }

    public int Read(Span<short> frame)
    {
        var read = 0;
        lock (_lock)
        {
            while (read < frame.Length && (!_next.IsEmpty || _pieces.TryDequeue(out _next)))
            {
                var count = Math.Min(_next.Length, frame.Length - read);
                _next.Span[..count].CopyTo(frame[read..]);
                _next = _next[count..];
                read += count;
            }

            _waiting -= read;
        }

        frame[read..].Clear();
        return frame.Length;
    }
}
