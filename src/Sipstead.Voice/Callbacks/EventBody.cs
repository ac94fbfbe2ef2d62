using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sipstead.Provisioning.Api;

namespace Sipstead.Voice.Callbacks;

/// <summary>The body of a webhook: a JSON object that begins with what and when. What is absent is left out, never null.</summary>
internal static class EventBody
{
    /// <summary>'+' and the like as they are, so that bodies are readable.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(string eventType, DateTimeOffset now, Action<Utf8JsonWriter> fields)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("eventType", eventType);
            json.WriteString("eventTime", ApiTime.Format(now));
            fields(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
