using Sipstead.Voice.Bxml;
using Sipstead.Voice.Calls;
using Sipstead.Webhooks.Http;

namespace Sipstead.Voice.Streams;

/// <summary>What streams of all calls use.</summary>
internal sealed record StreamServices(OutboundHttp Http, StreamMetrics Metrics);

/// <summary>The streams of one call, and what its application hears of them (webhooks.md 6). On the call's mailbox.</summary>
internal sealed class CallStreams(Call call) : ICallStreams
{
    /// <summary>Tracks that the streams of a call may carry together (bxml.md 8).</summary>
    public const int MaximumTracks = 4;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    private readonly List<MediaStream> _live = [];

    public void Start(StreamRequest request)
    {
        var description = new StreamDescription(ApiId.Create("s"), request, call.Time.GetUtcNow());
        if (_live.Find(stream => stream.Description.Name == description.Name) is { } original)
        {
            Reject(description, "duplicate", $"A stream with the name {description.Name} already exists", original.Description);
        }
        else if (_live.Sum(stream => stream.Description.Request.Tracks.Count) + request.Tracks.Count > MaximumTracks)
        {
            Reject(description, "track-limit", $"The streams of a call may have {MaximumTracks} tracks together");
        }
        else
        {
            var stream = new MediaStream(description, call.State.AccountId, call.Id, call.Services.Streams.Metrics);
            _live.Add(stream);
            _ = RunAsync(stream);
        }
    }

    public Task StopAsync(string name, bool waits, CancellationToken cancellationToken)
    {
        if (_live.Find(stream => stream.Description.Name == name) is not { } stream) return Task.CompletedTask;
        stream.Stop();
        _live.Remove(stream); // its name is free again
        return waits ? stream.Closed.WaitAsync(cancellationToken) : Task.CompletedTask;
    }

    /// <summary>Comes back to the mailbox between the steps; the stream itself runs on the pool.</summary>
    private async Task RunAsync(MediaStream stream)
    {
        using var ending = call.Ended.Register(stream.Stop);
        try
        {
            await StreamAsync(stream);
        }
        catch (OperationCanceledException)
        {
            Reject(stream.Description, "error", "The stream was stopped before it was connected");
        }
#pragma warning disable CA1031 // a defect of ours ends this stream, not the call
        catch (Exception e)
#pragma warning restore CA1031
        {
            VoiceLog.StreamFailed(call.Services.Logger, stream.Description.Id, call.Id, e);
            TellStopped(stream.Description, "error");
        }
        finally
        {
            _live.Remove(stream);
            stream.SetClosed();
        }
    }

    private async Task StreamAsync(MediaStream stream)
    {
        var opening = await Task.Run(() => stream.OpenAsync(call.Services.Streams.Http, ConnectTimeout), stream.Stopped);
        if (opening.Socket is not { } socket)
        {
            Reject(stream.Description, "connection-error", opening.Error!);
        }
        else if (call.Media is not { } media)
        {
            socket.Dispose();
            Reject(stream.Description, "error", "The call has no media");
        }
        else
        {
            Tell("mediaStreamStarted", stream.Description, duration: null);
            TellStopped(stream.Description, await Task.Run(() => stream.RunAsync(socket, media)));
        }
    }

    private void TellStopped(StreamDescription stream, string cause) =>
        Tell("mediaStreamStopped", stream, call.Time.GetUtcNow() - stream.StartTime, cause);

    private void Reject(StreamDescription stream, string cause, string message, StreamDescription? original = null)
    {
        call.Services.Streams.Metrics.Rejected(cause);
        VoiceLog.StreamRejected(call.Services.Logger, stream.Name, call.Id, message);
        Tell("mediaStreamRejected", stream, duration: null, cause, message, original);
    }

    private void Tell(
        string eventType, StreamDescription stream, TimeSpan? duration, string? cause = null, string? message = null, StreamDescription? original = null)
    {
        if (stream.Request.Events is not { } target) return;
        call.Notify(new VerbNotice(eventType, target, json =>
        {
            stream.WriteTo(json, "mediaStream", duration);
            if (cause is not null) json.WriteString("cause", cause);
            if (message is not null) json.WriteString("errorMessage", message);
            original?.WriteTo(json, "originalMediaStream");
        }));
    }
}
