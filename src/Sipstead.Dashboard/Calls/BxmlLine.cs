using Sipstead.Voice.Bxml;
using Sipstead.Voice.Bxml.Runs;

namespace Sipstead.Dashboard.Calls;

/// <summary>A line of a document that a call was given, with what ran of it and what is wrong in it.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Text">Without its end.</param>
/// <param name="Verbs">Those that begin on it and ran, in order.</param>
/// <param name="Error">What is wrong on it; null for nothing.</param>
internal sealed record BxmlLine(int Number, string Text, IReadOnlyList<RanVerb> Verbs, BxmlError? Error)
{
    /// <summary>Lines that a page shows of a document.</summary>
    public const int Maximum = 2000;

    /// <summary>Ends of a line in XML (XML 1.0, 2.11), by which the reader counts.</summary>
    private static readonly string[] Ends = ["\r\n", "\n", "\r"];

    /// <summary>The text before the error, the character that it is at, and the text behind. An error behind the end marks the end.</summary>
    public (string Before, string At, string After) Parts
    {
        get
        {
            var at = Math.Clamp((Error?.Column ?? 1) - 1, 0, Text.Length);
            var end = at < Text.Length ? at + (char.IsHighSurrogate(Text[at]) && at + 1 < Text.Length ? 2 : 1) : at;
            return (Text[..at], at < end ? Text[at..end] : " ", Text[end..]);
        }
    }

    /// <summary>The lines of a document, at most <see cref="Maximum"/>.</summary>
    public static IReadOnlyList<BxmlLine> Of(BxmlRun run)
    {
        var verbs = run.Verbs.ToLookup(verb => verb.Line);
        var texts = run.Text.Split(Ends, Maximum + 1, StringSplitOptions.None);
        return
        [
            .. from line in texts.Take(Maximum).Index()
               let number = line.Index + 1
               select new BxmlLine(number, line.Item, [.. verbs[number]], run.Error?.Line == number ? run.Error : null),
        ];
    }

    /// <summary>Whether a document has more lines than are shown.</summary>
    public static bool IsCut(BxmlRun run) => run.Text.Split(Ends, Maximum + 1, StringSplitOptions.None).Length > Maximum;
}
