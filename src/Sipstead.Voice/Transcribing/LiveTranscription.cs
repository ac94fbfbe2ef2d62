using System.Net.WebSockets;
using System.Text.Json;
using Sipstead.Media;
using Sipstead.Voice.Feeds;

namespace Sipstead.Voice.Transcribing;

/// <summary>Text of a call while it goes on: to a WebSocket, or into a transcript for the API.</summary>
internal sealed class LiveTranscription : Feed
{
    /// <summary>How long what was said last may still be transcribed when the transcription is stopped.</summary>
    public static readonly TimeSpan FinishTimeout = TimeSpan.FromMinutes(1);

    private readonly TranscriptionRequest _request;
    private readonly FeedCall _call;
    private readonly TranscriptionServices _services;
    private readonly Dictionary<AudioTrack, TranscriptBuilder> _texts;
    private int _transcribed;
    private int _missed;
    private int _complaints;

    public LiveTranscription(string id, TranscriptionRequest request, DateTimeOffset startTime, FeedCall call, TranscriptionServices services)
        : base(id, request, startTime)
    {
        (_request, _call, _services) = (request, call, services);
        _texts = request.Tracks.ToDictionary(track => track, track => new TranscriptBuilder(track, services.Metrics));
    }

    public string AccountId => _call.AccountId;

    public bool IsStabilized => _request.IsStabilized;

    /// <summary>Whether nothing of what was said could be transcribed.</summary>
    public bool HasFailed => Volatile.Read(ref _missed) > 0 && Volatile.Read(ref _transcribed) == 0;

    /// <summary>What was said, once it ended; without a destination only.</summary>
    public CallTranscript Transcript => new(_call.AccountId, _call.CallId, Id, Name, [.. _request.Tracks.Select(track => _texts[track].Build())]);

    /// <summary>Notes what became of an utterance.</summary>
    public void Note(UtteranceOutcome outcome) => Interlocked.Increment(ref outcome == UtteranceOutcome.Transcribed ? ref _transcribed : ref _missed);

    /// <summary>Logs why something was not transcribed; once, since what is wrong is so with each utterance.</summary>
    public void NoteFailed(string reason)
    {
        if (Interlocked.Increment(ref _complaints) == 1) VoiceLog.UtteranceFailed(_services.Logger, Id, _call.CallId, reason);
    }

    public override async Task<string> RunAsync(WebSocket? socket, MediaSession media)
    {
        var tracks = _request.Tracks.Select(track => new TrackTranscription(track, this, _services)).ToList();
        var taps = tracks.Select(track => media.Tap(track.Track, track.Sink)).ToList();
        _services.Metrics.Opened();
        try
        {
            if (socket is not null) return await SendAsync(socket, tracks);
            await TranscribeAsync(tracks, Keep, Stopped, CancellationToken.None);
            return "closed";
        }
        finally
        {
            foreach (var tap in taps) tap.Dispose();
            _services.Metrics.Closed();
        }
    }

    protected override void WriteKind(Utf8JsonWriter json)
    {
        if (_request.Destination is not null) json.WriteBoolean("stabilized"u8, IsStabilized);
    }

    private Task Keep(SpokenUtterance spoken)
    {
        _texts[spoken.Track].Add(spoken);
        return Task.CompletedTask;
    }

    private async Task<string> SendAsync(WebSocket socket, IReadOnlyList<TrackTranscription> tracks)
    {
        using var open = new FeedSocket(socket);
        return await open.RunAsync((to, over) => SendAllAsync(to, tracks, over), take: null, Stopped);
    }

    private async Task SendAllAsync(FeedSocket socket, IReadOnlyList<TrackTranscription> tracks, CancellationToken over)
    {
        using var messages = new TranscriptionMessages(_call, this);
        using var turn = new SemaphoreSlim(1);
        await socket.SendAsync(messages.Start());
        await TranscribeAsync(tracks, SendAsync, over, socket.PeerClosed);
        if (socket.IsOpen) await socket.SendAsync(messages.Stop());

        async Task SendAsync(SpokenUtterance spoken)
        {
            await turn.WaitAsync(CancellationToken.None);
            try
            {
                await socket.SendAsync(messages.Transcription(spoken));
            }
            finally
            {
                turn.Release();
            }
        }
    }

    /// <summary>Transcribes all tracks until it is over, and for a while what was said until then. The first failure ends all of them.</summary>
    private async Task TranscribeAsync(
        IReadOnlyList<TrackTranscription> tracks, Func<SpokenUtterance, Task> take, CancellationToken over, CancellationToken useless)
    {
        using var late = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _services.Time);
        using var givenUp = CancellationTokenSource.CreateLinkedTokenSource(late.Token, useless);
        using var finishing = over.Register(() => late.CancelAfter(FinishTimeout));
        await Task.WhenAll(tracks.Select(RunAsync));

        async Task RunAsync(TrackTranscription track)
        {
            try
            {
                await track.RunAsync(take, over, givenUp.Token);
            }
            catch
            {
                await late.CancelAsync();
                throw;
            }
        }
    }
}
