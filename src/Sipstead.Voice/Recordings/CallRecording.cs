using Sipstead.Media;
using Sipstead.Media.Recording;
using Sipstead.Voice.Bxml;
using Sipstead.Voice.Calls;

namespace Sipstead.Voice.Recordings;

/// <summary>The recordings of one call. On its mailbox, but for <see cref="SetPausedAsync"/>.</summary>
internal sealed class CallRecording(Call call) : ICallRecording, IRecordingSource
{
    private readonly CallOwner _owner = new(call);
    private readonly RecordingControl _started = new();
    private RecordingWish? _waiting;
    private bool _endsWithCall;

    public IRunningRecording Record(RecordingWish wish) => call.Services.Recordings.Start(_owner, this, wish);

    public void Start(RecordingWish wish)
    {
        if (_started.IsRunning || _waiting is not null || call.HasEnded) return;
        if (call.IsAnswered)
        {
            _started.Begin(call.Services.Recordings.Start(_owner, this, wish));
            if (!_endsWithCall) call.Ended.Register(_started.Stop);
            _endsWithCall = true;
            return;
        }

        // It does not answer (bxml.md 10), and there is nothing to record yet.
        _waiting = wish;
        _ = StartWhenAnsweredAsync();
    }

    public void Pause() => _started.Pause();

    public void Resume() => _started.Resume();

    public void Stop()
    {
        _waiting = null;
        _started.Stop();
    }

    /// <summary>Pauses or resumes what StartRecording began. False when nothing is recorded.</summary>
    public Task<bool> SetPausedAsync(bool isPaused) => call.Mailbox.AskAsync(() =>
    {
        if (isPaused) Pause();
        else Resume();
        return _started.IsRunning;
    });

    public IDisposable? Attach(AudioRecorder recorder) => call.Media is { } media
        ? new BothTracks(media.Tap(AudioTrack.Inbound, recorder.Inbound), media.Tap(AudioTrack.Outbound, recorder.Outbound))
        : null;

    private async Task StartWhenAnsweredAsync()
    {
        await call.Answered;
        if (_waiting is not { } wish) return;
        _waiting = null;
        Start(wish);
    }

    private sealed class BothTracks(IDisposable inbound, IDisposable outbound) : IDisposable
    {
        public void Dispose()
        {
            outbound.Dispose();
            inbound.Dispose();
        }
    }
}
