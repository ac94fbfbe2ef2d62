using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Sipstead.Conformance.Tests.Transport;
using Sipstead.Sip.Admission;
using Sipstead.Sip.Transport;
using Sipstead.Testing.Registrar;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Conformance.Tests.Admission;

/// <summary>
/// What comes back to a source that never proves its address, over real sockets and 40 s of a fake clock (S-19): the address may be a third party's.
/// </summary>
public sealed class AmplificationTests
{
    private const int Requests = 1_000;
    private const int AtOnce = 25;

    private static readonly RequestText Ordinary = new()
    {
        Uri = "sip:office.3efeaa.auth.example.net", From = "<sip:eve@office.3efeaa.auth.example.net>;tag=1", To = "<sip:eve@office.3efeaa.auth.example.net>",
        Headers = "Contact: <sip:eve@192.0.2.66:5060>\r\nExpires: 3600\r\nUser-Agent: Phone/1.0\r\n",
    };

    public static TheoryData<string, string> Kinds => new()
    {
        { "REGISTER", $"{Ordinary with { Method = "REGISTER" }}" },
        { "REGISTER with wrong credentials", $"{Ordinary with { Method = "REGISTER", Headers = Guess }}" },
        { "REGISTER as short as can be", "REGISTER sip:office.3efeaa.auth.example.net SIP/2.0\r\nv:SIP/2.0/UDP a;rport;branch=z9hG4bK\r\nf:<sip:e@a>;tag=1\r\nt:<sip:e@a>\r\ni:1\r\nCSeq:1 REGISTER\r\nMax-Forwards:0\r\n\r\n" },
        { "INVITE", $"{Ordinary with { Method = "INVITE" }}" },
        { "INVITE elsewhere", $"{Ordinary with { Method = "INVITE", Uri = "sip:100@198.51.100.1" }}" },
        { "OPTIONS", $"{Ordinary}" },
        { "OPTIONS elsewhere", $"{Ordinary with { Uri = "sip:100@198.51.100.1" }}" },
        { "BYE", $"{Ordinary with { Method = "BYE" }}" },
        { "CANCEL", $"{Ordinary with { Method = "CANCEL" }}" },
        { "ACK", $"{Ordinary with { Method = "ACK" }}" },
        { "SUBSCRIBE", $"{Ordinary with { Method = "SUBSCRIBE" }}" },
        { "MESSAGE", $"{Ordinary with { Method = "MESSAGE", Body = "hello" }}" },
        { "REFER", $"{Ordinary with { Method = "REFER" }}" },
        { "an unknown method", $"{Ordinary with { Method = "JUMP" }}" },
        { "Require", $"{Ordinary with { Headers = "Require: a\r\n" }}" },
        { "an unknown body", $"{Ordinary with { Headers = "Content-Type: text/x\r\n", Body = "?" }}" },
        { "malformed", $"{Ordinary with { From = "eve" }}" },
        { "malformed and short", "OPTIONS sip:a SIP/2.0\r\nv:SIP/2.0/UDP a;rport\r\n\r\n" },
        { "a response", "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\nFrom: <sip:e@a>;tag=1\r\nTo: <sip:e@a>;tag=2\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\n\r\n" },
        { "STUN", "\0\u0001\0\0\u0021\u0012\u00a4\u0042abcdefghijkl" },
        { "a keep-alive", "\r\n\r\n" },
        { "noise", "this is not SIP at all" },
    };

    private static string Guess =>
        "Authorization: Digest username=\"eve\", realm=\"office.3efeaa.auth.example.net\", nonce=\"bm90IG9uZSBvZiBvdXJz\", "
        + "uri=\"sip:office.3efeaa.auth.example.net\", response=\"00000000000000000000000000000000\"\r\n";

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task S_19_ASourceThatNeverAnswers_GetsOneDatagramARequest_AndThreeTimesItsOctets(string kind, string message)
    {
        using var harness = new RegistrarHarness();
        harness.AddRealm();
        using var meters = new CountingMeters();
        var admission = new SourceAdmission(
            new AdmissionOptions { IncludeLoopback = true, RequestBurst = 2_000 }, new SipMetrics(meters), harness.Time, NullLoggerFactory.Instance);
        await using var server = new RunningTransport(receiver: _ => harness.Receivers.Create(), admission: admission);
        using var victim = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        victim.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.66"), 0));
        using var witness = new UdpPeer("127.0.0.1");
        var octets = Encoding.Latin1.GetBytes(message);
        var (datagrams, received) = (0, 0L);
        for (var sent = 0; sent < Requests; sent += AtOnce)
        {
            for (var i = 0; i < AtOnce; i++) victim.SendTo(octets, server.EndPoint);
            await SeeThroughAsync(witness, server);
            Drain(victim, ref datagrams, ref received);
        }

        for (var second = 0; second < 40; second++) harness.Time.Advance(TimeSpan.FromSeconds(1));
        await SeeThroughAsync(witness, server);
        Drain(victim, ref datagrams, ref received);
        Assert.True(datagrams <= Requests, $"{kind}: {datagrams} datagrams");
        Assert.True(received <= 3L * octets.Length * Requests, $"{kind}: {received} octets for {octets.Length * Requests}");
        Assert.Empty(harness.Flows.Sent); // nothing by a timer either
    }

    [Fact]
    public async Task S_19_Kinds_AreAnswered_UnlessTheyMustNotBe()
    {
        using var harness = new RegistrarHarness();
        harness.AddRealm();
        await using var server = new RunningTransport(receiver: _ => harness.Receivers.Create());
        var silent = new List<string>();
        foreach (var row in Kinds)
        {
            using var witness = new UdpPeer();
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            socket.SendTo(Encoding.Latin1.GetBytes(row.Data.Item2), server.EndPoint);
            await SeeThroughAsync(witness, server);
            if (socket.Available == 0) silent.Add(row.Data.Item1);
        }

        Assert.Equal(["ACK", "a response", "a keep-alive", "noise"], silent);
    }

    /// <summary>Asks from elsewhere; the listener answers in the order in which it received.</summary>
    private static async Task SeeThroughAsync(UdpPeer witness, RunningTransport server)
    {
        witness.Send(Ordinary with { CallId = Guid.NewGuid().ToString("N") }, server.EndPoint);
        Assert.Equal(200, (await witness.AnswerAsync()).Status);
    }

    private static void Drain(Socket socket, ref int datagrams, ref long octets)
    {
        Span<byte> buffer = stackalloc byte[4096];
        while (socket.Available > 0)
        {
            octets += socket.Receive(buffer);
            datagrams++;
        }
    }
}
