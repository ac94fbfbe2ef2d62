using System.Net;
using System.Net.Sockets;
using Sipstead.Sip.Transport;
using Sipstead.Testing;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Conformance.Tests.Transport;

/// <summary>TPT-01: what is listened on, and how it begins and ends.</summary>
public sealed class ListenerTests
{
    [Fact]
    public async Task TPT_01_UdpAndTcp_OnIpv4AndIpv6_AreServedOnOnePort()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "This host has no IPv6.");
        await using var server = new RunningTransport(new SipOptions { Address = "127.0.0.1,[::1]" });
        foreach (var address in (IPAddress[])[IPAddress.Loopback, IPAddress.IPv6Loopback])
        {
            var to = new IPEndPoint(address, server.Port);
            using var udp = new UdpPeer(address.ToString());
            await udp.AssertNextAnswerIsToOptionsAsync(to);
            using var tcp = await TcpPeer.ConnectAsync(to);
            await tcp.AssertNextAnswerIsToOptionsAsync();
        }
    }

    [Fact]
    public async Task TPT_01_BothWildcards_StandSideBySide()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "This host has no IPv6.");
        await using var server = new RunningTransport(new SipOptions());
        using var v4 = new UdpPeer();
        await v4.AssertNextAnswerIsToOptionsAsync(server.EndPoint);
        using var v6 = new UdpPeer("::1");
        v6.Send(new RequestText(), new IPEndPoint(IPAddress.IPv6Loopback, server.Port));
        var (octets, from) = await v6.ReceiveAsync();
        Assert.Equal(new IPEndPoint(IPAddress.IPv6Loopback, server.Port), from);
        Assert.Contains(";received=::1\r\n", ParsedMessage.Text(octets), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TPT_01_SeveralThreads_ShareAPort()
    {
        await using var server = new RunningTransport(new SipOptions { Address = "127.0.0.1", UdpThreads = 3 });
        for (var i = 0; i < 20; i++)
        {
            using var peer = new UdpPeer();
            await peer.AssertNextAnswerIsToOptionsAsync(server.EndPoint);
        }
    }

    [Fact]
    public async Task TPT_01_FurtherPorts_OpenAndClose()
    {
        await using var server = new RunningTransport();
        var port = server.OpenFurtherPort();
        server.Layer.OpenAccountPort(port); // open already: nothing happens
        Assert.Equal([server.Port, port], server.Layer.OpenPorts.OrderBy(p => p == port));
        var to = new IPEndPoint(IPAddress.Loopback, port);
        using var peer = new UdpPeer();
        for (var i = 0; i < 100; i++) peer.Send(new RequestText { CallId = $"{i}" }, to);
        for (var i = 0; i < 100; i++) Assert.Equal($"{i}", (await peer.AnswerAsync()).One("Call-ID"));
        using var tcp = await TcpPeer.ConnectAsync(to);
        await tcp.AssertNextAnswerIsToOptionsAsync();

        await server.Layer.CloseAsync(port);
        Assert.DoesNotContain(port, server.Layer.OpenPorts);
        await tcp.AssertNextAnswerIsToOptionsAsync(); // what came in on it stays
        await Assert.ThrowsAsync<SocketException>(() => TcpPeer.ConnectAsync(to));
    }

    [Fact]
    public async Task TPT_01_TakenPort_IsNamedInOneLine()
    {
        await using var server = new RunningTransport();
        using var udp = new UdpPeer();
        var error = Assert.Throws<SipBindException>(() => server.Layer.OpenAccountPort(udp.EndPoint.Port));
        Assert.Contains($"UDP 127.0.0.1:{udp.EndPoint.Port}: the port is taken", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Equal([server.Port], server.Layer.OpenPorts);
    }

    [Fact]
    public async Task TPT_01_Stop_FreesThePort()
    {
        var server = new RunningTransport(port: FreePort.Take());
        var peer = await TcpPeer.ConnectAsync(server.EndPoint);
        await peer.AssertNextAnswerIsToOptionsAsync();
        await server.DisposeAsync();
        await peer.AssertEndsAsync();
        peer.Reset();
        using var next = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        next.Bind(server.EndPoint);
    }
}
