using System.Text.Json;

namespace Sipstead.Dashboard.Recordings;

/// <summary>Something that was said in a recording.</summary>
/// <param name="Speaker">The channel, from 0: the first one is the party's.</param>
/// <param name="Start">From the beginning of the recording; null where only the whole is known.</param>
internal sealed record TranscriptLine(int Speaker, TimeSpan? Start, string Text)
{
    /// <summary>Lines that a page shows.</summary>
    public const int Maximum = 1000;

    private static readonly double LongestSeconds = TimeSpan.FromDays(1).TotalSeconds;

    /// <summary>The lines of a transcription as the API answers it (voice-api.md 6): its clips, or where it has none what each channel said in all.</summary>
    /// <param name="json">Never throws, whatever it is.</param>
    /// <returns>At most <see cref="Maximum"/>.</returns>
    public static IReadOnlyList<TranscriptLine> Of(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var clips = Read(document.RootElement, "clips");
            return clips.Count > 0 ? clips : Read(document.RootElement, "transcripts");
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException) // the latter for text that is no UTF-8
        {
            return [];
        }
    }

    private static List<TranscriptLine> Read(JsonElement transcription, string list)
    {
        if (transcription.ValueKind != JsonValueKind.Object || !transcription.TryGetProperty(list, out var entries) || entries.ValueKind != JsonValueKind.Array) return [];
        return [.. entries.EnumerateArray().Select(Line).Where(line => !string.IsNullOrWhiteSpace(line?.Text)).OfType<TranscriptLine>().Take(Maximum)];
    }

    private static TranscriptLine? Line(JsonElement entry)
    {
        if (entry.ValueKind != JsonValueKind.Object || !entry.TryGetProperty("text", out var text) || text.ValueKind != JsonValueKind.String) return null;
        return new TranscriptLine((int)(Number(entry, "speaker") ?? 0), Number(entry, "startTimeSeconds") is { } start ? TimeSpan.FromSeconds(start) : null, text.GetString()!);
    }

    private static double? Number(JsonElement entry, string name) =>
        entry.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= 0 && number <= LongestSeconds
            ? number
            : null;
}
