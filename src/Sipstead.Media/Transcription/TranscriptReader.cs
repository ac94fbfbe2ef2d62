using System.Text;
using System.Text.Json;

namespace Sipstead.Media.Transcription;

/// <summary>
/// Reads what a transcribing program wrote: text, or a JSON object with <c>text</c>, <c>confidence</c>, <c>language</c> and <c>segments</c> of <c>text</c>, <c>start</c>,
/// <c>end</c> (seconds) and <c>confidence</c>. What it does not understand of an object it leaves out.
/// </summary>
internal static class TranscriptReader
{
    private const int MaximumClips = 10_000;
    private const int MaximumDepth = 32;
    private const double LongestSeconds = 1_000_000;
    private const int LongestLanguage = 35; // RFC 5646 4.4.1

    /// <summary>Null when it is an object without text.</summary>
    public static Transcript? Read(ReadOnlyMemory<byte> output)
    {
        var text = Encoding.UTF8.GetString(output.Span).Trim();
        if (!text.StartsWith('{')) return new Transcript(text, null, []);
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = MaximumDepth });
            return Read(document.RootElement);
        }
        catch (JsonException)
        {
            return new Transcript(text, null, []);
        }
    }

    private static Transcript? Read(JsonElement root)
    {
        var clips = root.TryGetProperty("segments", out var segments) && segments.ValueKind == JsonValueKind.Array
            ? segments.EnumerateArray().Take(MaximumClips).Select(ReadClip).OfType<TranscriptClip>().ToList()
            : [];
        var text = TextOf(root, "text") ?? (clips.Count == 0 ? null : string.Join(' ', clips.Select(clip => clip.Text)));
        if (text is null) return null;
        return new Transcript(text, ConfidenceOf(root), clips) { Language = TextOf(root, "language") is { Length: > 0 and <= LongestLanguage } language ? language : null };
    }

    private static TranscriptClip? ReadClip(JsonElement segment)
    {
        if (segment.ValueKind != JsonValueKind.Object || TextOf(segment, "text") is not { } text) return null;
        return NumberOf(segment, "start") is { } start and >= 0 and <= LongestSeconds && NumberOf(segment, "end") is { } end and <= LongestSeconds && end >= start
            ? new TranscriptClip(text, TimeSpan.FromSeconds(start), TimeSpan.FromSeconds(end), ConfidenceOf(segment))
            : null;
    }

    private static string? TextOf(JsonElement element, string name)
    {
        try
        {
            return element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()!.Trim() : null;
        }
        catch (InvalidOperationException)
        {
            return null; // half a surrogate pair
        }
    }

    private static double? ConfidenceOf(JsonElement element) => NumberOf(element, "confidence") is { } confidence and >= 0 and <= 1 ? confidence : null;

    private static double? NumberOf(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number)
            ? number
            : null;
}
