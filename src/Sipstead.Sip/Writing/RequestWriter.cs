using Sipstead.Sip.Messages;

namespace Sipstead.Sip.Writing;

/// <summary>Writes the requests that are made of an INVITE of ours: ACK of a refusal (RFC 3261 17.1.1.3) and CANCEL (9.1).</summary>
internal static class RequestWriter
{
    /// <summary>Hops that a request may take (RFC 3261 8.1.1.6).</summary>
    public static ReadOnlySpan<byte> MaxForwardsLine => "Max-Forwards: 70\r\n"u8;

    /// <summary>The methods of our dialogs.</summary>
    public static ReadOnlySpan<byte> AllowLine => "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, PRACK, UPDATE, REFER, NOTIFY\r\n"u8;

    /// <summary>The ACK of a final response other than 2xx: branch, Route, Request-URI of the INVITE, To of the response.</summary>
    public static byte[] AckOfRefusal(SipMessage invite, SipMessage response) => Write(invite, "ACK"u8, response.Value(HeaderId.To));

    /// <summary>The CANCEL of an INVITE.</summary>
    /// <param name="reason">Value of a Reason header; null for none.</param>
    public static byte[] Cancel(SipMessage invite, string? reason) => Write(invite, "CANCEL"u8, invite.Value(HeaderId.To), reason);

    /// <summary>Starts a request line.</summary>
    public static void Begin(SipWriter writer, ReadOnlySpan<byte> method, ReadOnlySpan<byte> uri)
    {
        writer.Text(method);
        writer.Text(" "u8);
        writer.Value(uri);
        writer.Text(" SIP/2.0\r\n"u8);
    }

    /// <summary>Writes a header line with a value that a peer gave.</summary>
    public static void Header(SipWriter writer, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        writer.Text(name);
        writer.Text(": "u8);
        writer.Value(value);
        writer.EndLine();
    }

    /// <summary>Writes the CSeq line.</summary>
    public static void CSeq(SipWriter writer, uint number, ReadOnlySpan<byte> method)
    {
        writer.Text("CSeq: "u8);
        writer.Number(number);
        writer.Text(" "u8);
        writer.Text(method);
        writer.EndLine();
    }

    /// <summary>Writes a Reason line (RFC 3326), unless there is no reason.</summary>
    public static void Reason(SipWriter writer, string? reason)
    {
        if (reason is null) return;
        writer.Text("Reason: "u8);
        writer.Value(reason);
        writer.EndLine();
    }

    private static byte[] Write(SipMessage invite, ReadOnlySpan<byte> method, ReadOnlySpan<byte> to, string? reason = null)
    {
        using var draft = new MessageDraft();
        var writer = draft.Writer;
        Begin(writer, method, invite.RequestUri);
        Header(writer, "Via"u8, invite.Value(HeaderId.Via));
        foreach (var route in invite.Values(HeaderId.Route)) Header(writer, "Route"u8, route);
        writer.Text(MaxForwardsLine);
        Header(writer, "From"u8, invite.Value(HeaderId.From));
        Header(writer, "To"u8, to);
        Header(writer, "Call-ID"u8, invite.Value(HeaderId.CallId));
        CSeq(writer, CSeqValue.NumberOf(invite), method);
        Reason(writer, reason);
        ResponseWriter.End(writer);
        return draft.ToArray();
    }
}
