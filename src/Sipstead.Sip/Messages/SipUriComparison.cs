using System.Text;
using Sipstead.Sip.Parsing;
using Sipstead.Sip.Transport;

namespace Sipstead.Sip.Messages;

/// <summary>
/// URI comparison of RFC 3261 19.1.4, with IPv6 by value (RFC 5954). It is not transitive (URI-02): compare with each stored URI, never through a key.
/// </summary>
public static class SipUriComparison
{
    /// <summary>True when both are malformed-free SIP URIs that 19.1.4 calls equal, or the same octets.</summary>
    public static bool AreEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.SequenceEqual(right)) return true;
        return SipUri.TryParse(left, out var a) && SipUri.TryParse(right, out var b) && AreEqual(a, b);
    }

    public static bool AreEqual(in SipUri a, in SipUri b)
    {
        if (a.Scheme != b.Scheme || !a.IsSip) return a.Text.SequenceEqual(b.Text);
        return a.HasUser == b.HasUser && a.HasPassword == b.HasPassword && a.Port == b.Port
            && EqualUnescaped(a.User, b.User, ignoreCase: false) && EqualUnescaped(a.Password, b.Password, ignoreCase: false)
            && HostsEqual(a.Host, b.Host) && ParametersMatch(a, b) && ParametersMatch(b, a) && HeadersMatch(a, b) && HeadersMatch(b, a);
    }

    /// <summary>Host names without ASCII case, addresses by value.</summary>
    public static bool HostsEqual(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        if (Ascii.EqualsIgnoreCase(a, b)) return true;
        if (a.IsEmpty || b.IsEmpty || a[0] != '[' || b[0] != '[') return false;
        return Ipv6Text.TryParse(SipUri.TrimBrackets(a), out var left) && Ipv6Text.TryParse(SipUri.TrimBrackets(b), out var right) && left == right;
    }

    /// <summary>Compares octet by octet, %-escapes decoded once on the way.</summary>
    public static bool EqualUnescaped(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, bool ignoreCase)
    {
        int i = 0, j = 0;
        while (i < a.Length && j < b.Length)
        {
            var left = NextOctet(a, ref i);
            var right = NextOctet(b, ref j);
            if (left == right) continue;
            if (!ignoreCase || !char.IsAsciiLetter((char)left) || (left | 0x20) != (right | 0x20)) return false;
        }

        return i == a.Length && j == b.Length;
    }

    private static int NextOctet(ReadOnlySpan<byte> text, ref int at)
    {
        if (text[at] != '%' || at + 2 >= text.Length) return text[at++];
        var value = (SipChars.HexValue(text[at + 1]) << 4) | SipChars.HexValue(text[at + 2]);
        if (value < 0) return text[at++]; // no escape
        at += 3;
        return value;
    }

    /// <summary>Each parameter of <paramref name="a"/> is equal in <paramref name="b"/>; only the five special ones must be there at all.</summary>
    private static bool ParametersMatch(in SipUri a, in SipUri b)
    {
        foreach (var parameter in new UriParameters(a.Parameters))
        {
            if (b.TryGetParameter(parameter.Name, out var other))
            {
                if (!EqualUnescaped(parameter.Value, other, ignoreCase: true)) return false;
            }
            else if (MustBeInBoth(parameter.Name))
            {
                return false;
            }
        }

        return true;
    }

    private static bool MustBeInBoth(ReadOnlySpan<byte> name) =>
        NamesEqual(name, "transport"u8) || NamesEqual(name, "user"u8) || NamesEqual(name, "ttl"u8) || NamesEqual(name, "method"u8)
        || NamesEqual(name, "maddr"u8);

    private static bool NamesEqual(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) => EqualUnescaped(a, b, ignoreCase: true);

    private static bool HeadersMatch(in SipUri a, in SipUri b)
    {
        if (a.Headers.IsEmpty) return true;
        var headers = a.Headers[1..];
        foreach (var range in headers.Split((byte)'&'))
        {
            if (!HasHeader(b, headers[range])) return false;
        }

        return true;
    }

    private static bool HasHeader(in SipUri uri, ReadOnlySpan<byte> wanted)
    {
        if (uri.Headers.IsEmpty) return false;
        var equals = wanted.IndexOf((byte)'=');
        var headers = uri.Headers[1..];
        foreach (var range in headers.Split((byte)'&'))
        {
            var header = headers[range];
            var at = header.IndexOf((byte)'=');
            if (NamesEqual(header[..at], wanted[..equals])) return EqualUnescaped(header[(at + 1)..], wanted[(equals + 1)..], ignoreCase: false);
        }

        return false;
    }
}
