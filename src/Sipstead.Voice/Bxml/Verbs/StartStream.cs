using Sipstead.Media;
using Sipstead.Voice.Streams;

namespace Sipstead.Voice.Bxml.Verbs;

/// <summary>Streams the call's audio to a WebSocket (bxml.md 8). Goes on at once.</summary>
internal sealed class StartStream(StreamRequest request) : Verb
{
    public const string Parameter = "StreamParam";

    private const int MaximumParameters = 12;
    private const int MaximumName = 256;
    private const int MaximumValue = 2048;

    public static StartStream Read(VerbElement element) => new(new StreamRequest
    {
        Destination = ReadDestination(element),
        Credentials = element.Credentials("destinationUsername", "destinationPassword"),
        Name = element.Value("name") is { Length: > 0 } name ? name : null,
        IsBidirectional = element.Word("mode", "unidirectional", "bidirectional") == "bidirectional",
        Tracks = element.Word("tracks", "inbound", "outbound", "both") switch
        {
            "outbound" => [AudioTrack.Outbound],
            "both" => [AudioTrack.Inbound, AudioTrack.Outbound],
            _ => [AudioTrack.Inbound],
        },
        Events = element.Callback("streamEvent")?.Primary,
        Parameters = ReadParameters(element),
    });

    internal override async Task<VerbOutcome> RunAsync(IVerbCall call, CancellationToken interrupted)
    {
        await call.AnswerAsync(interrupted);
        call.Streams.Start(request);
        return VerbOutcome.Next;
    }

    private static Uri ReadDestination(VerbElement element)
    {
        if (element.Value("destination") is not { } text) element.Fail("destination", "StartStream has no destination; it is required.");
        else if (Uri.TryCreate(text.Trim(), UriKind.Absolute, out var url) && url.Scheme is "ws" or "wss" && url.Host.Length > 0) return url;
        else element.Fail("destination", $"StartStream's destination is {ErrorText.Quote(WebUrl.WithoutUserInfo(text))}; give a ws or wss URL.");
        return WebUrl.None;
    }

    private static List<KeyValuePair<string, string>> ReadParameters(VerbElement element)
    {
        if (element.Parts.Count > MaximumParameters)
            element.Fail(null, $"StartStream has {element.Parts.Count} {Parameter} elements; at most {MaximumParameters} are allowed.");
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in element.Parts) parameters[Bounded(part, "name", MaximumName)] = Bounded(part, "value", MaximumValue);
        return [.. parameters];
    }

    private static string Bounded(VerbElement part, string attribute, int maximum)
    {
        var value = part.Value(attribute);
        if (value is null) part.Fail(attribute, $"{Parameter} has no {attribute}; it is required.");
        else if (value.Length > maximum) part.Fail(attribute, $"{Parameter}'s {attribute} has {value.Length} characters; at most {maximum} are allowed.");
        return value ?? "";
    }
}
