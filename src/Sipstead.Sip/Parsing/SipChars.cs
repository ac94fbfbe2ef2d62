namespace Sipstead.Sip.Parsing;

/// <summary>The character sets of RFC 3261 25.1, and the few octet rules that wire data needs instead of <c>Trim</c> (MSG-04).</summary>
internal static class SipChars
{
    private const string Alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const string Mark = "-_.!~*'()";

    /// <summary><c>token</c>.</summary>
    public static readonly OctetSet Token = new(Alphanumeric + "-.!%*_+`'~");

    /// <summary><c>word</c>, of which Call-ID is made.</summary>
    public static readonly OctetSet Word = new(Alphanumeric + "-.!%*_+`'~()<>:\\\"/[]?{}");

    /// <summary><c>user</c>: unreserved, escaped and user-unreserved.</summary>
    public static readonly OctetSet User = new(Alphanumeric + Mark + "%&=+$,;?/");

    /// <summary>What stands for itself in every user part: unreserved, and '+', which begins numbers.</summary>
    public static readonly OctetSet PlainUser = new(Alphanumeric + Mark + "+");

    /// <summary><c>password</c>.</summary>
    public static readonly OctetSet Password = new(Alphanumeric + Mark + "%&=+$,");

    /// <summary><c>paramchar</c>.</summary>
    public static readonly OctetSet UriParameter = new(Alphanumeric + Mark + "%[]/:&+$");

    /// <summary><c>paramchar</c> without escapes.</summary>
    public static readonly OctetSet PlainUriParameter = new(Alphanumeric + Mark + "[]/:&+$");

    /// <summary><c>hname</c> and <c>hvalue</c>.</summary>
    public static readonly OctetSet UriHeader = new(Alphanumeric + Mark + "%[]/?:+$");

    /// <summary>Characters of host names and IPv4 addresses.</summary>
    public static readonly OctetSet HostName = new(Alphanumeric + "-.");

    /// <summary>Characters inside the brackets of an IPv6 reference.</summary>
    public static readonly OctetSet Ipv6 = new("0123456789abcdefABCDEF:.");

    /// <summary>Any other absolute URI (RFC 3261 25.1 <c>absoluteURI</c>).</summary>
    public static readonly OctetSet AbsoluteUri = new(Alphanumeric + Mark + ";/?:@&=+$,%[]");

    /// <summary><c>gen-value</c> without quotes: a token or a host.</summary>
    public static readonly OctetSet ParameterValue = new(Alphanumeric + "-.!%*_+`'~[]:");

    /// <summary>SP or HTAB, the only white space inside a line.</summary>
    public static bool IsWhiteSpace(byte octet) => octet is (byte)' ' or (byte)'\t';

    public static bool IsDigit(byte octet) => (uint)(octet - '0') <= 9;

    /// <summary>True when <paramref name="text"/> is not empty and made of <paramref name="allowed"/> only.</summary>
    public static bool IsAll(ReadOnlySpan<byte> text, OctetSet allowed) => !text.IsEmpty && allowed.IndexOfOther(text) < 0;

    /// <summary>True for a known name, which is not empty, in any case. Most names differ in their first letter already.</summary>
    public static bool IsNamed(ReadOnlySpan<byte> text, ReadOnlySpan<byte> known) =>
        !text.IsEmpty && ((text[0] ^ known[0]) & ~0x20) == 0 && System.Text.Ascii.EqualsIgnoreCase(text, known);

    /// <summary>Strips SP and HTAB, and nothing else, from both ends.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text)
    {
        text = TrimStart(text);
        var end = text.Length;
        while (end > 0 && IsWhiteSpace(text[end - 1])) end--;
        return text[..end];
    }

    public static ReadOnlySpan<byte> TrimStart(ReadOnlySpan<byte> text)
    {
        var start = 0;
        while (start < text.Length && IsWhiteSpace(text[start])) start++;
        return text[start..];
    }

    /// <summary>True when every '%' is followed by two hexadecimal digits.</summary>
    public static bool HasValidEscapes(ReadOnlySpan<byte> text)
    {
        for (var at = text.IndexOf((byte)'%'); at >= 0; at = text.IndexOf((byte)'%'))
        {
            if (at + 2 >= text.Length || !char.IsAsciiHexDigit((char)text[at + 1]) || !char.IsAsciiHexDigit((char)text[at + 2])) return false;
            text = text[(at + 3)..];
        }

        return true;
    }

    /// <summary>Value of a hexadecimal digit, -1 for any other octet.</summary>
    public static int HexValue(byte octet) => octet switch
    {
        >= (byte)'0' and <= (byte)'9' => octet - '0',
        >= (byte)'a' and <= (byte)'f' => octet - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => octet - 'A' + 10,
        _ => -1,
    };

    /// <summary>Length of the quoted string at the start of <paramref name="text"/>, both quotes included; -1 when it does not end (MSG-10).</summary>
    public static int QuotedStringLength(ReadOnlySpan<byte> text)
    {
        var at = 1;
        while (true)
        {
            var hit = text[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (hit < 0) return -1;
            at += hit;
            if (text[at] == '"') return at + 1;
            at += 2; // a quoted pair: the octet after the backslash stands for itself
            if (at >= text.Length) return -1;
        }
    }
}
