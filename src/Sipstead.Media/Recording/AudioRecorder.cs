using Sipstead.Media.Audio;

namespace Sipstead.Media.Recording;

/// <summary>
/// Takes the frames of one or two tracks on the media clock's thread and keeps them in blocks until the <see cref="RecordingWriter"/> has written them. Each
/// outbound frame is a beat: with it goes the inbound frame that came since the last one, or silence. The blocks are a few seconds of audio; when the disk
/// takes longer than that, the recording ends, never the call.
/// </summary>
public sealed class AudioRecorder
{
    /// <summary>Half a second.</summary>
    private const int BlockFrames = 25;
    private const int Blocks = 16;

    private readonly RecorderPlan _plan;
    private readonly long _maximumFrames;
    private readonly long _maximumSilence;
    private readonly TaskCompletionSource<RecorderResult> _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Guards all below; held for the copy of a frame.</summary>
    private readonly Lock _gate = new();
    private readonly short[][] _blocks = new short[Blocks][];
    private readonly short[] _heard = new short[AudioFormat.FrameSamples];
    private bool _hasHeard;
    private bool _isPaused;
    private RecorderEnd? _end;
    private int _filled;
    private long _full;
    private long _written;
    private long _frames;
    private long _silence;

    internal AudioRecorder(RecorderPlan plan)
    {
        _plan = plan;
        _maximumFrames = FramesIn(plan.MaximumDuration);
        _maximumSilence = plan.SilenceTimeout > TimeSpan.Zero ? FramesIn(plan.SilenceTimeout) : long.MaxValue;
        for (var i = 0; i < Blocks; i++) _blocks[i] = new short[BlockFrames * AudioFormat.FrameSamples * plan.Channels];
        Inbound = new Sink(Hear);
        Outbound = new Sink(Beat);
    }

    /// <summary>Takes what the party says; of one beat before <see cref="Outbound"/>.</summary>
    public IAudioSink Inbound { get; }

    /// <summary>Takes what the party is sent, or a conference's mix. Without it nothing is recorded: it gives the beat.</summary>
    public IAudioSink Outbound { get; }

    /// <summary>How long it is so far; paused time does not count.</summary>
    public TimeSpan Duration
    {
        get
        {
            lock (_gate) return _frames * AudioFormat.FrameDuration;
        }
    }

    /// <summary>Done when the file is written, also when that failed.</summary>
    public Task<RecorderResult> Completed => _completed.Task;

    internal int Channels => _plan.Channels;

    /// <summary>Leaves out what comes from now on.</summary>
    public void Pause()
    {
        lock (_gate) _isPaused = true;
    }

    /// <summary>Goes on.</summary>
    public void Resume()
    {
        lock (_gate) _isPaused = false;
    }

    /// <summary>Ends it; what came so far is still written. Nothing when it has ended.</summary>
    public void Stop() => TryEnd(RecorderEnd.Stopped);

    /// <summary>Takes the next samples to write; false when there are none now.</summary>
    internal bool TryTake(out ReadOnlySpan<short> samples)
    {
        lock (_gate)
        {
            samples = default;
            if (_written < _full) samples = _blocks[_written % Blocks];
            else if (_end is not null) samples = _blocks[_written % Blocks].AsSpan(0, _filled);
            return !samples.IsEmpty;
        }
    }

    /// <summary>The samples that were taken are no longer needed.</summary>
    internal void Release()
    {
        lock (_gate)
        {
            if (_written < _full) _written++;
            else _filled = 0;
        }
    }

    /// <summary>Whether it has ended and all is taken, and why it ended.</summary>
    internal bool IsDrained(out RecorderEnd end)
    {
        lock (_gate)
        {
            end = _end ?? default;
            return _end is not null && _written == _full && _filled == 0;
        }
    }

    /// <summary>Gives up what is not written.</summary>
    internal void Abandon(RecorderEnd why)
    {
        TryEnd(why);
        lock (_gate) (_written, _filled, _end) = (_full, 0, why);
    }

    /// <summary>The file is closed.</summary>
    internal void Complete(RecorderResult result) => _completed.TrySetResult(result);

    private static long FramesIn(TimeSpan duration) => Math.Max(1, (duration.Ticks + AudioFormat.FrameDuration.Ticks - 1) / AudioFormat.FrameDuration.Ticks);

    private void Hear(ReadOnlySpan<short> frame)
    {
        lock (_gate)
        {
            if (_end is not null) return;
            frame.CopyTo(_heard);
            _hasHeard = true;
        }
    }

    private void Beat(ReadOnlySpan<short> frame)
    {
        RecorderEnd? end;
        lock (_gate)
        {
            if (_end is not null) return;
            if (!_hasHeard) _heard.AsSpan().Clear();
            _hasHeard = false;
            if (_isPaused) return;
            Lay(frame, _blocks[_full % Blocks].AsSpan(_filled));
            _filled += AudioFormat.FrameSamples * _plan.Channels;
            _frames++;
            end = _end = FindEnd();
        }

        if (end is { } why) _plan.Ended?.Invoke(why);
    }

    /// <summary>What ends the recording behind a frame; null when it goes on.</summary>
    private RecorderEnd? FindEnd()
    {
        if (_filled == _blocks[0].Length)
        {
            _full++;
            _filled = 0;
            if (_full - _written == Blocks) return RecorderEnd.Overrun;
        }

        if (_frames == _maximumFrames) return RecorderEnd.MaximumDuration;
        if (_maximumSilence == long.MaxValue) return null;
        _silence = SpeechLevel.IsSpeech(_heard) ? 0 : _silence + 1;
        return _silence == _maximumSilence ? RecorderEnd.Silence : null;
    }

    private void Lay(ReadOnlySpan<short> sent, Span<short> target)
    {
        switch (_plan.Layout)
        {
            case RecordingLayout.Party:
                _heard.CopyTo(target);
                break;
            case RecordingLayout.Mixed:
                _heard.CopyTo(target);
                AudioSum.Add(target[..sent.Length], sent);
                break;
            default:
                for (var i = 0; i < sent.Length; i++) (target[2 * i], target[2 * i + 1]) = (_heard[i], sent[i]);
                break;
        }
    }

    private void TryEnd(RecorderEnd why)
    {
        lock (_gate)
        {
            if (_end is not null) return;
            _end = why;
        }

        if (why != RecorderEnd.Stopped) _plan.Ended?.Invoke(why);
    }

    private delegate void Take(ReadOnlySpan<short> frame);

    private sealed class Sink(Take take) : IAudioSink
    {
        public void Write(ReadOnlySpan<short> frame) => take(frame);
    }
}
