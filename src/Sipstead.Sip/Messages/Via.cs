using System.Text;
using Sipstead.Sip.Parsing;

namespace Sipstead.Sip.Messages;

/// <summary>View of one Via value (RFC 3261 20.42, RFC 3581).</summary>
public readonly ref struct Via
{
    /// <summary>The whole value.</summary>
    public ReadOnlySpan<byte> Text { get; private init; }

    /// <summary>Transport token as sent (UDP, TCP, ...).</summary>
    public ReadOnlySpan<byte> Transport { get; private init; }

    /// <summary>Host of sent-by, brackets included.</summary>
    public ReadOnlySpan<byte> Host { get; private init; }

    /// <summary>Port of sent-by, or -1 when absent.</summary>
    public int Port { get; private init; }

    /// <summary>Parameters with the leading ';', or empty.</summary>
    public ReadOnlySpan<byte> Parameters { get; private init; }

    /// <summary>Value of the first branch parameter; empty for RFC 2543 peers.</summary>
    public ReadOnlySpan<byte> Branch { get; private init; }

    /// <summary>True when there is an rport parameter without value: the peer asks for symmetric response routing (RFC 3581 3).</summary>
    public bool WantsRport => RportEnd > 0;

    /// <summary>True when there is a keep parameter without value: the peer offers keep-alives (RFC 6223 4.1).</summary>
    public bool OffersKeep { get; private init; }

    /// <summary>True when the peer wrote a received parameter itself.</summary>
    internal bool HasReceived { get; private init; }

    /// <summary>Where, in <see cref="Text"/>, the value of an rport without one would stand; 0 when there is no such rport.</summary>
    internal int RportEnd { get; private init; }

    /// <summary>Reads one whole value. The version is any; a message of another version is answered 505 as such.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out Via via)
    {
        via = default;
        var rest = text;
        if (!TryReadProtocolPart(ref rest, out var name) || !Ascii.EqualsIgnoreCase(name, "SIP"u8)) return false;
        if (!TryReadProtocolPart(ref rest, out _)) return false;
        var transportEnd = SipChars.Token.IndexOfOther(rest);
        if (transportEnd <= 0 || !SipChars.IsWhiteSpace(rest[transportEnd])) return false;
        var transport = rest[..transportEnd];
        rest = SipChars.Trim(rest[transportEnd..]);
        return TryReadSentBy(ref rest, out var host, out var port) && TryReadParameters(text, transport, host, port, rest, out via);
    }

    private static bool TryReadProtocolPart(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> part)
    {
        part = default;
        var slash = rest.IndexOf((byte)'/');
        if (slash <= 0) return false;
        part = SipChars.Trim(rest[..slash]);
        rest = SipChars.Trim(rest[(slash + 1)..]);
        return SipChars.IsAll(part, SipChars.Token);
    }

    private static bool TryReadSentBy(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> host, out int port)
    {
        var semicolon = rest.IndexOf((byte)';');
        var sentBy = SipChars.Trim(semicolon < 0 ? rest : rest[..semicolon]);
        rest = semicolon < 0 ? default : rest[semicolon..];
        if (SipUri.TryReadHostPort(sentBy, out host, out port, out var length) && length == sentBy.Length) return port != 0;

        // White space round the colon of sent-by is legal, and rare (RFC 3261 25.1 COLON).
        port = 0;
        if (host.IsEmpty) return false;
        var behind = SipChars.Trim(sentBy[host.Length..]);
        if (behind.IsEmpty || behind[0] != ':') return false;
        return SipNumber.TryParse(SipChars.Trim(behind[1..]), ushort.MaxValue, out port) && port > 0;
    }

    private static bool TryReadParameters(
        ReadOnlySpan<byte> text, ReadOnlySpan<byte> transport, ReadOnlySpan<byte> host, int port, ReadOnlySpan<byte> parameters, out Via via)
    {
        ReadOnlySpan<byte> branch = default;
        int rportEnd = 0, count = 0;
        bool keep = false, received = false;
        var walker = new HeaderParameters(parameters);
        while (walker.MoveNext())
        {
            count++;
            var name = walker.Name;
            if (name.Length == 6 && branch.IsEmpty && Ascii.EqualsIgnoreCase(name, "branch"u8)) branch = walker.Value; // the first wins, as everywhere
            else if (name.Length == 5 && Ascii.EqualsIgnoreCase(name, "rport"u8)) rportEnd = walker.HasValue ? 0 : text.Length - walker.RestLength;
            else if (name.Length == 4 && Ascii.EqualsIgnoreCase(name, "keep"u8)) keep = !walker.HasValue;
            else if (name.Length == 8) received |= Ascii.EqualsIgnoreCase(name, "received"u8);
        }

        via = new Via
        {
            Text = text, Transport = transport, Host = host, Port = port, Parameters = parameters, Branch = branch, OffersKeep = keep,
            HasReceived = received, RportEnd = rportEnd,
        };
        return !walker.IsMalformed && count <= SipLimits.Parameters;
    }
}
