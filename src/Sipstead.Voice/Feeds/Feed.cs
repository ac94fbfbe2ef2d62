using System.Text.Json;
using System.Xml;
using Sipstead.Media;
using Sipstead.Provisioning.Api;

namespace Sipstead.Voice.Streams;

/// <summary>A stream as events and messages tell of it (webhooks.md 6, 7).</summary>
internal sealed record StreamDescription(string Id, StreamRequest Request, DateTimeOffset StartTime)
{
    private const string Inbound = "inbound";
    private const string Outbound = "outbound";

    public string Name => Request.Name ?? Id;

    public static string NameOf(AudioTrack track) => track == AudioTrack.Inbound ? Inbound : Outbound;

    /// <summary>Writes the stream as a property of an event.</summary>
    /// <param name="duration">How long it was; null while it is.</param>
    public void WriteTo(Utf8JsonWriter json, string property, TimeSpan? duration = null)
    {
        json.WriteStartObject(property);
        json.WriteString("id"u8, Id);
        json.WriteString("name"u8, Name);
        json.WriteString("destination"u8, Request.Destination.OriginalString);
        json.WriteString("startTime"u8, ApiTime.Format(StartTime));
        json.WriteStartArray("tracks"u8);
        foreach (var track in Request.Tracks) json.WriteStringValue(NameOf(track));
        json.WriteEndArray();
        json.WriteString("type"u8, "WebSocket"u8);
        if (duration is { } time) json.WriteString("duration"u8, XmlConvert.ToString(time));
        json.WriteEndObject();
    }
}
