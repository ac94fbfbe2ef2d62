using Sipstead.Media.Recording;
using Sipstead.Provisioning.Recordings;
using Sipstead.Voice.Bxml;

namespace Sipstead.Voice.Recordings;

/// <summary>A recording that runs, or could not begin. Any thread may use it.</summary>
internal sealed class ActiveRecording : IRunningRecording
{
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private RecordingDetails _details;
    private IDisposable? _taps;

    public ActiveRecording(RecordingDetails details, IRecordingOwner owner, RecordingWish wish, TimeProvider time)
    {
        (_details, Owner, Wish, _time) = (details, owner, wish, time);
    }

    public IRecordingOwner Owner { get; }

    public RecordingWish Wish { get; }

    /// <summary>Null when it could not begin.</summary>
    public AudioRecorder? Recorder { get; private set; }

    public Task Ended => _ended.Task;

    /// <summary>Done when the file has its name, and the application was told.</summary>
    public Task Finished { get; private set; } = Task.CompletedTask;

    public RecordingDetails Details
    {
        get
        {
            lock (_lock) return _details;
        }
    }

    public string MediaUrl => RecordingEvent.MediaUrl(Details, Owner.BaseUrl);

    /// <summary>Begins.</summary>
    /// <param name="recorder">What records.</param>
    /// <param name="taps">Its audio.</param>
    public void Begin(AudioRecorder recorder, IDisposable taps)
    {
        Recorder = recorder;
        lock (_lock)
        {
            if (_details.EndTime is null)
            {
                _taps = taps;
                return;
            }
        }

        taps.Dispose(); // it ended meanwhile
    }

    /// <summary>Works off what comes after the end.</summary>
    public void Finish(Func<Task> work) => Finished = Task.Run(work);

    public void Pause() => Recorder?.Pause();

    public void Resume() => Recorder?.Resume();

    public RecordingDetails Stop()
    {
        Recorder?.Stop();
        return End();
    }

    /// <summary>Notes the end. The first call counts.</summary>
    public RecordingDetails End()
    {
        IDisposable? taps;
        RecordingDetails details;
        lock (_lock)
        {
            if (_details.EndTime is null) _details = _details with { EndTime = _time.GetUtcNow(), Duration = Recorder?.Duration ?? TimeSpan.Zero };
            (details, taps, _taps) = (_details, _taps, null);
        }

        taps?.Dispose();
        _ended.TrySetResult();
        return details;
    }
}
