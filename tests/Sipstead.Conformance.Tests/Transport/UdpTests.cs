using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;
using Sipstead.Sip.Transport;
using Sipstead.Testing;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Conformance.Tests.Transport;

/// <summary>TPT duties over UDP: RFC 3261 18, RFC 3581 (conformance.md).</summary>
public sealed class UdpTests
{
    [Fact]
    public async Task DatagramsThatTheKernelDrops_AreCountedAtTheNextSweep()
    {
        var time = new FakeTimeProvider();
        using var goesOn = new ManualResetEventSlim();
        await using var server = new RunningTransport(time: time, receiver: _ => new ScriptedReceiver((_, in _, _) => goesOn.Wait(Poll.DefaultDeadline)));
        using var peer = new UdpPeer();
        var octets = new RequestText { Body = new string('x', 60_000) }.ToOctets();
        for (var i = 0; i < 400; i++) peer.Send(octets, server.EndPoint); // far more than the 8 MB that the kernel keeps at most
        time.Advance(TimeSpan.FromSeconds(5));
        var dropped = server.Meters["sipstead.sip.dropped receive buffer full"];
        Assert.InRange(dropped, 100, 400);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(dropped, server.Meters["sipstead.sip.dropped receive buffer full"]);
        goesOn.Set();
    }

    [Fact]
    public async Task TPT_02_LargestDatagram_IsReceivedWhole()
    {
        await using var server = new RunningTransport(receiver: _ => new ScriptedReceiver((message, in flow, reply) =>
            ScriptedReceiver.Write(message, flow, reply, message.Error == SipError.None && message.Length == SipLimits.Datagram ? 200 : 400)));
        using var peer = new UdpPeer();
        var head = new RequestText { ContentLength = "65000" }.ToString().Length;
        var octets = new RequestText { Body = new string('x', SipLimits.Datagram - head) }.ToOctets();
        Assert.Equal(65_507, octets.Length);
        peer.Send(octets, server.EndPoint);
        Assert.Equal(200, (await peer.AnswerAsync()).Status);
    }

    [Fact]
    public async Task TPT_03_OctetsBehindContentLength_AreDropped()
    {
        await using var server = new RunningTransport();
        using var peer = new UdpPeer();
        peer.Send(Encoding.ASCII.GetBytes($"{new RequestText { CallId = "first" }}\r\n{new RequestText { CallId = "second" }}"), server.EndPoint);
        Assert.Equal("first", (await peer.AnswerAsync()).One("Call-ID"));
        await peer.AssertNextAnswerIsToOptionsAsync(server.EndPoint);
    }

    [Fact]
    public async Task TPT_03_MissingOctets_Get400_AndAResponseNothing()
    {
        await using var server = new RunningTransport();
        using var peer = new UdpPeer();
        var request = new RequestText { ContentLength = "10", Body = "short" };
        peer.Send(request, server.EndPoint);
        var answer = await peer.AnswerAsync();
        Assert.Equal("SIP/2.0 400 Body Shorter Than Content-Length", answer.StatusLine);
        peer.Send(Encoding.ASCII.GetBytes(request.ToString().Replace("OPTIONS sip:example.com SIP/2.0", "SIP/2.0 200 OK", StringComparison.Ordinal)), server.EndPoint);
        await peer.AssertNextAnswerIsToOptionsAsync(server.EndPoint);
        Assert.Equal(2, server.Meters["sipstead.sip.malformed TruncatedBody"]);
    }

    [Fact]
    public async Task TPT_03_WithoutContentLength_TheBodyGoesToTheEnd()
    {
        var body = new TaskCompletionSource<string>();
        await using var server = new RunningTransport(receiver: _ => new ScriptedReceiver((message, in _, _) => body.SetResult(ParsedMessage.Text(message.Body))));
        using var peer = new UdpPeer();
        peer.Send(new RequestText { ContentLength = "", Body = "to the\r\n\r\nend" }, server.EndPoint);
        Assert.Equal("to the\r\n\r\nend", await body.Task.WaitAsync(Poll.DefaultDeadline, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("SIP/2.0/UDP phone.example;branch=z9hG4bKx;rport", ";rport={0};received=127.0.0.1")]
    [InlineData("SIP/2.0/UDP 127.0.0.1:{0};branch=z9hG4bKx;rport", ";rport={0};received=127.0.0.1")]
    [InlineData("SIP/2.0/UDP phone.example:{0};branch=z9hG4bKx", ";received=127.0.0.1")]
    [InlineData("SIP/2.0/UDP 192.0.2.99:{0};branch=z9hG4bKx", ";received=127.0.0.1")]
    [InlineData("SIP/2.0/UDP 127.0.0.1:{0};branch=z9hG4bKx", ";branch=z9hG4bKx")]
    public async Task TPT_06_TopVia_SaysWhereTheRequestCameFrom(string via, string end)
    {
        await using var server = new RunningTransport();
        using var peer = new UdpPeer();
        peer.Send(new RequestText { Via = Port(via, peer) }, server.EndPoint);
        Assert.EndsWith(Port(end, peer), (await peer.AnswerAsync()).One("Via"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TPT_07_WithRport_TheReplyGoesToTheSourcePort()
    {
        await using var server = new RunningTransport();
        using var peer = new UdpPeer();
        using var other = new UdpPeer();
        peer.Send(new RequestText { Via = Port("SIP/2.0/UDP 127.0.0.1:{0};branch=z9hG4bKx;rport", other) }, server.EndPoint);
        Assert.Equal(200, (await peer.AnswerAsync()).Status);
    }

    [Fact]
    public async Task TPT_07_WithoutRport_TheReplyGoesToTheViaPortOfTheSource_AndMaddrIsIgnored()
    {
        await using var server = new RunningTransport();
        using var peer = new UdpPeer("127.0.0.5");
        using var decoy = new UdpPeer("127.0.0.6");
        peer.Send(new RequestText { Via = Port("SIP/2.0/UDP 127.0.0.6:{0};maddr=127.0.0.6;received=127.0.0.6;branch=z9hG4bKx", peer) }, server.EndPoint);
        Assert.Equal(200, (await peer.AnswerAsync()).Status);
        await decoy.AssertNextAnswerIsToOptionsAsync(server.EndPoint);
    }

    [Theory]
    [InlineData("127.0.0.2")]
    [InlineData("127.0.0.3")]
    public async Task TPT_07_OnTheWildcard_TheReplyLeavesFromTheAddressThatWasAsked(string address)
    {
        await using var server = new RunningTransport(new SipOptions { Address = "0.0.0.0" });
        using var peer = new UdpPeer();
        var asked = new IPEndPoint(IPAddress.Parse(address), server.Port);
        peer.Send(new RequestText(), asked);
        var (octets, from) = await peer.ReceiveAsync();
        Assert.Equal(asked, from);
        Assert.StartsWith("SIP/2.0 200 ", ParsedMessage.Text(octets), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TPT_07_RequestOverAFlow_LeavesFromTheAddressThatItCameTo()
    {
        var flows = new TaskCompletionSource<SipFlow>();
        await using var server = new RunningTransport(
            new SipOptions { Address = "0.0.0.0" }, receiver: _ => new ScriptedReceiver((_, in flow, _) => flows.SetResult(flow)));
        using var peer = new UdpPeer();
        peer.Send(new RequestText(), new IPEndPoint(IPAddress.Parse("127.0.0.3"), server.Port));
        var flow = await flows.Task.WaitAsync(Poll.DefaultDeadline, TestContext.Current.CancellationToken);
        Assert.True(server.Layer.IsReachable(flow));
        Assert.True(server.Layer.TrySend(flow, "\r\n\r\n"u8));
        var (octets, from) = await peer.ReceiveAsync();
        Assert.Equal("\r\n\r\n", ParsedMessage.Text(octets));
        Assert.Equal(new IPEndPoint(IPAddress.Parse("127.0.0.3"), server.Port), from);
    }

    [Theory]
    [InlineData("SIP/2.0/TCP 127.0.0.1;rport;branch=z9hG4bKx")]
    [InlineData("SIP/2.0/TLS 127.0.0.1;rport;branch=z9hG4bKx")]
    [InlineData("SIP/2.0/UNKNOWN 127.0.0.1;rport;branch=z9hG4bKx")]
    public async Task TPT_09_ViaOfAnotherTransport_IsAnsweredTheWayItCame(string via)
    {
        await using var server = new RunningTransport();
        using var peer = new UdpPeer();
        peer.Send(new RequestText { Via = via }, server.EndPoint);
        Assert.Equal(200, (await peer.AnswerAsync()).Status);
    }

    [Fact]
    public async Task TPT_12_ReplyToOurOwnAddress_IsNotSent()
    {
        await using var server = new RunningTransport();
        using var peer = new UdpPeer();
        peer.Send(new RequestText { Via = $"SIP/2.0/UDP 127.0.0.1:{server.Port};branch=z9hG4bKx" }, server.EndPoint);
        await peer.AssertNextAnswerIsToOptionsAsync(server.EndPoint);
        Assert.Equal(1, server.Meters["sipstead.sip.dropped destination"]);
        Assert.Equal(2, server.Meters["sipstead.sip.messages UDP"]);
    }

    [Theory]
    [InlineData("0.0.0.0:5060")]
    [InlineData("255.255.255.255:5060")]
    [InlineData("224.0.0.1:5060")]
    [InlineData("[ff02::1]:5060")]
    [InlineData("127.0.0.1:0")]
    public async Task TPT_12_FlowToWhatNobodyMayReceive_IsRefused(string destination)
    {
        await using var server = new RunningTransport();
        var flow = new SipFlow(SipTransport.Udp, new TransportAddress(IPEndPoint.Parse(destination)), new TransportAddress(server.EndPoint), 0);
        Assert.False(server.Layer.TrySend(flow, "OPTIONS"u8));
    }

    [Fact]
    public async Task TPT_12_OwnListeners_AreKnown()
    {
        await using var server = new RunningTransport();
        Assert.True(server.Layer.IsOwnListener(new TransportAddress(server.EndPoint)));
        Assert.False(server.Layer.IsOwnListener(new TransportAddress(new IPEndPoint(IPAddress.Loopback, server.Port - 1))));
        Assert.False(server.Layer.IsOwnListener(new TransportAddress(new IPEndPoint(IPAddress.Parse("198.51.100.77"), server.Port))));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TPT_13_UnreachablePeers_DoNotEndTheLoop(bool firstPort)
    {
        await using var server = new RunningTransport();
        var to = new IPEndPoint(IPAddress.Loopback, firstPort ? server.Port : server.OpenFurtherPort());
        using var peer = new UdpPeer();
        for (var i = 0; i < 50; i++)
        {
            using var gone = new UdpPeer("127.0.0.9"); // of its own, so that no other test's peer gets an answer to it
            gone.Send(new RequestText(), to);
        }

        await peer.AssertNextAnswerIsToOptionsAsync(to);
        await peer.AssertNextAnswerIsToOptionsAsync(to);
    }

    [Fact]
    public async Task TPT_13_FailureInAReceiver_CostsItsBatchOnly()
    {
        await using var server = new RunningTransport(receiver: _ => new ScriptedReceiver((message, in flow, reply) =>
        {
            if (message.Method == SipMethod.Info) throw new InvalidOperationException("a defect");
            ScriptedReceiver.Write(message, flow, reply, 200);
        }));
        using var peer = new UdpPeer();
        peer.Send(new RequestText { Method = "INFO" }, server.EndPoint);
        await Deadline.UntilAsync(() => server.Meters["sipstead.sip.messages UDP"] == 1);
        peer.Send(new RequestText(), server.EndPoint);
        Assert.Equal(200, (await peer.AnswerAsync()).Status);
    }

    [Fact]
    public async Task TPT_14_StunBindingOnTheSipPort_IsAnswered_AndKeepAlivesAreNot()
    {
        await using var server = new RunningTransport();
        using var peer = new UdpPeer();
        foreach (var silent in (string[])["\r\n\r\n", "\0\0\0\0", "\r\n", "\0", "\x03garbage", ""]) peer.Send(Encoding.Latin1.GetBytes(silent), server.EndPoint);
        peer.Send(Convert.FromHexString("000100002112a442b7e7a701bc34d686fa87dfae"), server.EndPoint);
        var (octets, from) = await peer.ReceiveAsync();
        Assert.Equal(server.EndPoint, from);
        var port = peer.EndPoint.Port ^ 0x2112;
        Assert.Equal($"0101000c2112a442b7e7a701bc34d686fa87dfae002000080001{port:x4}5e12a443", Convert.ToHexStringLower(octets));
        Assert.Equal(1, server.Meters["sipstead.sip.dropped stun"]);
        await peer.AssertNextAnswerIsToOptionsAsync(server.EndPoint);
    }

    [Theory]
    [InlineData("keep", ";keep=30;")]
    [InlineData("keep=10", ";keep=10;")]
    public async Task TPT_15_Keep_IsGivenSecondsWhenItHasNone(string keep, string expected)
    {
        await using var server = new RunningTransport();
        using var peer = new UdpPeer();
        peer.Send(new RequestText { Via = $"SIP/2.0/UDP h;{keep};rport;branch=z9hG4bKx" }, server.EndPoint);
        Assert.Contains(expected, (await peer.AnswerAsync()).One("Via"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TPT_02_ReplyLargerThanADatagram_IsDroppedAndCounted()
    {
        await using var server = new RunningTransport(receiver: _ => new ScriptedReceiver((message, in flow, reply) =>
        {
            ScriptedReceiver.Write(message, flow, reply, 200);
            if (message.Method == SipMethod.Info) reply.Writer.Text(new byte[SipLimits.Datagram]);
            if (message.Method == SipMethod.Message) reply.Writer.Text(new byte[SipLimits.Datagram + 1 - reply.Writer.Length]);
        }));
        using var peer = new UdpPeer();
        peer.Send(new RequestText { Method = "INFO" }, server.EndPoint);
        peer.Send(new RequestText { Method = "MESSAGE" }, server.EndPoint);
        await peer.AssertNextAnswerIsToOptionsAsync(server.EndPoint);
        Assert.Equal(2, server.Meters["sipstead.sip.dropped reply too large"]);
    }

    [Fact]
    public async Task TPT_07_CommitThatFails_Gives503ToEachThatAwaitsIt()
    {
        await using var server = new RunningTransport(receiver: _ => new ScriptedReceiver(
            (message, in flow, reply) =>
            {
                ScriptedReceiver.Write(message, flow, reply, 200);
                reply.AwaitsCommit = message.Method == SipMethod.Register;
            },
            () => false));
        using var peer = new UdpPeer();
        for (var i = 0; i < 40; i++) peer.Send(new RequestText { Method = i % 3 == 0 ? "OPTIONS" : "REGISTER", CallId = $"{i}" }, server.EndPoint);
        var answers = new Dictionary<string, int>();
        for (var i = 0; i < 40; i++)
        {
            var answer = await peer.AnswerAsync();
            answers.Add(answer.One("Call-ID")!, answer.Status);
        }

        for (var i = 0; i < 40; i++) Assert.Equal(i % 3 == 0 ? 200 : 503, answers[$"{i}"]);
    }

    private static string Port(string text, UdpPeer peer) => text.Replace("{0}", $"{peer.EndPoint.Port}", StringComparison.Ordinal);
}
