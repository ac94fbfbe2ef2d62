using System.Text;
using System.Text.Json;

namespace Sipstead.Voice.Streams;

/// <summary>What an application asks for on a bidirectional stream.</summary>
internal enum StreamAction
{
    /// <summary>Queue audio.</summary>
    PlayAudio,

    /// <summary>Drop the audio that is queued.</summary>
    Clear,
}

/// <summary>A message of the application (webhooks.md 7).</summary>
/// <param name="Action">What to do.</param>
/// <param name="Rate">Samples a second of PCM; 0 for mu-law.</param>
/// <param name="Payload">The audio.</param>
internal readonly record struct StreamCommand(StreamAction Action, int Rate, byte[] Payload)
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 16, CommentHandling = JsonCommentHandling.Disallow };

    /// <summary>Reads a message. False for whatever is no message that the API knows; never throws.</summary>
    public static bool TryRead(ReadOnlySpan<byte> octets, out StreamCommand command)
    {
        command = default;
        try
        {
            var json = new Utf8JsonReader(octets, Options);
            string? eventType = null;
            (string? Type, byte[]? Payload) media = default;
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return false;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                if (json.ValueTextEquals("eventType"u8)) eventType = TextOf(ref json);
                else if (json.ValueTextEquals("media"u8)) media = MediaOf(ref json);
                else SkipValue(ref json);
            }

            return !json.Read() && TryMake(eventType, media.Type, media.Payload, out command);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or DecoderFallbackException)
        {
            return false; // not JSON, or text that is not Unicode
        }
    }

    private static bool TryMake(string? eventType, string? contentType, byte[]? payload, out StreamCommand command)
    {
        command = new StreamCommand(StreamAction.Clear, 0, []);
        if (eventType == "clear") return true;
        if (eventType != "playAudio" || contentType is null || payload is null || !TryReadType(contentType, out var rate)) return false;
        command = new StreamCommand(StreamAction.PlayAudio, rate, payload);
        return rate == 0 || payload.Length % sizeof(short) == 0;
    }

    /// <summary>audio/pcmu, or audio/pcm with its parameters in any order; those that have only one value may be left out.</summary>
    private static bool TryReadType(string text, out int rate)
    {
        var parts = text.ToLowerInvariant().Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        rate = 0;
        if (parts is ["audio/pcmu", ..]) return true;
        if (parts is not ["audio/pcm", .. var parameters]) return false;
        foreach (var parameter in parameters)
        {
            switch (parameter)
            {
                case "rate=8000" or "rate=16000" or "rate=24000":
                    rate = parameter switch { "rate=8000" => 8_000, "rate=16000" => 16_000, _ => 24_000 };
                    break;
                case "channels=1" or "bit-depth=16" or "endian=little" or "encoding=signed":
                    break;
                default:
                    return false;
            }
        }

        return rate > 0;
    }

    private static (string? Type, byte[]? Payload) MediaOf(ref Utf8JsonReader json)
    {
        (string? Type, byte[]? Payload) media = default;
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
        {
            json.TrySkip();
            return media;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("contentType"u8)) media.Type = TextOf(ref json);
            else if (json.ValueTextEquals("payload"u8)) media.Payload = OctetsOf(ref json);
            else SkipValue(ref json);
        }

        return media;
    }

    private static string? TextOf(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.String) return json.GetString();
        json.TrySkip();
        return null;
    }

    private static byte[]? OctetsOf(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.String) return json.TryGetBytesFromBase64(out var octets) ? octets : null;
        json.TrySkip();
        return null;
    }

    private static void SkipValue(ref Utf8JsonReader json)
    {
        json.Read();
        json.TrySkip();
    }
}
