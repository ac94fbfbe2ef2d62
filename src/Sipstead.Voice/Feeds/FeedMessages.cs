using System.Buffers;
using System.Text.Json;
using Sipstead.Media;
using Sipstead.Voice.Callbacks;

namespace Sipstead.Voice.Feeds;

/// <summary>Which call a feed is of, as its messages say it.</summary>
internal sealed record FeedCall(string AccountId, string CallId);

/// <summary>Writes the messages of a feed to the application (webhooks.md 7). Each is valid until the next one is written.</summary>
internal abstract class FeedMessages : IDisposable
{
    private readonly FeedCall _call;
    private readonly Feed _feed;
    private readonly ArrayBufferWriter<byte> _buffer = new(512);

    protected FeedMessages(FeedCall call, Feed feed)
    {
        (_call, _feed) = (call, feed);
        Json = new Utf8JsonWriter(_buffer, EventBody.Options);
    }

    protected Utf8JsonWriter Json { get; }

    /// <summary>The property with what the verb's parameters say.</summary>
    protected abstract string ParametersProperty { get; }

    /// <summary>The first one: what the feed is.</summary>
    public ReadOnlyMemory<byte> Start()
    {
        Begin();
        WriteMetadata();
        if (_feed.Request.Parameters.Count > 0)
        {
            Json.WriteStartObject(ParametersProperty);
            foreach (var (name, value) in _feed.Request.Parameters) Json.WriteString(name, value);
            Json.WriteEndObject();
        }

        return End("start"u8);
    }

    /// <summary>The last one.</summary>
    public ReadOnlyMemory<byte> Stop()
    {
        Begin();
        WriteMetadata();
        return End("stop"u8);
    }

    public void Dispose() => Json.Dispose();

    protected void Begin()
    {
        _buffer.ResetWrittenCount();
        Json.Reset();
        Json.WriteStartObject();
    }

    protected ReadOnlyMemory<byte> End(ReadOnlySpan<byte> eventType)
    {
        Json.WriteString("eventType"u8, eventType);
        Json.WriteEndObject();
        Json.Flush();
        return _buffer.WrittenMemory;
    }

    /// <summary>Writes the names of the feed into the metadata.</summary>
    protected abstract void WriteNames(Feed feed);

    /// <summary>Writes what the metadata tell of a track beyond its name.</summary>
    protected virtual void WriteTrack(AudioTrack track)
    {
    }

    /// <summary>Writes the metadata that only such a feed has.</summary>
    protected virtual void WriteKind()
    {
    }

    private void WriteMetadata()
    {
        Json.WriteStartObject("metadata"u8);
        Json.WriteString("accountId"u8, _call.AccountId);
        Json.WriteString("callId"u8, _call.CallId);
        WriteNames(_feed);
        Json.WriteStartArray("tracks"u8);
        foreach (var track in _feed.Request.Tracks)
        {
            Json.WriteStartObject();
            Json.WriteString("name"u8, Feed.NameOf(track));
            WriteTrack(track);
            Json.WriteEndObject();
        }

        Json.WriteEndArray();
        WriteKind();
        Json.WriteEndObject();
    }
}
