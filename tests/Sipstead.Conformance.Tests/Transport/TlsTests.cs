using System.Buffers.Binary;
using System.Security.Authentication;
using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;
using Sipstead.Sip.Transport;
using Sipstead.Testing;
using Sipstead.Testing.Sip;
using Sipstead.Testing.Tls;
using Xunit;

namespace Sipstead.Conformance.Tests.Transport;

/// <summary>TPT duties over TLS (TPT-01, TPT-08, TPT-18), and S-60.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly TestCertificates _certificates;

    public TlsTests() => _certificates = new TestCertificates(_authority.Issue(["sip.example.com"]));

    public void Dispose() => _authority.Dispose();

    [Fact]
    public async Task TPT_01_Tls_IsServedOnEachAddress()
    {
        await using var server = Start(address: "127.0.0.1,127.0.0.2");
        foreach (var address in (string[])["127.0.0.1", "127.0.0.2"])
        {
            using var peer = await TcpPeer.ConnectTlsAsync(new(System.Net.IPAddress.Parse(address), server.Layer.TlsPort));
            await peer.AssertNextAnswerIsToOptionsAsync();
        }

        Assert.Equal(2, server.Meters["sipstead.sip.messages TLS"]);
    }

    [Fact]
    public async Task TPT_01_TakenTlsPort_IsNamedWithItsSetting()
    {
        await using var first = Start();
        var error = Assert.Throws<SipBindException>(() => new RunningTransport(
            new SipOptions { Address = "127.0.0.1", TlsPort = first.Layer.TlsPort }, certificates: _certificates));
        Assert.Contains("Sipstead__Sip__TlsPort", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TPT_01_StopOfTls_FreesThePort_AndTwiceIsOnce()
    {
        var server = Start();
        using var peer = await TcpPeer.ConnectTlsAsync(server.TlsEndPoint);
        await peer.AssertNextAnswerIsToOptionsAsync();
        await server.Layer.DisposeAsync();
        await server.DisposeAsync();
        await peer.AssertEndsAsync();
        await Assert.ThrowsAsync<System.Net.Sockets.SocketException>(() => TcpPeer.ConnectAsync(server.TlsEndPoint));
    }

    [Fact]
    public async Task TPT_08_Tls_AnswersAndRequestsTakeTheConnection()
    {
        var flows = new TaskCompletionSource<SipFlow>();
        await using var server = Start(receiver: _ => new ScriptedReceiver((message, in flow, reply) =>
        {
            flows.TrySetResult(flow);
            ScriptedReceiver.Write(message, flow, reply, 200);
        }));
        using var peer = await TcpPeer.ConnectTlsAsync(server.TlsEndPoint);
        await peer.AssertNextAnswerIsToOptionsAsync();
        var flow = await flows.Task;
        Assert.Equal(SipTransport.Tls, flow.Transport);
        Assert.Equal(server.Layer.TlsPort, flow.Local.Port);
        Assert.True(server.Layer.TrySend(flow, "hello"u8));
        Assert.Equal("hello", await peer.ReadAsync(5));
    }

    [Fact]
    public async Task TPT_08_Tls_ManyMessagesInManyRecords_AreAnsweredInOrder()
    {
        await using var server = Start();
        using var peer = await TcpPeer.ConnectTlsAsync(server.TlsEndPoint);
        var requests = string.Concat(Enumerable.Range(0, 300).Select(i => new RequestText { CallId = $"{i}" }.ToString()));
        for (var at = 0; at < requests.Length; at += 700) await peer.SendAsync(requests[at..Math.Min(at + 700, requests.Length)]);
        for (var i = 0; i < 300; i++) Assert.Equal($"{i}", (await peer.AnswerAsync()).One("Call-ID"));
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task TPT_18_Tls12And13_AreSpoken_WithForwardSecrecy(SslProtocols version)
    {
        await using var server = Start();
        using var peer = await TcpPeer.ConnectTlsAsync(server.TlsEndPoint, protocols: version);
        await peer.AssertNextAnswerIsToOptionsAsync();
        Assert.Equal(version, peer.Tls.SslProtocol);
        var suite = peer.Tls.NegotiatedCipherSuite.ToString();
        Assert.True(suite.Contains("ECDHE", StringComparison.Ordinal) || version == SslProtocols.Tls13, suite);
    }

    [Fact]
    public async Task TPT_18_Sni_PicksTheCertificate()
    {
        var a = _authority.Issue(["a.example.com"]);
        var b = _authority.Issue(["b.example.com"]);
        _certificates.ByName["a.example.com"] = TestCertificates.ContextOf(a);
        _certificates.ByName["b.example.com"] = TestCertificates.ContextOf(b);
        await using var server = Start();
        foreach (var (name, expected) in new[] { ("a.example.com", a), ("b.example.com", b) })
        {
            using var peer = await TcpPeer.ConnectTlsAsync(server.TlsEndPoint, name);
            Assert.Equal(expected.GetCertHashString(), peer.Tls.RemoteCertificate!.GetCertHashString());
        }

        using var other = await TcpPeer.ConnectTlsAsync(server.TlsEndPoint);
        Assert.Equal(_certificates.Select(null).TargetCertificate.GetCertHashString(), other.Tls.RemoteCertificate!.GetCertHashString());
    }

    [Fact]
    public async Task S_60_ChangedCertificate_ServesTheNext_AndDropsNobody()
    {
        await using var server = Start();
        using var before = await TcpPeer.ConnectTlsAsync(server.TlsEndPoint);
        await before.AssertNextAnswerIsToOptionsAsync();
        var next = _authority.Issue(["sip.example.com"]);
        _certificates.Replace(next);
        using var after = await TcpPeer.ConnectTlsAsync(server.TlsEndPoint);
        Assert.Equal(next.GetCertHashString(), after.Tls.RemoteCertificate!.GetCertHashString());
        Assert.NotEqual(next.GetCertHashString(), before.Tls.RemoteCertificate!.GetCertHashString());
        await before.AssertNextAnswerIsToOptionsAsync();
    }

    /// <summary>Written by hand, since a client's own library refuses the old versions and ciphers before the server can. The last two show that it is understood.</summary>
    [Theory]
    [InlineData(0x0300, 0xC02B, false)] // SSL 3.0
    [InlineData(0x0301, 0xC009, false)] // TLS 1.0 with ECDHE-ECDSA-AES128-SHA
    [InlineData(0x0302, 0xC009, false)] // TLS 1.1
    [InlineData(0x0303, 0xC007, false)] // TLS 1.2 with ECDHE-ECDSA-RC4-SHA
    [InlineData(0x0303, 0xC008, false)] // 3DES
    [InlineData(0x0303, 0xC006, false)] // no encryption
    [InlineData(0x0303, 0xC02B, true)]
    [InlineData(0x0303, 0xC02C, true)]
    public async Task S_60_OldVersionsAndCiphers_AreRefused(int version, int cipher, bool isTaken)
    {
        await using var server = Start(time: new FakeTimeProvider());
        using var peer = await TcpPeer.ConnectAsync(server.TlsEndPoint);
        await peer.SendAsync(ClientHello(version, cipher));
        var first = (await peer.ReadAsync(1))[0];
        Assert.Equal(isTaken ? 0x16 : 0x15, first); // a handshake record, or an alert
        if (!isTaken) await Deadline.UntilAsync(() => server.Layer.ConnectionCount == 0);
    }

    [Fact]
    public async Task S_60_PlaintextOnTheTlsPort_EndsAtOnce()
    {
        await using var server = Start(time: new FakeTimeProvider());
        using var peer = await TcpPeer.ConnectAsync(server.TlsEndPoint);
        await peer.SendAsync(new RequestText().ToString());
        await Deadline.UntilAsync(() => server.Layer.ConnectionCount == 0 && server.Meters["sipstead.sip.tls.failed refused"] == 1);
        Assert.Equal(0, server.Meters["sipstead.sip.messages TLS"]);
    }

    [Fact]
    public async Task S_60_TlsOnThePlainPort_EndsAtOnce()
    {
        await using var server = Start(time: new FakeTimeProvider());
        using var peer = await TcpPeer.ConnectAsync(server.EndPoint);
        await peer.SendAsync(ClientHello(0x0303, 0xC02B));
        await peer.AssertEndsAsync();
        Assert.Equal(1, server.Meters["sipstead.sip.dropped TLS on a plain port"]);
    }

    private RunningTransport Start(TimeProvider? time = null, Func<RunningTransport, ISipReceiver>? receiver = null, string address = "127.0.0.1") =>
        new(new SipOptions { Address = address, TlsPort = FreePort.Take() }, time, receiver, certificates: _certificates);

    /// <summary>A ClientHello (RFC 5246 7.4.1.2) that offers one version and one cipher suite.</summary>
    private static byte[] ClientHello(int version, int cipher)
    {
        byte[] extensions =
        [
            0, 10, 0, 4, 0, 2, 0, 23, // supported groups: P-256
            0, 11, 0, 2, 1, 0, // uncompressed points
            0, 13, 0, 6, 0, 4, 4, 3, 2, 3, // signatures: ECDSA with SHA-256 and SHA-1
        ];
        byte[] body =
        [
            (byte)(version >> 8), (byte)version, .. RandomNumberGenerator.GetBytes(32), 0, 0, 2, (byte)(cipher >> 8), (byte)cipher, 1, 0,
            .. Length(extensions.Length), .. extensions,
        ];
        byte[] handshake = [1, 0, .. Length(body.Length), .. body];
        return [0x16, 3, 1, .. Length(handshake.Length), .. handshake];
    }

    private static byte[] Length(int length)
    {
        var octets = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(octets, (ushort)length);
        return octets;
    }
}
