using System.Net;
using Microsoft.Extensions.Time.Testing;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Transport;
using Sipstead.Testing;
using Sipstead.Testing.Sip;
using Sipstead.Testing.Tls;
using Xunit;

namespace Sipstead.Conformance.Tests.Transport;

/// <summary>S-21 and S-22: peers that hold connections without using them, by the hundred, while others are served.</summary>
[Collection(Alone.Name)]
public sealed class SlowPeerTests : IDisposable
{
    private const int Crowd = 200;

    private static readonly TimeSpan Handshake = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstMessage = TimeSpan.FromSeconds(32);
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _time = new();
    private readonly TestAuthority _authority = new();
    private readonly List<TcpPeer> _crowd = [];

    public void Dispose()
    {
        _crowd.ForEach(peer => peer.Dispose());
        _authority.Dispose();
    }

    [Theory]
    [InlineData("")]
    [InlineData("\x16\x03\x01")] // the first octets of a record
    public async Task S_21_HalfHandshakes_EndAfterTenSeconds_AndOthersAreServed(string octets)
    {
        await using var server = Start();
        await GatherAsync(server, server.TlsEndPoint, octets);
        await AssertServesAsync(server);
        _time.Advance(Handshake);
        await Deadline.UntilAsync(() => server.Layer.ConnectionCount == 0);
        Assert.Equal(Crowd, server.Meters["sipstead.sip.tls.failed timeout"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("OPTIONS sip:example.com SIP/2.0\r\nVia: ")]
    public async Task S_21_SilentAndSlowConnections_EndAfter64T1_AndOthersAreServed(string octets)
    {
        await using var server = Start();
        await GatherAsync(server, server.EndPoint, octets);
        await AssertServesAsync(server);
        _time.Advance(FirstMessage + Sweep);
        await Deadline.UntilAsync(() => server.Layer.ConnectionCount == 0);
    }

    [Fact]
    public async Task S_21_PingsAlone_DoNotKeepAConnection()
    {
        await using var server = Start();
        using var peer = await TcpPeer.ConnectAsync(server.EndPoint);
        for (var passed = TimeSpan.Zero; passed < FirstMessage - Sweep; passed += Sweep)
        {
            await peer.SendAsync("\r\n\r\n");
            Assert.Equal("\r\n", await peer.ReadAsync(2));
            _time.Advance(Sweep);
        }

        _time.Advance(Sweep + Sweep);
        await peer.AssertEndsAsync();
    }

    [Fact]
    public async Task S_21_AtTheLimit_ANewcomerTakesThePlaceOfASilentOne_AndBindingsStay()
    {
        var flows = new TaskCompletionSource<SipFlow>();
        await using var server = Start(50, _ => new ScriptedReceiver((message, in flow, reply) =>
        {
            flows.TrySetResult(flow);
            ScriptedReceiver.Write(message, flow, reply, 200);
        }));
        using var phone = await TcpPeer.ConnectAsync(server.EndPoint);
        await phone.AssertNextAnswerIsToOptionsAsync();
        server.Layer.Keep(await flows.Task, TimeSpan.FromHours(1));
        for (var i = 0; i < Crowd; i++) _crowd.Add(await TcpPeer.ConnectAsync(i % 2 == 0 ? server.EndPoint : server.TlsEndPoint));
        await Deadline.UntilAsync(() => server.Meters["sipstead.sip.connections.refused silent"] == Crowd - 45); // a tenth of 50 is not for strangers
        using var late = await TcpPeer.ConnectTlsAsync(server.TlsEndPoint);
        await late.AssertNextAnswerIsToOptionsAsync();
        await phone.AssertNextAnswerIsToOptionsAsync();
        Assert.Equal(0, server.Meters["sipstead.sip.connections.refused all"]);
    }

    [Fact]
    public async Task S_21_PeersThatNeverRead_AreCut_AndCostABoundedQueueEach()
    {
        var flows = new System.Collections.Concurrent.ConcurrentBag<SipFlow>();
        await using var server = Start(receiver: _ => new ScriptedReceiver((message, in flow, reply) =>
        {
            if (message.Value(HeaderId.CallId).SequenceEqual("silent"u8)) flows.Add(flow);
            else ScriptedReceiver.Write(message, flow, reply, 200);
        }));
        for (var i = 0; i < 20; i++)
        {
            _crowd.Add(await TcpPeer.ConnectTlsAsync(server.TlsEndPoint));
            await _crowd[i].SendAsync(new RequestText { CallId = "silent" }.ToString());
        }

        await Deadline.UntilAsync(() => flows.Count == 20);
        var message = new byte[60_000];
        foreach (var flow in flows)
        {
            var sent = 0;
            while (sent < 500 && server.Layer.TrySend(flow, message)) sent++;
            Assert.InRange(sent, 64, 499);
        }

        await AssertServesAsync(server);
        _time.Advance(Handshake + Sweep); // what a write may take is as long
        await Deadline.UntilAsync(() => server.Layer.ConnectionCount == 0);
    }

    [Theory]
    [InlineData("2147483647", 513)]
    [InlineData("4294967296", 400)]
    [InlineData("4294967328", 400)]
    [InlineData("18446744073709551617", 400)]
    [InlineData("-1", 400)]
    [InlineData("5 5", 400)]
    [InlineData("5\r\nContent-Length: 6", 400)]
    public async Task S_22_ImpossibleLength_IsAnsweredOnce_AndEndsTheConnection(string length, int status)
    {
        await using var server = Start();
        foreach (var isTls in (bool[])[false, true])
        {
            using var peer = isTls ? await TcpPeer.ConnectTlsAsync(server.TlsEndPoint) : await TcpPeer.ConnectAsync(server.EndPoint);
            await peer.SendAsync(new RequestText { ContentLength = length }.ToString());
            Assert.Contains((await peer.AnswerAsync()).Status, (int[])[status, 413]);
            await peer.AssertEndsAsync();
        }
    }

    [Fact]
    public async Task S_22_AnnouncedBody_TakesNoMemoryBeforeItComes()
    {
        await using var server = Start();
        await GatherAsync(server, server.EndPoint, "");
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var head = new RequestText { ContentLength = "60000" }.ToString();
        foreach (var peer in _crowd) await peer.SendAsync(head);
        using var probe = await TcpPeer.ConnectAsync(server.EndPoint);
        for (var i = 0; i < Crowd; i++) await probe.AssertNextAnswerIsToOptionsAsync(); // the server has had its turns meanwhile
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, Crowd * 20_000L);
    }

    private RunningTransport Start(int maxConnections = 10_000, Func<RunningTransport, ISipReceiver>? receiver = null) => new(
        new SipOptions { Address = "127.0.0.1", TlsPort = FreePort.Take(), MaxConnections = maxConnections }, _time, receiver,
        certificates: new TestCertificates(_authority.Issue(["sip.example.com"])));

    /// <summary>Opens the crowd's connections, and waits until the server has them.</summary>
    private async Task GatherAsync(RunningTransport server, IPEndPoint to, string octets)
    {
        for (var i = 0; i < Crowd; i++)
        {
            _crowd.Add(await TcpPeer.ConnectAsync(to));
            if (octets.Length > 0) await _crowd[i].SendAsync(octets);
        }

        await Deadline.UntilAsync(() => server.Layer.ConnectionCount == Crowd);
    }

    /// <summary>Probes: UDP, a new TCP connection, a new TLS connection.</summary>
    private static async Task AssertServesAsync(RunningTransport server)
    {
        using var udp = new UdpPeer();
        await udp.AssertNextAnswerIsToOptionsAsync(server.EndPoint);
        using var tcp = await TcpPeer.ConnectAsync(server.EndPoint);
        await tcp.AssertNextAnswerIsToOptionsAsync();
        using var tls = await TcpPeer.ConnectTlsAsync(server.TlsEndPoint);
        await tls.AssertNextAnswerIsToOptionsAsync();
    }
}
