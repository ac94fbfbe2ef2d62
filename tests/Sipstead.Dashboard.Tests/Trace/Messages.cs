using System.Net;
using System.Text;
using Sipstead.Sip.Trace;
using Sipstead.Sip.Transport;

namespace Sipstead.Dashboard.Tests.Trace;

/// <summary>Traced messages of a device at 192.0.2.7, a second apart unless told otherwise.</summary>
internal static class Messages
{
    public static readonly DateTimeOffset Start = new(2026, 7, 30, 12, 0, 0, TimeSpan.Zero);

    private static readonly TransportAddress Server = Address("198.51.100.1:5060");

    public static TransportAddress Address(string text) => new(IPEndPoint.Parse(text));

    public static TracedMessage Received(
        long number, string text, string peer = "192.0.2.7:5060", TimeSpan? after = null, SipTransport transport = SipTransport.Udp) =>
        Message(number, TraceDirection.Received, text, peer, after, transport);

    public static TracedMessage Sent(
        long number, string text, string peer = "192.0.2.7:5060", TimeSpan? after = null, SipTransport transport = SipTransport.Udp) =>
        Message(number, TraceDirection.Sent, text, peer, after, transport);

    public static string Request(string method, int cseq = 1, string headers = "") =>
        $"{method} sip:a.example SIP/2.0\r\nCall-ID: one\r\nCSeq: {cseq} {method}\r\n{headers}\r\n";

    public static string Response(string line, string method, int cseq = 1) => $"SIP/2.0 {line}\r\nCall-ID: one\r\nCSeq: {cseq} {method}\r\n\r\n";

    private static TracedMessage Message(long number, TraceDirection direction, string text, string peer, TimeSpan? after, SipTransport transport) => new(
        number, Start + (after ?? TimeSpan.FromSeconds(number)), direction, transport, Address(peer), Server, new TraceSubject(1, 2, 0),
        Encoding.UTF8.GetBytes(text));
}
