namespace Sipstead.Sip.Tests.Fuzzing;

/// <summary>A text and a place in it: what a plain reader of a grammar needs, with strings and one character at a time.</summary>
internal sealed class PlainText(string text)
{
    private const string Alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>RFC 3261 25.1 <c>token</c>.</summary>
    public const string Token = Alphanumeric + "-.!%*_+`'~";

    /// <summary><c>word</c>.</summary>
    public const string Word = Token + "()<>:\\\"/[]?{}";

    /// <summary><c>unreserved</c>, and the percent sign of escapes.</summary>
    public const string Unreserved = Alphanumeric + "-_.!~*'()%";

    public const string Digit = "0123456789";

    public const string Letter = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    public const string HostName = Alphanumeric + "-.";

    public const string Hexadecimal = Digit + "abcdefABCDEF";

    private int _at;

    public bool IsAtEnd => _at == text.Length;

    public char Next => IsAtEnd ? '\uFFFF' : text[_at];

    /// <summary>Takes a character when it is next.</summary>
    public bool Take(char wanted)
    {
        if (Next != wanted) return false;
        _at++;
        return true;
    }

    /// <summary>Takes as many characters of a set as there are.</summary>
    public string TakeAll(string allowed)
    {
        var start = _at;
        while (!IsAtEnd && allowed.Contains(text[_at], StringComparison.Ordinal)) _at++;
        return text[start.._at];
    }

    /// <summary>Takes what stands before the first of some characters, or all.</summary>
    public string TakeBefore(string ends)
    {
        var start = _at;
        while (!IsAtEnd && !ends.Contains(text[_at], StringComparison.Ordinal)) _at++;
        return text[start.._at];
    }

    /// <summary>Steps over white space.</summary>
    public bool SkipBlanks() => TakeAll(" \t").Length > 0;

    /// <summary>Takes a quoted string with its quotes; null when it does not end.</summary>
    public string? TakeQuoted()
    {
        var start = _at++;
        while (!IsAtEnd)
        {
            var octet = text[_at++];
            if (octet == '"') return text[start.._at];
            if (octet != '\\') continue;
            if (IsAtEnd) return null;
            _at++;
        }

        return null;
    }

    /// <summary>True when a text is not empty and made of a set.</summary>
    public static bool IsAll(string text, string allowed) => text.Length > 0 && text.All(c => allowed.Contains(c, StringComparison.Ordinal));

    /// <summary>True when each percent sign begins an escape.</summary>
    public static bool HasEscapes(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '%' && (at + 2 >= text.Length || !IsAll(text.Substring(at + 1, 2), Hexadecimal))) return false;
        }

        return true;
    }

    /// <summary>True for digits of a number up to a bound.</summary>
    public static bool IsNumber(string text, ulong most) =>
        IsAll(text, Digit) && System.Numerics.BigInteger.Parse(text, System.Globalization.CultureInfo.InvariantCulture) <= most;
}
