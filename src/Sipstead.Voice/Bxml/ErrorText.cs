namespace Sipstead.Voice.Bxml;

/// <summary>Words for errors. What they quote comes from a peer and goes to logs and webhooks: it is cut, and holds no control character.</summary>
internal static class ErrorText
{
    private const int MaximumQuoted = 80;

    /// <summary>A message with its place, as far as that is known.</summary>
    public static string At(int line, int column, string message) => line > 0 ? $"Line {line}, column {column}: {message}" : message;

    /// <summary>A value of the document between quotation marks.</summary>
    public static string Quote(string value) => $"\"{Cut(value, MaximumQuoted)}\"";

    /// <summary>A name or a text of the document.</summary>
    public static string Cut(string text, int maximum = MaximumQuoted)
    {
        var end = Math.Min(text.Length, maximum);
        if (end < text.Length && char.IsHighSurrogate(text[end - 1])) end--;
        return string.Create(end + (end < text.Length ? 3 : 0), (text, end), static (result, source) =>
        {
            for (var i = 0; i < source.end; i++) result[i] = IsLineSafe(source.text[i]) ? source.text[i] : ' ';
            result[source.end..].Fill('.');
        });
    }

    private static bool IsLineSafe(char character) => !char.IsControl(character) && character is not ('\u2028' or '\u2029');
}
