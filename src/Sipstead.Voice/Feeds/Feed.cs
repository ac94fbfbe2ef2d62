using System.Net.WebSockets;
using System.Text.Json;
using Sipstead.Media;
using Sipstead.Provisioning.Api;

namespace Sipstead.Voice.Feeds;

/// <summary>What goes to the application of a call's tracks while the call goes on: a stream of audio, or a transcription (bxml.md 8).</summary>
#pragma warning disable CA1001 // a token source without a timer holds nothing to free
internal abstract class Feed(string id, FeedRequest request, DateTimeOffset startTime)
#pragma warning restore CA1001
{
    private const string Inbound = "inbound";
    private const string Outbound = "outbound";

    private readonly CancellationTokenSource _stopped = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Id => id;

    public string Name => request.Name ?? id;

    public FeedRequest Request => request;

    public DateTimeOffset StartTime => startTime;

    /// <summary>Cancelled when the feed is to end.</summary>
    public CancellationToken Stopped => _stopped.Token;

    /// <summary>Done when all of it is over, or it could not begin.</summary>
    public Task Closed => _closed.Task;

    public static string NameOf(AudioTrack track) => track == AudioTrack.Inbound ? Inbound : Outbound;

    /// <summary>Asks the feed to say that it stops, and to close.</summary>
    public void Stop() => _stopped.Cancel();

    public void SetClosed() => _closed.TrySetResult();

    /// <summary>Feeds until it is stopped or the WebSocket ends. Returns the cause of the event that tells the end.</summary>
    /// <param name="socket">Open; disposed at the end. Null where there is no destination.</param>
    public abstract Task<string> RunAsync(WebSocket? socket, MediaSession media);

    /// <summary>Writes the feed as a property of an event.</summary>
    /// <param name="duration">How long it was; null while it is.</param>
    /// <param name="more">Writes more of its properties; null for none.</param>
    public void WriteTo(Utf8JsonWriter json, string property, TimeSpan? duration = null, Action<Utf8JsonWriter>? more = null)
    {
        json.WriteStartObject(property);
        json.WriteString("id"u8, Id);
        json.WriteString("name"u8, Name);
        if (request.Destination is { } destination) json.WriteString("destination"u8, destination.OriginalString);
        json.WriteString("startTime"u8, ApiTime.Format(StartTime));
        json.WriteStartArray("tracks"u8);
        foreach (var track in request.Tracks) json.WriteStringValue(NameOf(track));
        json.WriteEndArray();
        WriteKind(json);
        if (duration is { } time) json.WriteString("duration"u8, ApiTime.Format(time));
        more?.Invoke(json);
        json.WriteEndObject();
    }

    /// <summary>Writes the properties that only such a feed has.</summary>
    protected abstract void WriteKind(Utf8JsonWriter json);
}
