using System.Text;
using Sipstead.Sip.Parsing;

namespace Sipstead.Sip.Messages;

/// <summary>Finds the one part of a body that is asked for: the whole body, or a part of <c>multipart/mixed</c> (RFC 2046 5.1, RFC 5621).</summary>
public static class MultipartBody
{
    /// <summary>RFC 2046 5.1.1.</summary>
    private const int MaximumBoundary = 70;

    /// <summary>Content of the first part of a media type; the whole body when it is not multipart, empty when no part has the type.</summary>
    /// <param name="message">The message.</param>
    /// <param name="type">Media type in lower case, such as <c>application/sdp</c>.</param>
    public static ReadOnlySpan<byte> Find(SipMessage message, ReadOnlySpan<byte> type)
    {
        ArgumentNullException.ThrowIfNull(message);
        var contentType = message.Value(HeaderId.ContentType);
        if (!IsType(contentType, "multipart/mixed"u8)) return message.Body;
        return TryReadBoundary(contentType, out var boundary) ? FindPart(message.Body, boundary, type) : default;
    }

    private static bool TryReadBoundary(ReadOnlySpan<byte> contentType, out ReadOnlySpan<byte> boundary)
    {
        var semicolon = contentType.IndexOf((byte)';');
        var parameters = semicolon < 0 ? default : contentType[semicolon..];
        if (!HeaderParameters.TryFind(parameters, "boundary"u8, out boundary)) return false;
        if (boundary is [(byte)'"', .., (byte)'"']) boundary = boundary[1..^1];
        return boundary.Length is > 0 and <= MaximumBoundary;
    }

    private static ReadOnlySpan<byte> FindPart(ReadOnlySpan<byte> body, ReadOnlySpan<byte> boundary, ReadOnlySpan<byte> type)
    {
        if (!TrySkipDelimiter(ref body, boundary, out _)) return default;
        while (true)
        {
            var part = body;
            if (!TrySkipDelimiter(ref body, boundary, out var length)) return default; // a part without an end is no part
            part = part[..length];
            var head = part.IndexOf("\r\n\r\n"u8);
            if (head >= 0 && HasType(part[..head], type)) return part[(head + 4)..];
        }
    }

    /// <summary>Moves behind the next delimiter line; <paramref name="before"/> are the octets before it, without its leading line break.</summary>
    private static bool TrySkipDelimiter(scoped ref ReadOnlySpan<byte> body, ReadOnlySpan<byte> boundary, out int before)
    {
        before = 0;
        Span<byte> delimiter = stackalloc byte[2 + MaximumBoundary];
        "--"u8.CopyTo(delimiter);
        boundary.CopyTo(delimiter[2..]);
        var at = body.IndexOf(delimiter[..(2 + boundary.Length)]);
        if (at < 0) return false;
        before = at >= 2 && body[(at - 2)..at].SequenceEqual("\r\n"u8) ? at - 2 : at;
        body = body[(at + 2 + boundary.Length)..];
        var line = body.IndexOf("\r\n"u8);
        body = line < 0 ? default : body[(line + 2)..];
        return true;
    }

    private static bool HasType(ReadOnlySpan<byte> head, ReadOnlySpan<byte> type)
    {
        foreach (var range in head.Split("\r\n"u8))
        {
            var line = head[range];
            var colon = line.IndexOf((byte)':');
            if (colon > 0 && Ascii.EqualsIgnoreCase(SipChars.Trim(line[..colon]), "Content-Type"u8)) return IsType(line[(colon + 1)..], type);
        }

        return false;
    }

    private static bool IsType(ReadOnlySpan<byte> value, ReadOnlySpan<byte> type)
    {
        var end = value.IndexOf((byte)';');
        return Ascii.EqualsIgnoreCase(SipChars.Trim(end < 0 ? value : value[..end]), type);
    }
}
