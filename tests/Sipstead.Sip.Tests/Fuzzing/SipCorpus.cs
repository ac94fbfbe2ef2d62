using System.Text;
using Sipstead.Testing;
using Sipstead.Testing.Sip;

namespace Sipstead.Sip.Tests.Fuzzing;

/// <summary>Messages to damage: of our own, and those of RFC 4475 where they lie beside the repository.</summary>
internal static class SipCorpus
{
    /// <summary>A REGISTER with every kind of value that a registrar reads.</summary>
    public static byte[] Register { get; } = new RequestText
    {
        Method = "REGISTER",
        To = "\"A. \\\"G\\\" Bell\" <sip:alice%40x@example.com;transport=udp>",
        Headers = "Contact: \"A\" <sip:alice@192.0.2.10:40000;ob;x=%41?h=v>;q=0.5;expires=60;+sip.instance=\"<urn:uuid:1>\", sip:b@h\r\nSubject: a\r\n b\r\n"
            + "Authorization: Digest username=\"alice\", realm=\"example.com\", nonce=\"abc\", uri=\"sip:example.com\", response=\"00000000000000000000000000000000\"\r\n",
    }.ToOctets();

    /// <summary>A short REGISTER, of which each place can be tried with each octet.</summary>
    public static byte[] ShortRegister { get; } = Encoding.Latin1.GetBytes(
        "REGISTER sip:h SIP/2.0\r\nv: SIP/2.0/UDP [::1]:5060;rport;branch=z9hG4bKx, SIP/2.0/TCP b\r\nf: \"A\\\"\" <sip:a@h>;tag=1\r\nTo: sip:a@h\r\nCall-ID: x@y\r\n"
        + "CSeq: 1 REGISTER\r\nm: <sip:a%41:b@h:1;x=y?k=v>;q=0.5, sip:b\r\ns: a\r\n b\r\nMax-Forwards: 70\r\nl: 1\r\n\r\nx");

    public static IReadOnlyList<byte[]> All { get; } =
    [
        Register, ShortRegister,
        new RequestText
        {
            Method = "INVITE", Uri = "sip:+1555;isub=1:pw@example.com:5060;user=phone;lr", Via = "SIP / 2.0 / TCP [2001:db8::1]:5061;branch=z9hG4bKa;rport, SIP/2.0/UDP b;branch=c",
            Headers = "v: SIP/2.0/UNKNOWN d : 5060;keep\r\nRoute: <sip:a,b@h;lr>, <sip:c;lr>\r\nAccept: application/sdp, */*;q=0.1\r\nk: timer\r\nm: <sip:a@[::1]>\r\nc: application/sdp\r\n",
            Body = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n",
        }.ToOctets(),
        new RequestText
        {
            Method = "MESSAGE", From = "sip:a@b;tag=1;x=\"<;,>\"", Headers = "Content-Type: multipart/mixed;boundary=\"x\"\r\nX-Odd \t:\r\n\t\u00e9\r\n",
            Body = "--x\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n--x\r\n\r\n\0\u00ff\r\n--x--\r\n",
        }.ToOctets(),
        new RequestText { Method = "CANCEL", ContentLength = "", Via = "SIP/2.0/UDP h" }.ToOctets(),
        Encoding.Latin1.GetBytes("SIP/2.0 180 \u00d0\u00bd\r\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKx\r\nf: <sip:a@b>;tag=1\r\nt: <sip:c@d>;tag=2\r\ni: x@y\r\nCSeq: 1 INVITE\r\nl: 0\r\n\r\n"),
        .. Torture(),
    ];

    private static IEnumerable<byte[]> Torture() => RepositoryPaths.Shared is { } shared && Directory.Exists(Path.Combine(shared, "torture"))
        ? Directory.GetFiles(Path.Combine(shared, "torture"), "*.dat").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)
        : [];
}
