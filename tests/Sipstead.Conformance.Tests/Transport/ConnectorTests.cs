using System.Net;
using System.Net.Sockets;
using Sipstead.Sip.Transport;
using Sipstead.Testing;
using Sipstead.Testing.Sip;
using Sipstead.Testing.Tls;
using Xunit;

namespace Sipstead.Conformance.Tests.Transport;

/// <summary>Ways to peers that did not come to us: TPT-08, TPT-17, TPT-18, S-60, S-61.</summary>
public sealed class ConnectorTests : IDisposable
{
    private const string Host = "sip.peer.example";

    private readonly TestAuthority _authority = new();
    private readonly TestCertificates _certificates;
    private readonly Socket _peer = Listen();

    public ConnectorTests()
    {
        _certificates = new TestCertificates(_authority.Issue(["sip.example.com"]));
        _certificates.TrustedAuthorities.Add(_authority.Certificate);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private TransportAddress PeerAddress => new((IPEndPoint)_peer.LocalEndPoint!);

    public void Dispose()
    {
        _peer.Dispose();
        _authority.Dispose();
    }

    [Fact]
    public async Task TPT_08_Udp_LeavesFromThePortThatWasAskedFor()
    {
        await using var server = Start();
        using var peer = new UdpPeer();
        var flow = await server.Layer.ConnectAsync(Target(SipTransport.Udp, new TransportAddress(peer.EndPoint)), server.Port, Cancel);
        Assert.True(server.Layer.TrySend(flow!.Value, "hello"u8));
        Assert.Equal(server.EndPoint, (await peer.ReceiveAsync()).From);
    }

    [Fact]
    public async Task TPT_08_Tcp_CarriesBothWays_OnOneConnectionForAllWhoAsk()
    {
        await using var server = Start();
        var asked = Enumerable.Range(0, 20).Select(_ => server.Layer.ConnectAsync(Target(SipTransport.Tcp), server.Port, Cancel).AsTask()).ToList();
        using var peer = await TcpPeer.AcceptAsync(_peer);
        var flows = await Task.WhenAll(asked);
        Assert.Single(flows.Distinct());
        Assert.Equal(server.Port, flows[0]!.Value.Local.Port); // what Via tells
        Assert.True(server.Layer.TrySend(flows[0]!.Value, "hello"u8));
        Assert.Equal("hello", await peer.ReadAsync(5));
        await peer.AssertNextAnswerIsToOptionsAsync();
        Assert.Equal(flows[0], await server.Layer.ConnectAsync(Target(SipTransport.Tcp), server.Port, Cancel));
        Assert.Equal(1, server.Layer.ConnectionCount);
    }

    [Fact]
    public async Task TPT_08_ConnectionThatEnded_IsOpenedAnew()
    {
        await using var server = Start();
        var first = await OpenAsync(server, SipTransport.Tcp);
        first.Peer!.Dispose();
        await Deadline.UntilAsync(() => server.Layer.ConnectionCount == 0);
        var second = await OpenAsync(server, SipTransport.Tcp);
        using var peer = second.Peer!;
        Assert.NotEqual(first.Flow!.Value.ConnectionId, second.Flow!.Value.ConnectionId);
        await peer.AssertNextAnswerIsToOptionsAsync();
    }

    [Fact]
    public async Task TPT_17_ConnectionThatAPhoneOpened_IsNotTakenForItsAddress()
    {
        var flows = new TaskCompletionSource<SipFlow>();
        await using var server = Start(receiver: _ => new ScriptedReceiver((message, in flow, reply) =>
        {
            flows.TrySetResult(flow);
            ScriptedReceiver.Write(message, flow, reply, 200);
        }));
        using var phone = await TcpPeer.ConnectAsync(server.EndPoint);
        await phone.SendAsync(new RequestText { Via = $"SIP/2.0/TCP {phone.EndPoint};alias;rport;branch=z9hG4bK1" }.ToString());
        await phone.AnswerAsync();
        var accepted = await flows.Task;

        Assert.Null(await server.Layer.ConnectAsync(Target(SipTransport.Tcp, new TransportAddress(phone.EndPoint)), server.Port, Cancel)); // nobody listens there
        Assert.True(server.Layer.TrySend(accepted, "ring!"u8)); // while its own flow still leads to it
        Assert.Equal("ring!", await phone.ReadAsync(5));
    }

    [Fact]
    public async Task TPT_18_Tls_CarriesBothWays_WhenTheCertificateIsRight()
    {
        await using var server = Start();
        var (flow, peer) = await OpenAsync(server, SipTransport.Tls, [Host]);
        using (peer)
        {
            Assert.Equal((SipTransport.Tls, server.Layer.TlsPort), (flow!.Value.Transport, flow.Value.Local.Port));
            Assert.True(server.Layer.TrySend(flow.Value, "hello"u8));
            Assert.Equal("hello", await peer!.ReadAsync(5));
            await peer.AssertNextAnswerIsToOptionsAsync();
        }
    }

    [Theory]
    [InlineData(true, Host)]
    [InlineData(true, "SIP.Peer.example")]
    [InlineData(true, "sip:sip.peer.example")]
    [InlineData(true, "sip:sip.peer.example", "other.example")]
    [InlineData(false, "sip:other.example", Host)] // where there are SIP URIs they count alone (RFC 5922 7.1)
    [InlineData(true, "https://other.example", Host)]
    [InlineData(false, "sip:user@sip.peer.example")]
    [InlineData(false, "https://sip.peer.example")]
    [InlineData(false, "*.peer.example")] // 7.2
    [InlineData(false, "peer.example")]
    [InlineData(false, "www.sip.peer.example")]
    [InlineData(false, "127.0.0.1")]
    public async Task S_60_PeerWithAnotherName_IsRefused(bool isTaken, params string[] names)
    {
        await using var server = Start();
        var (flow, peer) = await OpenAsync(server, SipTransport.Tls, names);
        peer?.Dispose();
        Assert.Equal(isTaken, flow is not null);
        Assert.Equal(isTaken ? 0 : 1, server.Meters["sipstead.sip.connects.failed certificate"]);
    }

    [Fact]
    public async Task S_60_PeerByAddress_NeedsTheAddressInItsCertificate()
    {
        await using var server = Start();
        var (flow, peer) = await OpenAsync(server, SipTransport.Tls, ["127.0.0.1"], host: "127.0.0.1");
        peer?.Dispose();
        Assert.NotNull(flow);
    }

    [Fact]
    public async Task S_60_PeerWhoseCertificateEndedOrIsNotTrustedOrNotForServers_IsRefused()
    {
        using var strangers = new TestAuthority();
        await using var server = Start();
        foreach (var certificate in new[]
        {
            _authority.Issue([Host], -30, -1), _authority.Issue([Host], 1, 30), strangers.Issue([Host]), _authority.Issue([Host], usage: "1.3.6.1.5.5.7.3.4"),
        })
        {
            var opening = server.Layer.ConnectAsync(Target(SipTransport.Tls), server.Port, Cancel).AsTask();
            using var peer = await TryAcceptAsync(certificate);
            Assert.Null(await opening);
        }

        Assert.Equal(4, server.Meters["sipstead.sip.connects.failed certificate"]);
        Assert.Equal(0, server.Layer.ConnectionCount);
    }

    [Fact]
    public async Task S_60_ConnectionCheckedForOneName_IsNotUsedForAnother()
    {
        await using var server = Start();
        var (first, peer) = await OpenAsync(server, SipTransport.Tls, [Host]);
        var (second, other) = await OpenAsync(server, SipTransport.Tls, [Host], host: "other.example");
        peer?.Dispose();
        other?.Dispose();
        Assert.NotNull(first);
        Assert.Null(second);
    }

    [Fact]
    public async Task S_61_TargetOverTls_NeverGetsPlaintext()
    {
        await using var server = Start();
        var opening = server.Layer.ConnectAsync(Target(SipTransport.Tls), server.Port, Cancel).AsTask();
        using var plain = await TcpPeer.AcceptAsync(_peer);
        Assert.Equal('\x16', (await plain.ReadAsync(1))[0]); // a handshake
        await plain.SendAsync("SIP/2.0 200 OK\r\n\r\n");
        Assert.Null(await opening);
        Assert.False(_peer.Poll(0, SelectMode.SelectRead)); // no second try by other means
    }

    [Fact]
    public async Task S_21_PeerThatNeverAgrees_IsGivenUpAfterTenSeconds_AndFewAreUnderWay()
    {
        var time = new PunctualTimeProvider(TimeProvider.System.GetUtcNow());
        await using var server = Start(time);
        var silent = Enumerable.Range(0, 64).Select(i => server.Layer.ConnectAsync(Target(SipTransport.Tls) with { Host = $"{i}.example" }, server.Port, Cancel).AsTask()).ToList();
        Assert.Null(await server.Layer.ConnectAsync(Target(SipTransport.Tls) with { Host = "more.example" }, server.Port, Cancel));
        Assert.Equal(1, server.Meters["sipstead.sip.connects.failed limit"]);
        var peers = new List<TcpPeer>();
        for (var i = 0; i < 64; i++) peers.Add(await TcpPeer.AcceptAsync(_peer));
        time.Pass(TimeSpan.FromSeconds(10));
        Assert.All(await Task.WhenAll(silent), Assert.Null);
        Assert.Equal(64, server.Meters["sipstead.sip.connects.failed timeout"]);
        peers.ForEach(peer => peer.Dispose());
    }

    [Fact]
    public async Task Way_ThatThereIsNot_IsExplained()
    {
        await using var server = Start();
        var closed = new TransportAddress(new IPEndPoint(IPAddress.Loopback, FreePort.Take()));
        Assert.Equal(new SipWay(null, "Connection refused"), await server.Layer.FindWayAsync(Target(SipTransport.Tcp, closed), server.Port, Cancel));
        Assert.Equal(
            new SipWay(null, "nothing may be sent there"), await server.Layer.FindWayAsync(Target(SipTransport.Udp, new TransportAddress(server.EndPoint)), server.Port, Cancel));
        var way = await server.Layer.FindWayAsync(Target(SipTransport.Udp), server.Port, Cancel);
        Assert.Equal(("", server.Port), (way.Problem, way.Flow!.Value.Local.Port));
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("224.0.1.75")]
    [InlineData("255.255.255.255")]
    public async Task TPT_12_TargetThatNobodyMaySendTo_HasNoWay(string address)
    {
        await using var server = Start();
        foreach (var transport in (SipTransport[])[SipTransport.Udp, SipTransport.Tcp, SipTransport.Tls])
            Assert.Null(await server.Layer.ConnectAsync(Target(transport, new TransportAddress(new IPEndPoint(IPAddress.Parse(address), 5060))), server.Port, Cancel));
    }

    [Fact]
    public async Task TPT_12_OurOwnListeners_AreNoTarget()
    {
        await using var server = Start();
        Assert.Null(await server.Layer.ConnectAsync(Target(SipTransport.Tcp, new TransportAddress(server.EndPoint)), server.Port, Cancel));
        Assert.Null(await server.Layer.ConnectAsync(Target(SipTransport.Tls, new TransportAddress(server.TlsEndPoint)), server.Port, Cancel));
    }

    private RunningTransport Start(TimeProvider? time = null, Func<RunningTransport, ISipReceiver>? receiver = null) =>
        new(new SipOptions { Address = "127.0.0.1", TlsPort = FreePort.Take() }, time, receiver, certificates: _certificates);

    private SipTarget Target(SipTransport transport, TransportAddress? address = null) => new(transport, address ?? PeerAddress, Host);

    /// <summary>Opens a connection to the peer of this test. The peer is null when its handshake failed.</summary>
    private async Task<(SipFlow? Flow, TcpPeer? Peer)> OpenAsync(RunningTransport server, SipTransport transport, string[]? names = null, string host = Host)
    {
        var opening = server.Layer.ConnectAsync(Target(transport) with { Host = host }, server.Port, Cancel).AsTask();
        var peer = names is null ? await TcpPeer.AcceptAsync(_peer) : await TryAcceptAsync(_authority.Issue(names));
        return (await opening, peer);
    }

    /// <summary>Null when the handshake failed; with TLS 1.3 the peer learns of it only later.</summary>
    private async Task<TcpPeer?> TryAcceptAsync(System.Security.Cryptography.X509Certificates.X509Certificate2 certificate)
    {
        try
        {
            return await TcpPeer.AcceptAsync(_peer, certificate);
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
        {
            return null;
        }
    }

    private static Socket Listen()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen(100);
        return socket;
    }
}
