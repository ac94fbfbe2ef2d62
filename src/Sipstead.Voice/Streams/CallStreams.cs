using Sipstead.Voice.Calls;
using Sipstead.Voice.Feeds;

namespace Sipstead.Voice.Streams;

/// <summary>The streams of one call. On the call's mailbox.</summary>
internal sealed class CallStreams(Call call) : CallFeeds<MediaStream>(call, new FeedWords("stream", "mediaStream", "originalMediaStream")), ICallStreams
{
    private readonly Call _call = call;

    public void Start(StreamRequest request) => Begin(new MediaStream(
        ApiId.Create("s"), request, _call.Time.GetUtcNow(), new FeedCall(_call.State.AccountId, _call.Id), _call.Services.Feeds.Streams));

    public Task StopAsync(string name, bool waits, CancellationToken cancellationToken)
    {
        if (Live.FirstOrDefault(stream => stream.Name == name) is not { } stream) return Task.CompletedTask;
        End(stream);
        return waits ? stream.Closed.WaitAsync(cancellationToken) : Task.CompletedTask;
    }

    protected override void NoteRejected(MediaStream feed, string cause, string message)
    {
        _call.Services.Feeds.Streams.Rejected(cause);
        VoiceLog.StreamRejected(_call.Services.Logger, feed.Name, _call.Id, message);
    }

    protected override void NoteFailed(MediaStream feed, Exception defect) => VoiceLog.StreamFailed(_call.Services.Logger, feed.Id, _call.Id, defect);
}
