namespace Sipstead.Voice.Recordings;

/// <summary>The one recording that StartRecording began on a call or in a conference: Pause, Resume and Stop mean it (bxml.md 6.2). On one mailbox.</summary>
internal sealed class RecordingControl
{
    private ActiveRecording? _recording;

    public bool IsRunning => _recording is { Ended.IsCompleted: false };

    public void Begin(ActiveRecording recording) => _recording = recording;

    public void Pause() => _recording?.Pause();

    public void Resume() => _recording?.Resume();

    public void Stop()
    {
        _recording?.Stop();
        _recording = null;
    }
}
