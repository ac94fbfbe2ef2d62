namespace Sipstead.Conformance.Tests.Torture;

/// <summary>
/// The twelve messages of RFC 5118 in our own words: what each is about is as in its section, the parts around it are not. Lines end with CRLF, and
/// Content-Length is counted.
/// </summary>
internal static class Ipv6Messages
{
    private const string Register = "REGISTER sip:[2001:db8::10] SIP/2.0";

    /// <summary>RFC 5118 4.1: references in brackets everywhere.</summary>
    public static readonly string Good = Message(Register, "SIP/2.0/UDP [2001:db8::9:1];branch=z9hG4bKas3-111", "REGISTER", "Contact: <sip:caller@[2001:db8::1]>");

    /// <summary>4.2: a Request-URI without brackets.</summary>
    public static readonly string Bad = Message("REGISTER sip:2001:db8::10 SIP/2.0", "SIP/2.0/UDP [2001:db8::9:1];branch=z9hG4bKas3", "REGISTER", "Contact: <sip:caller@[2001:db8::1]>");

    /// <summary>4.3: a port that went into the brackets is a part of the address.</summary>
    public static readonly string PortAmbiguous = Message(
        "REGISTER sip:[2001:db8::10:5070] SIP/2.0", "SIP/2.0/UDP [2001:db8::9:1];branch=z9hG4bKas3-111", "REGISTER", "Contact: <sip:caller@[2001:db8::1]>");

    /// <summary>4.4: a port behind the brackets.</summary>
    public static readonly string PortUnambiguous = Message(
        "REGISTER sip:[2001:db8::10]:5070 SIP/2.0", "SIP/2.0/UDP [2001:db8::9:1];branch=z9hG4bKas3-111", "REGISTER", "Contact: <sip:caller@[2001:db8::1]>");

    /// <summary>4.5: received in brackets.</summary>
    public static readonly string ReceivedWithDelimiters = Message(
        "BYE sip:[2001:db8::10] SIP/2.0", "SIP/2.0/UDP [2001:db8::9:1];received=[2001:db8::9:255];branch=z9hG4bKas3-111", "BYE", null);

    /// <summary>4.5: received without them.</summary>
    public static readonly string ReceivedWithoutDelimiters = Message(
        "OPTIONS sip:[2001:db8::10] SIP/2.0", "SIP/2.0/UDP [2001:db8::9:1];received=2001:db8::9:255;branch=z9hG4bKas3", "OPTIONS", null);

    /// <summary>4.6: IPv6 in SDP, which knows no brackets.</summary>
    public static readonly string InSdp = Message(
        "INVITE sip:user@[2001:db8::10] SIP/2.0", "SIP/2.0/UDP [2001:db8::20];branch=z9hG4bKas3-111", "INVITE", "Contact: <sip:user@[2001:db8::20]>",
        "v=0\r\no=assistant 971731711378798081 0 IN IP6 2001:db8::20\r\ns=Live video feed for today's meeting\r\nc=IN IP6 2001:db8::20\r\nt=3338481189 3370017201\r\n"
        + "m=audio 6000 RTP/AVP 2\r\na=rtpmap:2 G726-32/8000\r\nm=video 6024 RTP/AVP 107\r\na=rtpmap:107 H263-1998/90000\r\n");

    /// <summary>4.7: hops of both families.</summary>
    public static readonly string MultipleInHeader = Message(
        "BYE sip:user@host.example.net SIP/2.0",
        "SIP/2.0/UDP [2001:db8::9:1]:6050;branch=z9hG4bKas3-111\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKjhja8781hjuaij65144\r\n"
        + "Via: SIP/2.0/TCP [2001:db8::9:255];branch=z9hG4bK451jj;received=192.0.2.200",
        "BYE", null);

    /// <summary>4.8: media of both families, no connection line of the session.</summary>
    public static readonly string MultipleInSdp = Message(
        "INVITE sip:user@[2001:db8::10] SIP/2.0", "SIP/2.0/UDP [2001:db8::9:1];branch=z9hG4bKas3-111", "INVITE", "Contact: <sip:caller@[2001:db8::9:1]>",
        "v=0\r\no=bob 280744730 28977631 IN IP4 host.example.com\r\ns=\r\nt=0 0\r\nm=audio 22334 RTP/AVP 0\r\nc=IN IP4 192.0.2.1\r\nm=video 6024 RTP/AVP 107\r\n"
        + "c=IN IP6 2001:db8::1\r\na=rtpmap:107 H263-1998/90000\r\n");

    /// <summary>4.9: IPv4 as IPv6 writes it.</summary>
    public static readonly string Ipv4Mapped = Message(
        "INVITE sip:user@example.com SIP/2.0", "SIP/2.0/UDP [::ffff:192.0.2.10]:19823;branch=z9hG4bKbh19\r\nVia: SIP/2.0/UDP [::ffff:192.0.2.2];branch=z9hG4bKas3-111",
        "INVITE", "Contact: <sip:caller@[::ffff:192.0.2.2]>",
        "v=0\r\no=bob 280744730 28977631 IN IP6 ::ffff:192.0.2.2\r\ns=\r\nt=0 0\r\nm=audio 22334 RTP/AVP 0\r\nc=IN IP6 ::ffff:192.0.2.2\r\n");

    /// <summary>4.10: three colons, which the grammar of RFC 3261 asks for before an IPv4 part.</summary>
    public static readonly string ThreeColons = Message(
        "OPTIONS sip:user@[2001:db8:::192.0.2.1] SIP/2.0", "SIP/2.0/UDP [2001:db8::9:1];branch=z9hG4bKas3-111", "OPTIONS", null);

    /// <summary>4.10: two, as they are meant.</summary>
    public static readonly string TwoColons = Message(
        "OPTIONS sip:user@[2001:db8::192.0.2.1] SIP/2.0", "SIP/2.0/UDP [2001:db8::9:1];branch=z9hG4bKas3-111", "OPTIONS", null);

    public static readonly string[] All =
    [
        Good, Bad, PortAmbiguous, PortUnambiguous, ReceivedWithDelimiters, ReceivedWithoutDelimiters, InSdp, MultipleInHeader, MultipleInSdp, Ipv4Mapped, ThreeColons,
        TwoColons,
    ];

    private static string Message(string startLine, string via, string method, string? contact, string sdp = "") =>
        $"{startLine}\r\nVia: {via}\r\nMax-Forwards: 70\r\nFrom: sip:caller@example.com;tag=81x2\r\nTo: sip:user@example.com{(method == "BYE" ? ";tag=b9" : "")}\r\n"
        + $"Call-ID: SSG9559905523997077@hlau_4100\r\nCSeq: 8612 {method}\r\n{(contact is null ? "" : contact + "\r\n")}"
        + $"{(sdp == "" ? "" : "Content-Type: application/sdp\r\n")}Content-Length: {sdp.Length}\r\n\r\n{sdp}";
}
