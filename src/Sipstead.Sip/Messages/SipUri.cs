using System.Text;
using Sipstead.Sip.Parsing;

namespace Sipstead.Sip.Messages;

/// <summary>
/// View of a SIP or SIPS URI (RFC 3261 19.1, 25.1), or of an absolute URI of another scheme, of which only <see cref="Text"/> and
/// <see cref="Scheme"/> are set. All parts are as sent, escapes included; decode with <see cref="TryUnescape"/>, once, after splitting.
/// </summary>
public readonly ref struct SipUri
{
    private readonly ushort _userLength;
    private readonly ushort _hostStart;
    private readonly ushort _hostLength;
    private readonly ushort _parametersStart;
    private readonly ushort _headersStart;

    private SipUri(ReadOnlySpan<byte> text, UriScheme scheme)
    {
        Text = text;
        Scheme = scheme;
        _parametersStart = _headersStart = (ushort)text.Length;
    }

    private SipUri(
        ReadOnlySpan<byte> text, UriScheme scheme, int userLength, bool hasPassword, int hostStart, int hostLength, int port, int parametersStart, int headersStart)
    {
        Text = text;
        Scheme = scheme;
        _userLength = (ushort)userLength;
        HasPassword = hasPassword;
        _hostStart = (ushort)hostStart;
        _hostLength = (ushort)hostLength;
        Port = port;
        _parametersStart = (ushort)parametersStart;
        _headersStart = (ushort)headersStart;
    }

    /// <summary>The whole URI.</summary>
    public ReadOnlySpan<byte> Text { get; }

    public UriScheme Scheme { get; }

    /// <summary>True for sip and sips.</summary>
    public bool IsSip => Scheme != UriScheme.Other;

    /// <summary>True when there is a user part, even with an empty password.</summary>
    public bool HasUser => _userLength > 0;

    /// <summary>User part, with telephone-subscriber parameters where it has them.</summary>
    public ReadOnlySpan<byte> User => Text.Slice(UserStart, _userLength);

    public ReadOnlySpan<byte> Password => HasPassword ? Text[(UserStart + _userLength + 1)..(_hostStart - 1)] : default;

    /// <summary>True when the user part has a ':', even with nothing behind it.</summary>
    public bool HasPassword { get; }

    /// <summary>Host name, IPv4 address, or IPv6 reference with its brackets.</summary>
    public ReadOnlySpan<byte> Host => Text.Slice(_hostStart, _hostLength);

    /// <summary>Port, or -1 when absent. An absent port is not the default port (19.1.4).</summary>
    public int Port { get; }

    /// <summary>Parameters with the leading ';', or empty.</summary>
    public ReadOnlySpan<byte> Parameters => Text[_parametersStart.._headersStart];

    /// <summary>Header part with the leading '?', or empty.</summary>
    public ReadOnlySpan<byte> Headers => Text[_headersStart..];

    /// <summary>Behind "sip:" or "sips:"; nowhere in particular for other schemes, which have no user.</summary>
    private int UserStart => Scheme switch { UriScheme.Sip => 4, UriScheme.Sips => 5, _ => 0 };

    /// <summary>Reads a whole URI. False when it is malformed.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out SipUri uri)
    {
        uri = default;
        if (text.Length > ushort.MaxValue) return false;
        if (text.Length > 4 && text[3] == ':' && Ascii.EqualsIgnoreCase(text[..3], "sip"u8)) return TryParseSip(text, 4, UriScheme.Sip, out uri);
        if (text.Length > 5 && text[4] == ':' && Ascii.EqualsIgnoreCase(text[..4], "sips"u8)) return TryParseSip(text, 5, UriScheme.Sips, out uri);
        var colon = text.IndexOf((byte)':');
        if (colon <= 0) return false;
        var scheme = text[..colon];
        if (Ascii.EqualsIgnoreCase(scheme, "sip"u8) || Ascii.EqualsIgnoreCase(scheme, "sips"u8)) return false; // nothing behind it
        if (!char.IsAsciiLetter((char)scheme[0]) || !SipChars.IsAll(scheme, SipChars.Token)) return false;
        if (!SipChars.IsAll(text[(colon + 1)..], SipChars.AbsoluteUri)) return false;
        uri = new SipUri(text, UriScheme.Other);
        return true;
    }

    /// <summary>Finds a URI parameter by name, without case, escapes of the name decoded. <paramref name="value"/> is as sent, empty when it has none.</summary>
    public bool TryGetParameter(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        foreach (var parameter in new UriParameters(Parameters))
        {
            if (!SipUriComparison.EqualUnescaped(parameter.Name, name, ignoreCase: true)) continue;
            value = parameter.Value;
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>Host without the brackets of an IPv6 reference.</summary>
    public static ReadOnlySpan<byte> TrimBrackets(ReadOnlySpan<byte> host) => host is [(byte)'[', .., (byte)']'] ? host[1..^1] : host;

    /// <summary>Decodes %-escapes once (MSG-13). False when the result does not fit or an escape is broken; %00 stays a real octet.</summary>
    public static bool TryUnescape(ReadOnlySpan<byte> text, Span<byte> destination, out int written)
    {
        written = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (written == destination.Length) return false;
            var octet = text[i];
            if (octet == '%')
            {
                if (i + 2 >= text.Length) return false;
                var value = (SipChars.HexValue(text[i + 1]) << 4) | SipChars.HexValue(text[i + 2]);
                if (value < 0) return false;
                octet = (byte)value;
                i += 2;
            }

            destination[written++] = octet;
        }

        return true;
    }

    /// <summary>Reads <c>host[:port]</c> at the start of <paramref name="text"/>; <paramref name="length"/> says how far it goes, port is -1 when absent.</summary>
    internal static bool TryReadHostPort(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> host, out int port, out int length)
    {
        port = -1;
        if (!TryReadHost(text, out host))
        {
            length = 0;
            return false;
        }

        length = host.Length;
        if (length == text.Length || text[length] != ':') return true;
        var digits = text[(length + 1)..];
        var end = digits.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (end >= 0) digits = digits[..end];
        length += 1 + digits.Length;
        return SipNumber.TryParse(digits, ushort.MaxValue, out port);
    }

    private static bool TryParseSip(ReadOnlySpan<byte> text, int start, UriScheme scheme, out SipUri uri)
    {
        uri = default;
        var userLength = 0;
        var hasPassword = false;
        var hostStart = start;
        var at = text[start..].IndexOf((byte)'@');
        if (at >= 0)
        {
            if (!TryReadUser(text.Slice(start, at), out userLength)) return false;
            hasPassword = userLength < at;
            hostStart = start + at + 1;
        }

        if (!TryReadHostPort(text[hostStart..], out var host, out var port, out var length)) return false;
        var parametersStart = hostStart + length;
        var headersStart = text.Length;
        if (parametersStart < text.Length)
        {
            var question = text[parametersStart..].IndexOf((byte)'?');
            if (question >= 0) headersStart = parametersStart + question;
            if (!AreValid(text[parametersStart..headersStart], text[headersStart..])) return false;
        }

        uri = new SipUri(text, scheme, userLength, hasPassword, hostStart, host.Length, port, parametersStart, headersStart);
        return true;
    }

    /// <summary>Reads <c>user[:password]</c>; <paramref name="length"/> is that of the user.</summary>
    private static bool TryReadUser(ReadOnlySpan<byte> userInfo, out int length)
    {
        length = userInfo.Length;
        var other = SipChars.User.IndexOfOther(userInfo);
        if (other >= 0)
        {
            if (userInfo[other] != ':') return false;
            length = other;
            if (SipChars.Password.IndexOfOther(userInfo[(other + 1)..]) >= 0) return false;
        }

        return length > 0 && SipChars.HasValidEscapes(userInfo);
    }

    private static bool TryReadHost(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> host)
    {
        host = default;
        if (text.IsEmpty) return false;
        if (text[0] == '[')
        {
            var close = text.IndexOf((byte)']');
            if (close < 3 || !SipChars.IsAll(text[1..close], SipChars.Ipv6) || !text[1..close].Contains((byte)':')) return false;
            host = text[..(close + 1)];
            return true;
        }

        var end = SipChars.HostName.IndexOfOther(text);
        var name = end < 0 ? text : text[..end];
        if (name.IsEmpty || name.Length > 255 || name[0] == '-' || name[0] == '.' || name.IndexOf(".."u8) >= 0) return false;
        host = name;
        return true;
    }

    private static bool AreValid(ReadOnlySpan<byte> parameters, ReadOnlySpan<byte> headers)
    {
        if (!parameters.IsEmpty && parameters[0] != ';') return false;
        var count = 0;
        foreach (var parameter in new UriParameters(parameters))
        {
            if (++count > SipLimits.Parameters || !SipChars.IsAll(parameter.Name, SipChars.UriParameter)) return false;
            if (parameter.HasValue && !SipChars.IsAll(parameter.Value, SipChars.UriParameter)) return false;
        }

        if (!SipChars.HasValidEscapes(parameters) || !SipChars.HasValidEscapes(headers)) return false;
        if (headers.IsEmpty) return true;
        count = 0;
        foreach (var range in headers[1..].Split((byte)'&'))
        {
            var header = headers[1..][range];
            var equals = header.IndexOf((byte)'=');
            if (++count > SipLimits.Parameters || equals <= 0) return false;
            if (!SipChars.IsAll(header[..equals], SipChars.UriHeader) || SipChars.UriHeader.IndexOfOther(header[(equals + 1)..]) >= 0) return false;
        }

        return true;
    }
}
