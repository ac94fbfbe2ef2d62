using System.Text;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;
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
        WriteStatusLine(writer, status, reason);
        var vias = request.Values(HeaderId.Via);
        if (vias.MoveNext() && Via.TryParse(vias.Current, out var via)) WriteVias(writer, request, via, flow);
        else WriteViaLines(writer, request, 0);
        WriteDialog(writer, request, NameAddress.TryParse(request.Value(HeaderId.To), out var to) && !to.Tag.IsEmpty ? 0 : toTag);
    }

    /// <summary>The same for a request whose topmost Via has been read.</summary>
    /// <param name="toTag">0 where the request's To has a tag.</param>
    internal static void Begin(SipWriter writer, SipMessage request, in Via via, in SipFlow flow, int status, ReadOnlySpan<byte> reason, ulong toTag)
    {
        WriteStatusLine(writer, status, reason);
        WriteVias(writer, request, via, flow);
        WriteDialog(writer, request, toTag);
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
        return values.MoveNext() && Via.TryParse(values.Current, out var via) ? Destination(via, flow) : flow.Source;
    }

    internal static TransportAddress Destination(in Via via, in SipFlow flow) =>
        via.WantsRport ? flow.Source : flow.Source.WithPort(via.Port < 0 ? 5060 : via.Port);

    /// <summary>The flow that the responses to a request take: back over the connection, or to the address that they go to.</summary>
    internal static SipFlow FlowOf(SipMessage request, in SipFlow flow) =>
        flow.Transport.IsStream() ? flow : flow with { Source = Destination(request, flow) };

    private static void WriteStatusLine(SipWriter writer, int status, ReadOnlySpan<byte> reason)
    {
        writer.Text("SIP/2.0 "u8);
        writer.Number(status);
        writer.Text(" "u8);
        writer.Text(reason);
        writer.EndLine();
    }

    /// <summary>
    /// The first value alone, the others line by line as they came: the same list (RFC 3261 7.3.1), and never more octets than came, whatever stands between
    /// the commas.
    /// </summary>
    private static void WriteVias(SipWriter writer, SipMessage request, in Via top, in SipFlow flow)
    {
        writer.Text("Via: "u8);
        WriteTopVia(writer, top, flow);
        writer.EndLine();
        WriteViaLines(writer, request, HeaderValues.EndOfFirst(request.Value(HeaderId.Via)) + 1);
    }

    /// <param name="from">Where the first line goes on, behind a comma.</param>
    private static void WriteViaLines(SipWriter writer, SipMessage request, int from)
    {
        for (var line = request.FirstLine(HeaderId.Via); line >= 0; line = request.NextLine(HeaderId.Via, line))
        {
            var values = request.ValueOf(request.Headers[line]);
            if (from <= values.Length) WriteViaLine(writer, SipChars.Trim(values[from..]));
            from = 0;
        }
    }

    private static void WriteViaLine(SipWriter writer, ReadOnlySpan<byte> values)
    {
        writer.Text("Via: "u8);
        writer.Value(values);
        writer.EndLine();
    }

    private static void WriteDialog(SipWriter writer, SipMessage request, ulong toTag)
    {
        Copy(writer, request, HeaderId.From, "From: "u8);
        WriteTo(writer, request, toTag);
        Copy(writer, request, HeaderId.CallId, "Call-ID: "u8);
        Copy(writer, request, HeaderId.CSeq, "CSeq: "u8);
    }

    private static void WriteTopVia(SipWriter writer, in Via via, in SipFlow flow)
    {
        Span<byte> text = stackalloc byte[TransportAddress.MaxTextLength];
        var source = text[..flow.Source.FormatAddress(text)];
        var received = via.WantsRport || !Ascii.EqualsIgnoreCase(SipUri.TrimBrackets(via.Host), source);
        if (via.HasReceived || via.OffersKeep) WriteAnew(writer, via, flow);
        else if (via.WantsRport) WriteWithPort(writer, via, flow);
        else writer.Value(via.Text);
        if (!received) return;
        writer.Text(";received="u8);
        writer.Text(source);
    }

    private static void WriteWithPort(SipWriter writer, in Via via, in SipFlow flow)
    {
        writer.Value(via.Text[..via.RportEnd]);
        writer.Text("="u8);
        writer.Number(flow.Source.Port);
        writer.Value(via.Text[via.RportEnd..]);
    }

    /// <summary>Parameter by parameter, where more than rport is to be answered.</summary>
    private static void WriteAnew(SipWriter writer, in Via via, in SipFlow flow)
    {
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
    }

    private static void WriteTo(SipWriter writer, SipMessage request, ulong toTag)
    {
        if (!request.Has(HeaderId.To)) return;
        writer.Text("To: "u8);
        writer.Value(request.Value(HeaderId.To));
        if (toTag != 0)
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
