using Sipstead.Sip.Transport;

namespace Sipstead.Sip.Writing;

/// <summary>Where we tell peers that we are: host of Via and Contact, and the user of Contact.</summary>
/// <param name="Host">Host name or address; null for the address that the flow has on our side.</param>
/// <param name="User">User part of Contact, null for none.</param>
internal sealed record SentBy(string? Host, string? User)
{
    /// <summary>Writes a Via line with a new hop of ours (RFC 3261 8.1.1.7, RFC 3581 3).</summary>
    public void WriteVia(SipWriter writer, in SipFlow flow, ulong branch)
    {
        writer.Text("Via: SIP/2.0/"u8);
        writer.Value(flow.Transport.Token());
        writer.Text(" "u8);
        WriteHostPort(writer, flow);
        writer.Text(";branch=z9hG4bK"u8);
        writer.Hex(branch);
        writer.Text(";rport\r\n"u8);
    }

    /// <summary>Writes a Contact line.</summary>
    public void WriteContact(SipWriter writer, in SipFlow flow)
    {
        writer.Text("Contact: <sip:"u8);
        if (!string.IsNullOrEmpty(User))
        {
            writer.Value(User);
            writer.Text("@"u8);
        }

        WriteHostPort(writer, flow);
        writer.Text(";transport="u8);
        writer.Text(TransportParameter(flow.Transport));
        writer.Text(">\r\n"u8);
    }

    /// <summary>Writes host and port alone.</summary>
    public void WriteHostPort(SipWriter writer, in SipFlow flow)
    {
        if (string.IsNullOrEmpty(Host)) WriteAddress(writer, flow.Local);
        else if (Host.Contains(':', StringComparison.Ordinal) && Host[0] != '[') writer.Value($"[{Host}]");
        else writer.Value(Host);
        writer.Text(":"u8);
        writer.Number(flow.Local.Port);
    }

    private static void WriteAddress(SipWriter writer, in TransportAddress address)
    {
        Span<byte> text = stackalloc byte[TransportAddress.MaxTextLength];
        var length = address.FormatAddress(text);
        if (!address.IsIpv4) writer.Text("["u8);
        writer.Text(text[..length]);
        if (!address.IsIpv4) writer.Text("]"u8);
    }

    /// <summary>Tokens of RFC 3261 19.1.1 and RFC 7118 5.1.</summary>
    private static ReadOnlySpan<byte> TransportParameter(SipTransport transport) => transport switch
    {
        SipTransport.Udp => "udp"u8,
        SipTransport.Tcp => "tcp"u8,
        SipTransport.Tls => "tls"u8,
        _ => "ws"u8,
    };
}
