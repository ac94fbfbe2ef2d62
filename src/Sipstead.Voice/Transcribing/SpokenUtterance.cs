using Sipstead.Media;
using Sipstead.Media.Transcription;

namespace Sipstead.Voice.Transcribing;

/// <summary>An utterance with its text.</summary>
/// <param name="Track">Of whom.</param>
/// <param name="Place">When, in the time of its track.</param>
/// <param name="Transcript">What the engine heard; its clips count from the begin of the utterance's audio.</param>
internal sealed record SpokenUtterance(AudioTrack Track, Utterance Place, Transcript Transcript)
{
    /// <summary>Characters of an utterance: thirty times what is said in its longest.</summary>
    public const int MaximumText = 10_000;

    /// <summary>The text without what is beyond its longest.</summary>
    public string Text { get; } = Cut(Transcript.Text);

    /// <summary>Its words and marks with their times: of the engine's pieces as far as it gave any.</summary>
    public IEnumerable<SpokenItem> Items()
    {
        if (Transcript.Clips.Count == 0) return SpokenItem.Spread(Text, Place.Start, Place.End, Transcript.Confidence);
        var left = MaximumText;
        return Transcript.Clips.TakeWhile(clip => (left -= clip.Text.Length) >= 0).SelectMany(
            clip => SpokenItem.Spread(clip.Text, Within(clip.Start), Within(clip.End), clip.Confidence ?? Transcript.Confidence));
    }

    private static string Cut(string text)
    {
        if (text.Length <= MaximumText) return text;
        return text[..(char.IsHighSurrogate(text[MaximumText - 1]) ? MaximumText - 1 : MaximumText)];
    }

    /// <summary>A time of the engine's as one of the track, within the utterance.</summary>
    private TimeSpan Within(TimeSpan time)
    {
        var at = Place.AudioStart + time;
        return at < Place.End ? at : Place.End;
    }
}

/// <summary>A word, or a mark behind it.</summary>
internal readonly record struct SpokenItem(string Content, TimeSpan Start, TimeSpan End, double? Confidence, bool IsMark)
{
    private const string Marks = ".,?!;:";

    /// <summary>The words of a text, each as long in time as it is in letters, and the marks behind them, which take no time.</summary>
    public static IEnumerable<SpokenItem> Spread(string text, TimeSpan start, TimeSpan end, double? confidence)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var letters = words.Sum(word => word.AsSpan().TrimEnd(Marks).Length);
        var (at, before) = (start, 0);
        foreach (var word in words)
        {
            var length = word.AsSpan().TrimEnd(Marks).Length;
            if (length > 0)
            {
                before += length;
                var until = start + (end - start) * before / letters;
                yield return new SpokenItem(word[..length], at, until, confidence, IsMark: false);
                at = until;
            }

            foreach (var mark in word[length..]) yield return new SpokenItem(mark.ToString(), at, at, confidence, IsMark: true);
        }
    }
}
