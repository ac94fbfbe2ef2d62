using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Sipstead.Media;
using Sipstead.Media.Audio;
using Sipstead.Voice.Callbacks;

namespace Sipstead.Voice.Streams;

/// <summary>Writes the messages to the application (webhooks.md 7). Each is valid until the next one is written.</summary>
internal sealed class StreamMessages : IDisposable
{
    private readonly ArrayBufferWriter<byte> _buffer = new(512);
    private readonly Utf8JsonWriter _json;

    public StreamMessages() => _json = new Utf8JsonWriter(_buffer, EventBody.Options);

    /// <summary>The first one: what the stream is.</summary>
    public ReadOnlyMemory<byte> Start(string accountId, string callId, StreamDescription stream)
    {
        Begin();
        WriteMetadata(accountId, callId, stream);
        if (stream.Request.Parameters.Count > 0)
        {
            _json.WriteStartObject("streamParams"u8);
            foreach (var (name, value) in stream.Request.Parameters) _json.WriteString(name, value);
            _json.WriteEndObject();
        }

        return End("start"u8);
    }

    /// <summary>A frame of a track.</summary>
    public ReadOnlyMemory<byte> Media(AudioTrack track, ReadOnlySpan<byte> payload, long number)
    {
        Span<char> digits = stackalloc char[20];
        number.TryFormat(digits, out var length, provider: CultureInfo.InvariantCulture);
        Begin();
        _json.WriteString("track"u8, StreamDescription.NameOf(track));
        _json.WriteBase64String("payload"u8, payload);
        _json.WriteString("sequenceNumber"u8, digits[..length]);
        return End("media"u8);
    }

    /// <summary>The last one.</summary>
    public ReadOnlyMemory<byte> Stop(string accountId, string callId, StreamDescription stream)
    {
        Begin();
        WriteMetadata(accountId, callId, stream);
        return End("stop"u8);
    }

    public void Dispose() => _json.Dispose();

    private void Begin()
    {
        _buffer.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
    }

    private ReadOnlyMemory<byte> End(ReadOnlySpan<byte> eventType)
    {
        _json.WriteString("eventType"u8, eventType);
        _json.WriteEndObject();
        _json.Flush();
        return _buffer.WrittenMemory;
    }

    private void WriteMetadata(string accountId, string callId, StreamDescription stream)
    {
        _json.WriteStartObject("metadata"u8);
        _json.WriteString("accountId"u8, accountId);
        _json.WriteString("callId"u8, callId);
        _json.WriteString("streamId"u8, stream.Id);
        _json.WriteString("streamName"u8, stream.Name);
        _json.WriteStartArray("tracks"u8);
        foreach (var track in stream.Request.Tracks)
        {
            _json.WriteStartObject();
            _json.WriteString("name"u8, StreamDescription.NameOf(track));
            _json.WriteStartObject("mediaFormat"u8);
            _json.WriteString("encoding"u8, "PCMU"u8);
            _json.WriteNumber("sampleRate"u8, AudioFormat.SampleRate);
            _json.WriteEndObject();
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
        _json.WriteEndObject();
    }
}
