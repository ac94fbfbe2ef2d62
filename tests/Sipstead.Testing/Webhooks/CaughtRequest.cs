using System.Text;
using System.Text.Json;

namespace Sipstead.Testing.Webhooks;

/// <summary>A request that a <see cref="WebhookCatcher"/> got.</summary>
public sealed record CaughtRequest
{
    /// <summary>From 1, in the order in which the requests came.</summary>
    public required int Order { get; init; }

    public required string Method { get; init; }

    /// <summary>Unescaped, without the query.</summary>
    public required string Path { get; init; }

    /// <summary>Such as HTTP/1.1.</summary>
    public required string Protocol { get; init; }

    /// <summary>The same for requests of one connection.</summary>
    public required string Connection { get; init; }

    /// <summary>Unescaped; of a repeated name the last value.</summary>
    public required IReadOnlyDictionary<string, string> Query { get; init; }

    /// <summary>By name in any case; repeated ones joined by a comma.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    public required ReadOnlyMemory<byte> Body { get; init; }

    public string Text => Encoding.UTF8.GetString(Body.Span);

    /// <summary>The body; throws <see cref="JsonException"/> when it is no JSON.</summary>
    public JsonElement Json => JsonElement.Parse(Body.Span);

    public string? EventType => this["eventType"];

    public string? CallId => this["callId"];

    /// <summary>A property of the event as text, from the body or the query; null when it is absent.</summary>
    public string? this[string property]
    {
        get
        {
            if (Body.IsEmpty) return Query.GetValueOrDefault(property);
            if (!Json.TryGetProperty(property, out var value)) return null;
            return value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText();
        }
    }

    /// <summary>User name and password of Basic credentials, separated by a colon; null when there are none.</summary>
    public string? Basic => Headers.TryGetValue("Authorization", out var value) && value.StartsWith("Basic ", StringComparison.Ordinal)
        ? Encoding.UTF8.GetString(Convert.FromBase64String(value["Basic ".Length..]))
        : null;

    public override string ToString() => $"{Order} {Method} {Path} {EventType ?? Text}";
}
