using System.Text;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Transport;

namespace Sipstead.Sip.Writing;

/// <summary>
/// Writes responses (RFC 3261 8.2.6): Via values in order, with received and rport on the first (18.2.1, RFC 3581), From, To with a tag, Call-ID, CSeq.
/// </summary>
public static class ResponseWriter
{
    /// <summary>Seconds that a peer which asks for it may leave between keep-alives (RFC 6223).</summary>
    public const int KeepSeconds = 30;

    /// <summary>Starts a response; headers of its own follow, then <see cref="End(SipWriter)"/>.</summary>
    public static void Begin(SipWriter writer, SipMessage request, in SipFlow flow, int status, ReadOnlySpan<byte> reason, ulong toTag)
    {
        ArgumentNullException.ThrowIfNull(request);
        writer.Text("SIP/2.0 "u8);
        writer.Number(status);
        writer.Text(" "u8);
        writer.Text(reason);
        writer.EndLine();
        WriteVias(writer, request, flow);
        Copy(writer, request, HeaderId.From, "From: "u8);
        WriteTo(writer, request, toTag);
        Copy(writer, request, HeaderId.CallId, "Call-ID: "u8);
        Copy(writer, request, HeaderId.CSeq, "CSeq: "u8);
    }

    /// <summary>Octets of the end of a response without a body.</summary>
    internal static int EndLength => BodilessEnd.Length;

    private static ReadOnlySpan<byte> BodilessEnd => "Content-Length: 0\r\n\r\n"u8;

    /// <summary>Ends a response without a body.</summary>
    public static void End(SipWriter writer) => writer.Text(BodilessEnd);

    /// <summary>Ends a message with a body of SDP, or without one when it is empty.</summary>
    public static void End(SipWriter writer, ReadOnlySpan<byte> sdp) => End(writer, "application/sdp", sdp);

    /// <summary>Ends a message with a body, or without one when it is empty.</summary>
    public static void End(SipWriter writer, string contentType, ReadOnlySpan<byte> body)
    {
        if (!body.IsEmpty)
        {
            writer.Text("Content-Type: "u8);
            writer.Value(contentType);
            writer.EndLine();
        }

        writer.Text("Content-Length: "u8);
        writer.Number(body.Length);
        writer.Text("\r\n\r\n"u8);
        writer.Text(body);
    }

    /// <summary>Where the response to a datagram goes (TPT-07): never to maddr, never to an address only found in Via.</summary>
    public static TransportAddress Destination(SipMessage request, in SipFlow flow)
    {
        ArgumentNullException.ThrowIfNull(request);
        var values = request.Values(HeaderId.Via);
        if (!values.MoveNext() || !Via.TryParse(values.Current, out var via) || via.WantsRport) return flow.Source;
        return flow.Source.WithPort(via.Port < 0 ? 5060 : via.Port);
    }

    /// <summary>The flow that the responses to a request take: back over the connection, or to <see cref="Destination"/>.</summary>
    internal static SipFlow FlowOf(SipMessage request, in SipFlow flow) =>
        flow.Transport.IsStream() ? flow : flow with { Source = Destination(request, flow) };

    /// <summary>
    /// The first value alone, the others line by line as they came: the same list (RFC 3261 7.3.1), and never more octets than came, whatever stands between
    /// the commas.
    /// </summary>
    private static void WriteVias(SipWriter writer, SipMessage request, in SipFlow flow)
    {
        var first = true;
        foreach (ref readonly var header in request.Headers)
        {
            if (header.Id != HeaderId.Via) continue;
            var line = request.ValueOf(header);
            var end = first ? HeaderValues.EndOfFirst(line) : 0;
            if (first) WriteFirstVia(writer, Parsing.SipChars.Trim(line[..end]), flow);
            if (end < line.Length) WriteViaLine(writer, Parsing.SipChars.Trim(line[(first ? end + 1 : 0)..]));
            first = false;
        }
    }

    private static void WriteFirstVia(SipWriter writer, ReadOnlySpan<byte> value, in SipFlow flow)
    {
        if (!Via.TryParse(value, out var via))
        {
            WriteViaLine(writer, value);
            return;
        }

        writer.Text("Via: "u8);
        WriteTopVia(writer, via, flow);
        writer.EndLine();
    }

    private static void WriteViaLine(SipWriter writer, ReadOnlySpan<byte> values)
    {
        writer.Text("Via: "u8);
        writer.Value(values);
        writer.EndLine();
    }

    private static void WriteTopVia(SipWriter writer, in Via via, in SipFlow flow)
    {
        Span<byte> text = stackalloc byte[TransportAddress.MaxTextLength];
        var source = text[..flow.Source.FormatAddress(text)];
        var received = via.WantsRport || !Ascii.EqualsIgnoreCase(SipUri.TrimBrackets(via.Host), source);
        writer.Value(via.Text[..(via.Text.Length - via.Parameters.Length)]);
        var walker = new HeaderParameters(via.Parameters);
        while (walker.MoveNext())
        {
            // A received of the peer's own making is not passed back as if we had seen it.
            if (Ascii.EqualsIgnoreCase(walker.Name, "received"u8)) continue;
            writer.Text(";"u8);
            writer.Value(walker.Name);
            if (walker.HasValue)
            {
                writer.Text("="u8);
                writer.Value(walker.Value);
            }
            else if (Ascii.EqualsIgnoreCase(walker.Name, "rport"u8))
            {
                writer.Text("="u8);
                writer.Number(flow.Source.Port);
            }
            else if (Ascii.EqualsIgnoreCase(walker.Name, "keep"u8))
            {
                writer.Text("="u8);
                writer.Number(KeepSeconds);
            }
        }

        if (!received) return;
        writer.Text(";received="u8);
        writer.Text(source);
    }

    private static void WriteTo(SipWriter writer, SipMessage request, ulong toTag)
    {
        if (!request.Has(HeaderId.To)) return;
        var to = request.Value(HeaderId.To);
        writer.Text("To: "u8);
        writer.Value(to);
        if (toTag != 0 && (!NameAddress.TryParse(to, out var address) || address.Tag.IsEmpty))
        {
            writer.Text(";tag="u8);
            writer.Hex(toTag);
        }

        writer.EndLine();
    }

    private static void Copy(SipWriter writer, SipMessage request, HeaderId id, ReadOnlySpan<byte> name)
    {
        if (!request.Has(id)) return;
        writer.Text(name);
        writer.Value(request.Value(id));
        writer.EndLine();
    }
}
