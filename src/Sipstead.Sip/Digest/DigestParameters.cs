using System.Text;
using Sipstead.Sip.Parsing;

namespace Sipstead.Sip.Digest;

/// <summary>Reads the parameters of credentials and challenges of the scheme Digest (RFC 3261 25.1, RFC 7616 3.3, 3.4).</summary>
internal static class DigestParameters
{
    /// <summary>Reads past the scheme. False when it is another one.</summary>
    public static bool TryReadScheme(scoped ref ReadOnlySpan<byte> rest)
    {
        if (rest.Length < 8 || !Ascii.EqualsIgnoreCase(rest[..6], "Digest"u8) || !SipChars.IsWhiteSpace(rest[6])) return false;
        rest = rest[7..];
        return true;
    }

    /// <summary>Reads a parameter, and the comma behind it. False when it is malformed.</summary>
    /// <param name="content">Its value without quotes, quoted pairs not decoded.</param>
    public static bool TryRead(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> content)
    {
        if (!TryReadOne(ref rest, out name, out content)) return false;
        rest = SipChars.TrimStart(rest);
        if (rest.IsEmpty) return true;
        if (rest[0] != ',') return false;
        rest = rest[1..];
        return !SipChars.TrimStart(rest).IsEmpty; // another one must follow
    }

    private static bool TryReadOne(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> content)
    {
        name = content = default;
        var nameEnd = rest.IndexOf((byte)'=');
        if (nameEnd < 0) return false;
        name = SipChars.Trim(rest[..nameEnd]);
        rest = SipChars.TrimStart(rest[(nameEnd + 1)..]);
        if (rest.IsEmpty) return false;
        if (rest[0] != '"')
        {
            var end = rest.IndexOf((byte)',');
            if (end < 0) end = rest.Length;
            content = SipChars.Trim(rest[..end]);
            rest = rest[end..];
            return SipChars.IsAll(content, SipChars.Token);
        }

        var length = SipChars.QuotedStringLength(rest);
        if (length < 0) return false;
        content = rest[1..(length - 1)];
        rest = rest[length..];
        return true;
    }
}
