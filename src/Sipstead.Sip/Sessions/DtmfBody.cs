using System.Text;
using Sipstead.Sip.Parsing;
using Sipstead.Sip.Uas;

namespace Sipstead.Sip.Sessions;

/// <summary>
/// Key presses in INFO, as many devices send them: <c>application/dtmf-relay</c> (lines <c>Signal=5</c> and <c>Duration=160</c>) and <c>application/dtmf</c>
/// (the key alone). Neither has an RFC.
/// </summary>
public static class DtmfBody
{
    private const string Keys = "0123456789*#ABCD";

    /// <summary>Header line of a 415 to INFO.</summary>
    internal static ReadOnlySpan<byte> AcceptLine => "Accept: application/dtmf-relay, application/dtmf\r\n"u8;

    /// <summary>True for the media types that hold a key press.</summary>
    public static bool IsKnown(ReadOnlySpan<byte> contentType)
    {
        var type = BodyRules.TypeOf(contentType);
        return Ascii.EqualsIgnoreCase(type, "application/dtmf-relay"u8) || Ascii.EqualsIgnoreCase(type, "application/dtmf"u8);
    }

    /// <summary>Reads the key: 0 to 9, *, #, A to D. False when the body names none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> contentType, ReadOnlySpan<byte> body, out char key)
    {
        var isPlain = Ascii.EqualsIgnoreCase(BodyRules.TypeOf(contentType), "application/dtmf"u8);
        key = default;
        if (isPlain && body.IndexOf((byte)'=') < 0) return TryReadKey(SipChars.Trim(body.TrimEnd("\r\n"u8)), out key);
        foreach (var range in body.SplitAny("\r\n"u8))
        {
            var line = body[range];
            var equals = line.IndexOf((byte)'=');
            if (equals > 0 && Ascii.EqualsIgnoreCase(SipChars.Trim(line[..equals]), "Signal"u8))
                return TryReadKey(SipChars.Trim(line[(equals + 1)..]), out key);
        }

        return false;
    }

    /// <summary>One character, or the number of a telephone-event (RFC 4733 3.2), which some send for the keys behind 9.</summary>
    private static bool TryReadKey(ReadOnlySpan<byte> text, out char key)
    {
        key = default;
        if (text.Length == 2 && SipNumber.TryParse(text, Keys.Length - 1, out var number)) key = Keys[number];
        else if (text.Length == 1) key = char.ToUpperInvariant((char)text[0]);
        return Keys.Contains(key, StringComparison.Ordinal);
    }
}
