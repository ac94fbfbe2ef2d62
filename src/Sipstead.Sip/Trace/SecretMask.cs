using System.Text;
using Sipstead.Sip.Parsing;

namespace Sipstead.Sip.Trace;

/// <summary>
/// Puts 'x' over what of a message would let a reader find out a password or act as its sender: in Digest credentials the response, the cnonce and all that
/// is not known to be harmless, other credentials whole, tokens of Identity, and keys of media in SDP. Length and place of everything stay.
/// </summary>
/// <remarks>
/// What is harmless is listed, not what is secret. Where credentials are not well-formed, or a damaged line may hold a part of them, all of it is masked.
/// Lines of the body are treated like those of the head: a body may be a message, and the end of the head may be damaged.
/// </remarks>
internal static class SecretMask
{
    private const byte Mask = (byte)'x';

    private enum Secret
    {
        None,

        /// <summary>Everything.</summary>
        All,

        /// <summary>A scheme and what belongs to it.</summary>
        Credentials,

        /// <summary>Parameters as Digest has them.</summary>
        Parameters,
    }

    /// <summary>Masks in place. Takes any octets, cut anywhere.</summary>
    public static void Apply(Span<byte> message)
    {
        var rest = message;
        var (hasCredentials, isHead) = (false, true);
        while (!rest.IsEmpty)
        {
            var length = LineLength(rest);
            isHead &= !SkipSpace(rest[..length]).IsEmpty;
            var secret = Find(rest[..length], out var start);
            if (secret == Secret.None && hasCredentials) secret = FindTornPart(rest[..length], isHead, out start);
            if (secret != Secret.None)
            {
                length = WithContinuations(rest, length);
                Hide(secret, rest[start..length]);
                hasCredentials |= secret == Secret.Credentials;
            }

            rest = rest[length..];
        }
    }

    /// <summary>Octets of the first line, its end included; a lone CR or LF ends it, too.</summary>
    private static int LineLength(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAny((byte)'\r', (byte)'\n');
        if (end < 0) return text.Length;
        return text[end..].StartsWith("\r\n"u8) ? end + 2 : end + 1;
    }

    private static int WithContinuations(ReadOnlySpan<byte> text, int length)
    {
        while (length < text.Length && SipChars.IsWhiteSpace(text[length])) length += LineLength(text[length..]);
        return length;
    }

    /// <summary>What is secret from <paramref name="start"/> on.</summary>
    private static Secret Find(ReadOnlySpan<byte> line, out int start)
    {
        var colon = line.IndexOf((byte)':');
        start = colon + 1;
        var name = TrimSpace(line[..Math.Max(colon, 0)]);
        var secret = OfHeader(name);
        if (secret == Secret.None && (IsMediaKey(line, out start) || IsHiddenCredentials(line, colon, out start))) secret = Secret.All;
        return secret;
    }

    private static Secret OfHeader(ReadOnlySpan<byte> name) => name.Length switch
    {
        1 => Is(name, "y"u8) ? Secret.All : Secret.None,
        8 => Is(name, "identity"u8) ? Secret.All : Secret.None,
        13 => Is(name, "authorization"u8) ? Secret.Credentials : Secret.None,
        19 => Is(name, "proxy-authorization"u8) ? Secret.Credentials : Is(name, "authentication-info"u8) ? Secret.Parameters : Secret.None,
        25 => Is(name, "proxy-authentication-info"u8) ? Secret.Parameters : Secret.None,
        _ => Secret.None,
    };

    /// <summary>The word Authorization in a damaged name, or as a name in the middle of a line, as a fold that should not be there puts it.</summary>
    private static bool IsHiddenCredentials(ReadOnlySpan<byte> line, int colon, out int start)
    {
        const int placeOfZ = 8;
        start = IndexOf(line, "authorization"u8, placeOfZ);
        if (start < 0) return false;
        var isInName = colon < 0 || start < colon;
        start += "authorization"u8.Length;
        return isInName || SkipSpace(line[start..]).StartsWith(":"u8);
    }

    /// <summary>Keys of SRTP and ICE in SDP (RFC 4568, 4567, 8839, and <c>k=</c> of RFC 4566).</summary>
    private static bool IsMediaKey(ReadOnlySpan<byte> line, out int start)
    {
        start = 2;
        if (line.Length < 2 || line[1] != '=') return false;
        if ((line[0] | 0x20) == 'k') return true;
        if ((line[0] | 0x20) != 'a') return false;
        var attribute = line[2..];
        start += attribute.IndexOf((byte)':') + 1;
        var name = TrimSpace(attribute[..Math.Max(start - 3, 0)]);
        return Is(name, "crypto"u8) || Is(name, "key-mgmt"u8) || Is(name, "ice-pwd"u8);
    }

    /// <summary>A part that a stray line end tore off credentials above it: a line of the head that is no header, and a response wherever it stands.</summary>
    private static Secret FindTornPart(ReadOnlySpan<byte> line, bool isHead, out int start)
    {
        const int placeOfP = 3;
        start = 0;
        var colon = line.IndexOf((byte)':');
        if (isHead && (colon < 0 || !SipChars.IsAll(TrimSpace(line[..colon]), SipChars.Token))) return Secret.All;
        start = IndexOf(line, "response"u8, placeOfP);
        return start >= 0 && SkipSpace(line[(start + "response"u8.Length)..]).StartsWith("="u8) ? Secret.All : Secret.None;
    }

    private static void Hide(Secret secret, Span<byte> value)
    {
        if (secret == Secret.All) HideAll(value);
        else if (secret == Secret.Credentials) HideCredentials(value);
        else if (secret == Secret.Parameters) HideParameters(value);
    }

    /// <summary>Hides everything but white space and line ends.</summary>
    private static void HideAll(Span<byte> value)
    {
        foreach (ref var octet in value)
        {
            if (!IsSpace(octet)) octet = Mask;
        }
    }

    private static void HideCredentials(Span<byte> value)
    {
        var start = value.Length - SkipSpace(value).Length;
        var end = start;
        while (end < value.Length && !IsSpace(value[end])) end++;
        var scheme = (ReadOnlySpan<byte>)value[start..end];
        if (Is(scheme, "digest"u8)) HideParameters(value[end..]);
        else if (Is(scheme, "basic"u8) || Is(scheme, "bearer"u8)) HideAll(value[end..]);
        else HideAll(value);
    }

    private static void HideParameters(Span<byte> parameters)
    {
        while (true)
        {
            while (!parameters.IsEmpty && (IsSpace(parameters[0]) || parameters[0] == ',')) parameters = parameters[1..];
            if (parameters.IsEmpty) return;
            if (!TryReadParameter(parameters, out var isHarmless, out var value, out var end))
            {
                HideAll(parameters);
                return;
            }

            if (!isHarmless) HideAll(parameters[value]);
            parameters = parameters[end..];
        }
    }

    /// <summary>Reads one parameter up to the comma behind it. False when it is not well-formed.</summary>
    /// <param name="value">The value without its quotes.</param>
    private static bool TryReadParameter(ReadOnlySpan<byte> text, out bool isHarmless, out Range value, out int end)
    {
        (isHarmless, value, end) = (false, default, 0);
        var equals = text.IndexOf((byte)'=');
        if (equals < 0) return false;
        var name = TrimSpace(text[..equals]);
        if (!SipChars.IsAll(name, SipChars.Token)) return false;
        var start = text.Length - SkipSpace(text[(equals + 1)..]).Length;
        var isQuoted = start < text.Length && text[start] == '"';
        var length = isQuoted ? SipChars.QuotedStringLength(text[start..]) : LengthOfPlain(text[start..]);
        if (length < 0) return false;
        var rest = SkipSpace(text[(start + length)..]);
        end = text.Length - rest.Length;
        value = isQuoted ? (start + 1)..(start + length - 1) : start..(start + length);
        isHarmless = IsHarmless(name) && IndexOf(text[value], "response"u8, 0) < 0; // a quote that is missing puts one parameter into another
        return rest.IsEmpty || rest[0] == ',';
    }

    private static int LengthOfPlain(ReadOnlySpan<byte> text)
    {
        var length = 0;
        while (length < text.Length && text[length] != ',' && !IsSpace(text[length])) length++;
        return length;
    }

    private static bool IsHarmless(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 => Is(name, "nc"u8),
        3 => Is(name, "uri"u8) || Is(name, "qop"u8),
        5 => Is(name, "realm"u8) || Is(name, "nonce"u8),
        6 => Is(name, "opaque"u8),
        8 => Is(name, "username"u8) || Is(name, "userhash"u8),
        9 => Is(name, "algorithm"u8) || Is(name, "nextnonce"u8),
        _ => false,
    };

    private static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) => Ascii.EqualsIgnoreCase(text, word);

    /// <summary>Finds a word in any case, by its letter at <paramref name="rare"/>, which should be rare. -1 when it is not there.</summary>
    private static int IndexOf(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word, int rare)
    {
        for (var at = rare; at < text.Length; at++)
        {
            var hit = text[at..].IndexOfAny(word[rare], (byte)(word[rare] & ~0x20));
            if (hit < 0) return -1;
            at += hit;
            if (at - rare + word.Length <= text.Length && Is(text.Slice(at - rare, word.Length), word)) return at - rare;
        }

        return -1;
    }

    private static bool IsSpace(byte octet) => octet is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';

    private static ReadOnlySpan<byte> SkipSpace(ReadOnlySpan<byte> text)
    {
        var start = 0;
        while (start < text.Length && IsSpace(text[start])) start++;
        return text[start..];
    }

    private static ReadOnlySpan<byte> TrimSpace(ReadOnlySpan<byte> text)
    {
        var end = text.Length;
        while (end > 0 && IsSpace(text[end - 1])) end--;
        return SkipSpace(text[..end]);
    }
}
