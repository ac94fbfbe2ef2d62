using System.Text;
using Sipstead.Sip.Parsing;

namespace Sipstead.Sip.Messages;

/// <summary>
/// View of a SIP or SIPS URI (RFC 3261 19.1, 25.1), or of an absolute URI of another scheme, of which only <see cref="Text"/> and
/// <see cref="Scheme"/> are set. All parts are as sent, escapes included; decode with <see cref="TryUnescape"/>, once, after splitting.
/// </summary>
public readonly ref struct SipUri
{
    private SipUri(ReadOnlySpan<byte> text, UriScheme scheme)
    {
        Text = text;
        Scheme = scheme;
    }

    /// <summary>The whole URI.</summary>
    public ReadOnlySpan<byte> Text { get; }

    public UriScheme Scheme { get; }

    /// <summary>True for sip and sips.</summary>
    public bool IsSip => Scheme != UriScheme.Other;

    /// <summary>True when there is a user part, even with an empty password.</summary>
    public bool HasUser => !User.IsEmpty;

    /// <summary>User part, with telephone-subscriber parameters where it has them.</summary>
    public ReadOnlySpan<byte> User { get; private init; }

    public ReadOnlySpan<byte> Password { get; private init; }

    /// <summary>True when the user part has a ':', even with nothing behind it.</summary>
    public bool HasPassword { get; private init; }

    /// <summary>Host name, IPv4 address, or IPv6 reference with its brackets.</summary>
    public ReadOnlySpan<byte> Host { get; private init; }

    /// <summary>Port, or -1 when absent. An absent port is not the default port (19.1.4).</summary>
    public int Port { get; private init; }

    /// <summary>Parameters with the leading ';', or empty.</summary>
    public ReadOnlySpan<byte> Parameters { get; private init; }

    /// <summary>Header part with the leading '?', or empty.</summary>
    public ReadOnlySpan<byte> Headers { get; private init; }

    /// <summary>Reads a whole URI. False when it is malformed.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out SipUri uri)
    {
        uri = default;
        var colon = text.IndexOf((byte)':');
        if (colon <= 0) return false;
        var scheme = text[..colon];
        if (Ascii.EqualsIgnoreCase(scheme, "sip"u8)) return TryParseSip(text, text[(colon + 1)..], UriScheme.Sip, out uri);
        if (Ascii.EqualsIgnoreCase(scheme, "sips"u8)) return TryParseSip(text, text[(colon + 1)..], UriScheme.Sips, out uri);
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

    private static bool TryParseSip(ReadOnlySpan<byte> text, ReadOnlySpan<byte> rest, UriScheme scheme, out SipUri uri)
    {
        uri = default;
        ReadOnlySpan<byte> user = default, password = default;
        var hasPassword = false;
        var at = rest.IndexOf((byte)'@');
        if (at >= 0)
        {
            user = rest[..at];
            rest = rest[(at + 1)..];
            var colon = user.IndexOf((byte)':');
            if (colon >= 0)
            {
                hasPassword = true;
                password = user[(colon + 1)..];
                user = user[..colon];
                if (password.ContainsAnyExcept(SipChars.Password) || !SipChars.HasValidEscapes(password)) return false;
            }

            if (!SipChars.IsAll(user, SipChars.User) || !SipChars.HasValidEscapes(user)) return false;
        }

        if (!TryReadHostPort(rest, out var host, out var port, out var length)) return false;
        rest = rest[length..];
        var question = rest.IndexOf((byte)'?');
        var parameters = question < 0 ? rest : rest[..question];
        var headers = question < 0 ? default : rest[question..];
        if (!AreValid(parameters, headers)) return false;
        uri = new SipUri(text, scheme)
        {
            User = user, Password = password, HasPassword = hasPassword, Host = host, Port = port, Parameters = parameters, Headers = headers,
        };
        return true;
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

        var end = text.IndexOfAnyExcept(SipChars.HostName);
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
            if (!SipChars.IsAll(header[..equals], SipChars.UriHeader) || header[(equals + 1)..].ContainsAnyExcept(SipChars.UriHeader)) return false;
        }

        return true;
    }
}
