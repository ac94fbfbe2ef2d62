using Sipstead.Media;

namespace Sipstead.Voice.Bxml.Verbs;

/// <summary>What StartStream and StartTranscription have in common (bxml.md 8).</summary>
internal static class FeedAttributes
{
    private const int MaximumParameters = 12;
    private const int MaximumName = 256;
    private const int MaximumValue = 2048;

    public static string? Name(VerbElement element) => element.Value("name") is { Length: > 0 } name ? name : null;

    /// <summary>Where the WebSocket is; null when the verb does not say.</summary>
    public static Uri? Destination(VerbElement element)
    {
        if (element.Value("destination") is not { } text) return null;
        if (Uri.TryCreate(text.Trim(), UriKind.Absolute, out var url) && url.Scheme is "ws" or "wss" && url.Host.Length > 0) return url;
        element.Fail("destination", $"{element.Name}'s destination is {ErrorText.Quote(WebUrl.WithoutUserInfo(text))}; give a ws or wss URL.");
        return WebUrl.None;
    }

    public static IReadOnlyList<AudioTrack> Tracks(VerbElement element) => element.Word("tracks", "inbound", "outbound", "both") switch
    {
        "outbound" => [AudioTrack.Outbound],
        "both" => [AudioTrack.Inbound, AudioTrack.Outbound],
        _ => [AudioTrack.Inbound],
    };

    /// <summary>The names and values inside; of two of a name the last counts.</summary>
    /// <param name="part">The element that holds one.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Parameters(VerbElement element, string part)
    {
        if (element.Parts.Count > MaximumParameters)
            element.Fail(null, $"{element.Name} has {element.Parts.Count} {part} elements; at most {MaximumParameters} are allowed.");
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var one in element.Parts) parameters[Bounded(one, "name", MaximumName)] = Bounded(one, "value", MaximumValue);
        return [.. parameters];
    }

    private static string Bounded(VerbElement part, string attribute, int maximum)
    {
        var value = part.Value(attribute);
        if (value is null) part.Fail(attribute, $"{part.Name} has no {attribute}; it is required.");
        else if (value.Length > maximum) part.Fail(attribute, $"{part.Name}'s {attribute} has {value.Length} characters; at most {maximum} are allowed.");
        return value ?? "";
    }
}
