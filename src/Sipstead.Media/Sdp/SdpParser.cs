using System.Text;

namespace Sipstead.Media.Sdp;

/// <summary>
/// Reads a description in one pass (RFC 8866 5, 9). Lenient where peers are known to differ: bare LF ends a line, s= may lack, unknown lines are passed
/// over. It never throws, and what it keeps is bounded by <see cref="SdpLimits"/>.
/// </summary>
internal ref struct SdpParser
{
    private ReadOnlySpan<byte> _rest;
    private SdpOrigin? _origin;
    private SdpConnection? _connection;
    private bool _hasTime;
    private readonly List<SdpAttribute> _attributes;
    private readonly List<SdpMedia> _media;

    /// <summary>The media section being read; null in the session section.</summary>
    private SdpMedia? _open;
    private SdpConnection? _openConnection;
    private List<SdpAttribute> _openAttributes;

    private SdpParser(ReadOnlySpan<byte> text)
    {
        _rest = text;
        _attributes = [];
        _openAttributes = [];
        _media = [];
    }

    /// <summary>Reads a whole description; on failure <paramref name="error"/> says what is wrong.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out SdpDescription description, out SdpError error)
    {
        description = null!;
        error = text.Length > SdpLimits.Octets ? SdpError.TooLarge : SdpError.None;
        if (error != SdpError.None) return false;
        var parser = new SdpParser(text);
        error = parser.ReadAll();
        if (error != SdpError.None) return false;
        description = new SdpDescription
        {
            Origin = parser._origin!, Connection = parser._connection, Attributes = parser._attributes, Media = parser._media,
        };
        return true;
    }

    private SdpError ReadAll()
    {
        if (!NextLine(out var line)) return SdpError.Order;
        if (!line.StartsWith("v="u8)) return line.Length > 1 && line[1] == '=' ? SdpError.Order : SdpError.Line;
        if (!line.SequenceEqual("v=0"u8)) return SdpError.Version;
        if (!NextLine(out line) || !line.StartsWith("o="u8)) return SdpError.Order;
        var error = ReadOrigin(Text(line[2..]));
        while (error == SdpError.None && NextLine(out line)) error = ReadLine(line);
        if (error != SdpError.None) return error;
        CloseMedia();
        return _hasTime ? SdpError.None : SdpError.Order;
    }

    private bool NextLine(out ReadOnlySpan<byte> line)
    {
        line = default;
        if (_rest.IsEmpty) return false;
        var end = _rest.IndexOf((byte)'\n');
        line = end < 0 ? _rest : _rest[..end];
        _rest = end < 0 ? default : _rest[(end + 1)..];
        if (line is [.., (byte)'\r']) line = line[..^1];
        return true;
    }

    private SdpError ReadLine(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty) return _rest.IsEmpty ? SdpError.None : SdpError.Line; // an empty line at the end is common
        if (line.Length < 2 || line[1] != '=' || line.ContainsAny("\0\r"u8)) return SdpError.Line;
        var value = line[2..];
        switch (line[0])
        {
            case (byte)'v' or (byte)'o':
                return SdpError.Order;
            case (byte)'s':
                return _hasTime || _open is not null ? SdpError.Order : SdpError.None;
            case (byte)'t':
                _hasTime = true;
                return _open is null ? SdpError.None : SdpError.Order;
            case (byte)'c':
                return ReadConnection(Text(value));
            case (byte)'a':
                return ReadAttribute(Text(value));
            case (byte)'m':
                return _hasTime ? ReadMedia(Text(value)) : SdpError.Order;
            default:
                return SdpError.None;
        }
    }

    private SdpError ReadOrigin(string value)
    {
        var parts = value.Split(' ');
        var isWhole = parts.Length == 6 && parts.All(part => AsciiText.IsVisible(part)) && parts[1].All(char.IsAsciiDigit) && parts[2].All(char.IsAsciiDigit)
            && parts[3] == "IN";
        if (!isWhole) return SdpError.Origin;
        _origin = new SdpOrigin(parts[0], parts[1], parts[2], parts[4], parts[5]);
        return SdpError.None;
    }

    private SdpError ReadConnection(string value)
    {
        var parts = value.Split(' ');
        if (parts.Length != 3 || parts[0] != "IN" || !AsciiText.IsVisible(parts[1]) || !AsciiText.IsVisible(parts[2])) return SdpError.Connection;
        var connection = new SdpConnection(parts[1], parts[2]);
        if (_open is null) _connection = connection;
        else _openConnection ??= connection; // more than one a media is for layered multicast, which is refused by its address
        return SdpError.None;
    }

    private SdpError ReadAttribute(string value)
    {
        var attributes = _open is null ? _attributes : _openAttributes;
        if (attributes.Count == SdpLimits.Attributes) return SdpError.TooLarge;
        var colon = value.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? value : value[..colon];
        if (!AsciiText.IsVisible(name)) return SdpError.Attribute;
        attributes.Add(new SdpAttribute(name, colon < 0 ? null : value[(colon + 1)..]));
        return SdpError.None;
    }

    private SdpError ReadMedia(string value)
    {
        CloseMedia();
        if (_media.Count == SdpLimits.Media) return SdpError.TooLarge;
        var parts = value.TrimEnd(' ').Split(' ', SdpLimits.Formats + 4);
        if (parts.Length < 4 || !parts.All(part => AsciiText.IsVisible(part))) return SdpError.Media;
        if (parts.Length > SdpLimits.Formats + 3) return SdpError.TooLarge;
        if (!TryReadPort(parts[1], out var port)) return SdpError.Media;
        _open = new SdpMedia { Type = parts[0], Port = (ushort)port, Protocol = parts[2], Formats = parts[3..] };
        return SdpError.None;
    }

    /// <summary>A port, and perhaps the number of ports from there, which only multicast uses.</summary>
    private static bool TryReadPort(ReadOnlySpan<char> text, out int port)
    {
        var slash = text.IndexOf('/');
        if (!AsciiText.TryReadNumber(slash < 0 ? text : text[..slash], ushort.MaxValue, out port)) return false;
        return slash < 0 || AsciiText.TryReadNumber(text[(slash + 1)..], ushort.MaxValue, out _);
    }

    private void CloseMedia()
    {
        if (_open is null) return;
        _media.Add(_open with { Connection = _openConnection, Attributes = _openAttributes });
        _open = null;
        _openConnection = null;
        _openAttributes = [];
    }

    private static string Text(ReadOnlySpan<byte> octets) => Encoding.Latin1.GetString(octets);
}
