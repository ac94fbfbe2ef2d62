namespace Sipstead.Media;

/// <summary>Text of protocols is ASCII: no culture, no locale's letters.</summary>
internal static class AsciiText
{
    public static bool EqualsIgnoreCase(ReadOnlySpan<char> left, ReadOnlySpan<char> right) => System.Text.Ascii.EqualsIgnoreCase(left, right);

    /// <summary>Reads decimal digits, all of the text, up to a largest value. No sign, no white space.</summary>
    public static bool TryReadNumber(ReadOnlySpan<char> text, int max, out int value)
    {
        value = 0;
        if (text.IsEmpty) return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c)) return false;
            var next = (value * 10L) + (c - '0');
            if (next > max) return false;
            value = (int)next;
        }

        return true;
    }

    /// <summary>True when every character is visible ASCII, and there is one.</summary>
    public static bool IsVisible(ReadOnlySpan<char> text) => !text.IsEmpty && text.IndexOfAnyExceptInRange('!', '~') < 0;
}
