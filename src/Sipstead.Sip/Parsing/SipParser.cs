using Sipstead.Sip.Messages;

namespace Sipstead.Sip.Parsing;

/// <summary>
/// One pass over the octets of a message, filling the index of a <see cref="SipMessage"/> (RFC 3261 7, 25). It never throws for what a peer sent: the
/// first thing wrong is noted in <see cref="SipMessage.Error"/>, and what could be read stays, so that a 400 can be built from it (UAS-09).
/// Folded lines are joined in place.
/// </summary>
public static class SipParser
{
    private const int HeaderEndLength = 4;

    /// <summary>Parses a datagram: the body ends with Content-Length, or with the datagram when there is none (RFC 3261 18.3).</summary>
    /// <returns>True when the message is well-formed as far as its index goes.</returns>
    public static bool TryParseDatagram(byte[] buffer, int offset, int length, SipMessage message)
    {
        var headLength = ParseHead(buffer, offset, length, message);
        var available = length - headLength;
        var body = message.ContentLength < 0 ? available : message.ContentLength;
        if (body > available)
        {
            message.Fail(SipError.TruncatedBody, length);
            body = available;
        }

        message.SetExtent(headLength + body, headLength, body);
        return message.Error == SipError.None;
    }

    /// <summary>
    /// Parses start line and headers only. The framer of a stream uses it to learn Content-Length; running it again over the same octets gives the
    /// same result.
    /// </summary>
    /// <returns>Octets up to and including the empty line, or <paramref name="length"/> when there is none.</returns>
    internal static int ParseHead(byte[] buffer, int offset, int length, SipMessage message)
    {
        message.Reset(buffer, offset);
        var octets = buffer.AsSpan(offset, length);
        var end = octets.IndexOf("\r\n\r\n"u8);
        var headLength = end < 0 ? length : end + HeaderEndLength;
        message.SetExtent(headLength, headLength, 0);
        if (headLength > SipLimits.HeaderSection)
        {
            // Before "not terminated": on a stream it must not matter how much of the rest has come.
            message.Fail(SipError.HeaderSectionTooLarge, SipLimits.HeaderSection);
            octets = octets[..SipLimits.HeaderSection];
        }

        if (end < 0) message.Fail(SipError.HeaderSectionNotTerminated, length);
        var lines = octets[..Math.Min(octets.Length, headLength)];
        var at = ParseStartLine(lines, message);
        ParseHeaders(lines, at, message);
        if (end < 0) message.SetExtent(length, length, 0);
        return headLength;
    }

    private static int ParseStartLine(Span<byte> lines, SipMessage message)
    {
        var end = lines.IndexOfAny((byte)'\r', (byte)'\n');
        if (end < 0) end = lines.Length;
        var line = lines[..end];
        if (end + 1 >= lines.Length || lines[end] != '\r' || lines[end + 1] != '\n') message.Fail(SipError.BareLineBreak, end);
        if (line.Length >= 4 && System.Text.Ascii.EqualsIgnoreCase(line[..4], "SIP/"u8)) ParseStatusLine(line, message);
        else ParseRequestLine(line, message);
        if (line.Length > SipLimits.Line) message.Fail(SipError.LineTooLong, 0);
        return Math.Min(end + 2, lines.Length);
    }

    private static void ParseRequestLine(ReadOnlySpan<byte> line, SipMessage message)
    {
        var methodEnd = line.IndexOf((byte)' ');
        if (methodEnd <= 0 || !SipChars.IsAll(line[..methodEnd], SipChars.Token))
        {
            message.Fail(SipError.NotSip, 0);
            return;
        }

        // Exactly two single spaces (RFC 3261 7.1); more or less is an error, and the rest is read only to build its answer.
        var version = line.LastIndexOf((byte)' ') + 1;
        var uri = (Start: methodEnd + 1, Length: Math.Max(0, version - methodEnd - 2));
        message.SetRequestLine((0, methodEnd), uri);
        if (version <= methodEnd + 1 || line.Slice(uri.Start, uri.Length).Contains((byte)' ')) message.Fail(SipError.BadStartLine, methodEnd + 1);
        else if (!IsVersionToken(line[version..])) message.Fail(SipError.BadStartLine, version);
        else if (uri.Length > SipLimits.RequestUri) message.Fail(SipError.RequestUriTooLong, uri.Start);
    }

    private static void ParseStatusLine(ReadOnlySpan<byte> line, SipMessage message)
    {
        var code = line.Length >= 11 && line[7] == ' ' && (line.Length == 11 || line[11] == ' ') ? line[8..11] : default;
        if (!System.Text.Ascii.EqualsIgnoreCase(line[..Math.Min(7, line.Length)], "SIP/2.0"u8)) message.Fail(SipError.BadVersion, 0);
        if (!SipNumber.TryParse(code, 699, out var status) || status < 100) message.Fail(SipError.BadStatusCode, Math.Min(8, line.Length));
        message.SetStatusLine(status, line.Length > 12 ? (12, line.Length - 12) : (0, 0));
    }

    /// <summary>SIP/ digits . digits, of any number: whether it is ours is asked after the mandatory headers.</summary>
    private static bool IsVersionToken(ReadOnlySpan<byte> version)
    {
        if (version.Length < 7 || !System.Text.Ascii.EqualsIgnoreCase(version[..4], "SIP/"u8)) return false;
        var dot = version.IndexOf((byte)'.');
        return dot > 4 && AllDigits(version[4..dot]) && AllDigits(version[(dot + 1)..]);
    }

    private static bool AllDigits(ReadOnlySpan<byte> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9');

    private static void ParseHeaders(Span<byte> lines, int at, SipMessage message)
    {
        if (at < lines.Length && SipChars.IsWhiteSpace(lines[at])) message.Fail(SipError.FoldedFirstLine, at);
        while (at < lines.Length)
        {
            var end = EndOfLine(lines, at, message);
            if (end == at) return; // the empty line
            if (IsFolded(lines, at, end)) end = Unfold(lines, at, end, message);
            if (end - at > SipLimits.Line) message.Fail(SipError.LineTooLong, at);
            if (!AddHeader(lines, at, end, message)) return;
            at = Math.Min(end + 2, lines.Length);
        }
    }

    /// <summary>True when the next line continues this header. Folding stands behind the colon only (RFC 3261 25.1 HCOLON): a name without one is an error.</summary>
    private static bool IsFolded(ReadOnlySpan<byte> lines, int at, int end) => IsContinued(lines, end) && lines[at..end].Contains((byte)':');

    private static bool IsContinued(ReadOnlySpan<byte> lines, int end) =>
        end + 2 < lines.Length && lines[end] == '\r' && lines[end + 1] == '\n' && SipChars.IsWhiteSpace(lines[end + 2]);

    /// <summary>Index of the CR that ends the line at <paramref name="at"/>; a lone CR or LF ends it too, but is an error (MSG-01).</summary>
    private static int EndOfLine(ReadOnlySpan<byte> lines, int at, SipMessage message)
    {
        var length = lines[at..].IndexOfAny((byte)'\r', (byte)'\n');
        if (length < 0)
        {
            message.Fail(SipError.HeaderSectionNotTerminated, lines.Length);
            return lines.Length;
        }

        var end = at + length;
        if (end + 1 < lines.Length && lines[end] == '\r' && lines[end + 1] == '\n') return end;
        message.Fail(SipError.BareLineBreak, end);
        return lines[end] == '\n' ? Math.Max(end - 1, at) : end;
    }

    /// <summary>
    /// Joins the continuation lines of the header at <paramref name="start"/> with one SP each (MSG-06) and fills what becomes free with SP at the end of
    /// the joined line, so that nothing behind it moves. Each octet moves at most once.
    /// </summary>
    private static int Unfold(Span<byte> lines, int start, int end, SipMessage message)
    {
        var write = TrimEnd(lines, start, end);
        while (IsContinued(lines, end))
        {
            var read = end + 2;
            end = EndOfLine(lines, read, message);
            while (read < end && SipChars.IsWhiteSpace(lines[read])) read++;
            if (read == end) continue; // white space only
            lines[write++] = (byte)' ';
            lines[read..end].CopyTo(lines[write..]);
            write = TrimEnd(lines, start, write + end - read);
        }

        lines[write..end].Fill((byte)' ');
        return end;
    }

    private static int TrimEnd(ReadOnlySpan<byte> lines, int start, int end)
    {
        while (end > start && SipChars.IsWhiteSpace(lines[end - 1])) end--;
        return end;
    }

    private static bool AddHeader(ReadOnlySpan<byte> lines, int at, int end, SipMessage message)
    {
        var line = lines[at..end];
        var nameEnd = SipChars.Token.IndexOfOther(line);
        var colon = nameEnd;
        while (colon > 0 && colon < line.Length && SipChars.IsWhiteSpace(line[colon])) colon++;
        if (nameEnd <= 0 || colon == line.Length || line[colon] != ':')
        {
            message.Fail(SipError.BadHeaderName, at);
            return true; // go on: later headers may be needed for the answer
        }

        var value = line[(colon + 1)..];
        var lead = 0;
        while (lead < value.Length && SipChars.IsWhiteSpace(value[lead])) lead++;
        var valueLength = SipChars.Trim(value).Length;
        var id = HeaderNameTable.Find(line[..nameEnd]);
        if (HeaderNameTable.IsSingle(id) && message.Has(id)) message.Fail(SipError.RepeatedHeader, at);
        if (!message.TryAdd(new HeaderField(id, at, nameEnd, at + colon + 1 + lead, valueLength)))
        {
            message.Fail(SipError.TooManyHeaders, at);
            return false;
        }

        if (id == HeaderId.ContentLength) ReadContentLength(message, at);
        return true;
    }

    private static void ReadContentLength(SipMessage message, int at)
    {
        if (!SipNumber.TryParse(message.Value(HeaderId.ContentLength), int.MaxValue, out var length)) message.Fail(SipError.BadContentLength, at);
        else message.SetContentLength(length);
    }
}
