using Sipstead.Provisioning.Api;
using Sipstead.Voice.Bxml;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Feeds;

namespace Sipstead.Voice.Transcribing;

/// <summary>
/// The live transcriptions of one call. With a destination the application hears of begin and end, as of a stream; without one, only of what came of it
/// (webhooks.md 6). On the call's mailbox.
/// </summary>
internal sealed class CallTranscriptions(Call call)
    : CallFeeds<LiveTranscription>(call, new FeedWords("transcription", Event, "originalTranscription")), ICallTranscriptions
{
    private const string Event = "realTimeTranscription";

    private readonly Call _call = call;

    private TranscriptionServices Services => _call.Services.Feeds.Transcriptions;

    public void Start(TranscriptionRequest request)
    {
        var transcription = new LiveTranscription(
            ApiId.Create("t"), request, _call.Time.GetUtcNow(), new FeedCall(_call.State.AccountId, _call.Id), Services);
        if (Services.Engine.Absence is { } absence) Reject(transcription, Error, absence);
        else Begin(transcription);
    }

    public void Stop(string? name)
    {
        foreach (var transcription in Live.Where(one => name is null || one.Name == name).ToArray()) End(transcription);
    }

    protected override string? Take(LiveTranscription feed) =>
        Services.Tracks.TryTake(feed.Request.Tracks.Count) ? null : "Too many calls are transcribed (Sipstead__Transcription__MaxLive)";

    protected override void Release(LiveTranscription feed) => Services.Tracks.Return(feed.Request.Tracks.Count);

    protected override void TellStarted(LiveTranscription feed)
    {
        if (feed.Request.Destination is not null) base.TellStarted(feed);
    }

    protected override void TellStopped(LiveTranscription feed, string cause)
    {
        if (feed.Request.Destination is not null) base.TellStopped(feed, cause);
        else TellAvailable(feed, isKept: cause != Error && !feed.HasFailed && TryKeep(feed.Transcript));
    }

    protected override void TellRejected(LiveTranscription feed, string cause, string message, LiveTranscription? original)
    {
        if (feed.Request.Destination is not null) base.TellRejected(feed, cause, message, original);
        else TellAvailable(feed, isKept: false);
    }

    protected override void NoteRejected(LiveTranscription feed, string cause, string message)
    {
        Services.Metrics.Rejected(cause);
        VoiceLog.TranscriptionRejected(_call.Services.Logger, feed.Name, _call.Id, message);
    }

    protected override void NoteFailed(LiveTranscription feed, Exception defect) =>
        VoiceLog.LiveTranscriptionFailed(_call.Services.Logger, feed.Id, _call.Id, defect);

    /// <summary>Keeps a transcript with its call. False when the call was forgotten meanwhile.</summary>
    private bool TryKeep(CallTranscript transcript)
    {
        Services.Log.Add(transcript);
        if (_call.Services.Registry.TryFind(transcript.AccountId, transcript.CallId, out _)) return true;
        Services.Log.Forget(transcript.CallId);
        return false;
    }

    private void TellAvailable(LiveTranscription feed, bool isKept)
    {
        if (feed.Request.Events is not { } target) return;
        var now = _call.Time.GetUtcNow();
        _call.Notify(new VerbNotice(Event + "Available", target, json => feed.WriteTo(json, Event, now - feed.StartTime, more =>
        {
            more.WriteString("status"u8, isKept ? "available"u8 : "failed"u8);
            if (isKept) more.WriteString("url"u8, $"{_call.State.Url}/transcriptions/{feed.Id}");
            more.WriteString("completedTime"u8, ApiTime.Format(now));
        })));
    }
}
