using System.Globalization;
using Sipstead.Media.Recording;
using Sipstead.Voice.Bxml;
using Sipstead.Voice.Conferences;

namespace Sipstead.Voice.Recordings;

/// <summary>The recordings of one conference, which end with it. On its mailbox.</summary>
internal sealed class ConferenceRecording : IStageRecording, IRecordingSource
{
    private readonly Conference _conference;
    private readonly RecordingEngine _recordings;
    private readonly ConferenceOwner _owner;
    private readonly RecordingControl _started = new();

    public ConferenceRecording(Conference conference, RecordingEngine recordings)
    {
        _conference = conference;
        _recordings = recordings;
        var state = conference.State;
        _owner = new ConferenceOwner
        {
            AccountId = long.Parse(state.AccountId, CultureInfo.InvariantCulture), ConferenceId = state.ConferenceId, Name = state.Name,
            BaseUrl = conference.BaseUrl, CallbackTimeout = conference.CallbackTimeout, Tag = state.Tag,
        };
        conference.Ended.Register(_started.Stop);
    }

    public void Start(RecordingWish wish)
    {
        if (!_started.IsRunning && !_conference.Ended.IsCancellationRequested) _started.Begin(_recordings.Start(_owner, this, wish));
    }

    public void Pause() => _started.Pause();

    public void Resume() => _started.Resume();

    public void Stop() => _started.Stop();

    public IDisposable Attach(AudioRecorder recorder) => _conference.Tap(recorder.Outbound);
}
