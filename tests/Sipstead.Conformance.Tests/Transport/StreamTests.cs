using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;
using Sipstead.Sip.Transport;
using Sipstead.Sip.Uas;
using Sipstead.Testing;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Conformance.Tests.Transport;

/// <summary>TPT duties over TCP: RFC 3261 18, RFC 5626 (conformance.md).</summary>
public sealed class StreamTests
{
    [Fact]
    public async Task TPT_04_SeveralMessagesInOneSegment_AreAnsweredInOrder()
    {
        await using var server = new RunningTransport();
        using var peer = await TcpPeer.ConnectAsync(server.EndPoint);
        await peer.SendAsync(string.Concat(Enumerable.Range(0, 50).Select(i => new RequestText { CallId = $"{i}" }.ToString())));
        for (var i = 0; i < 50; i++) Assert.Equal($"{i}", (await peer.AnswerAsync()).One("Call-ID"));
    }

    [Fact]
    public async Task TPT_04_SeveralMessagesInOneSegment_AreAllAnswered_WhenTheAnswersAreLarge()
    {
        var padding = new byte[50_000];
        Array.Fill(padding, (byte)'x');
        await using var server = new RunningTransport(receiver: _ => new ScriptedReceiver((message, in flow, reply) =>
        {
            var writer = new SipResponder(reply, message, flow, 1).Begin(200);
            writer.Text("X-Padding: "u8);
            writer.Text(padding);
            writer.EndLine();
            writer.Text("Content-Length: 0\r\n\r\n"u8);
        }));
        using var peer = await TcpPeer.ConnectAsync(server.EndPoint);
        await peer.SendAsync(string.Concat(Enumerable.Range(0, 60).Select(i => new RequestText { CallId = $"{i}" }.ToString())));
        for (var i = 0; i < 60; i++) Assert.Equal($"{i}", (await peer.AnswerAsync()).One("Call-ID"));
        await peer.AssertNextAnswerIsToOptionsAsync();
    }

    [Fact]
    public async Task TPT_04_OneOctetAtATime_GivesTheSame()
    {
        await using var server = new RunningTransport();
        using var slow = await TcpPeer.ConnectAsync(server.EndPoint);
        using var fast = await TcpPeer.ConnectAsync(server.EndPoint);
        var text = new RequestText { Headers = "Subject: a\r\n b\r\nContent-Type: application/sdp\r\n", Body = "v=0\r\n\r\n", CallId = "c" }.ToString();
        await slow.SendOctetByOctetAsync("\r\n" + text + text);
        await fast.SendAsync("\r\n" + text + text);
        for (var i = 0; i < 2; i++)
        {
            var answer = await slow.AnswerAsync();
            Assert.Equal(200, answer.Status);
            Assert.Equal(WithoutPort(answer.Text, slow), WithoutPort((await fast.AnswerAsync()).Text, fast));
        }
    }

    [Fact]
    public async Task TPT_04_LargestMessage_IsTaken_AndNothingLargerIsWaitedFor()
    {
        await using var server = new RunningTransport(receiver: _ => new ScriptedReceiver((message, in flow, reply) =>
            ScriptedReceiver.Write(message, flow, reply, message.Error == SipError.None ? 200 : SipErrors.StatusOf(message.Error))));
        using var peer = await TcpPeer.ConnectAsync(server.EndPoint);
        var head = new RequestText { ContentLength = "65000" }.ToString().Length;
        await peer.SendAsync(new RequestText { Body = new string('x', SipLimits.StreamMessage - head) }.ToString());
        Assert.Equal(200, (await peer.AnswerAsync()).Status);
        await peer.SendAsync(new RequestText { ContentLength = $"{SipLimits.StreamMessage - head + 1}" }.ToString());
        Assert.Equal(513, (await peer.AnswerAsync()).Status);
        await peer.AssertEndsAsync();
    }

    [Theory]
    [InlineData("-5", "400 Bad Content-Length Header")]
    [InlineData("five", "400 Bad Content-Length Header")]
    [InlineData("5\r\nContent-Length: 5", "400 Header Must Not Be Repeated")]
    [InlineData("99999", "513 Message Too Large")]
    [InlineData("99999999999999999999", "400 Bad Content-Length Header")]
    [InlineData("", "400 Missing Content-Length Header")]
    public async Task TPT_05_FramingError_EndsTheConnectionAfterOneAnswer(string contentLength, string expected)
    {
        await using var server = new RunningTransport();
        using var peer = await TcpPeer.ConnectAsync(server.EndPoint);
        await peer.AssertNextAnswerIsToOptionsAsync();
        await peer.SendAsync($"{new RequestText { ContentLength = contentLength, Body = "12345" }}{new RequestText()}");
        Assert.Equal("SIP/2.0 " + expected, (await peer.AnswerAsync()).StatusLine);
        await peer.AssertEndsAsync();
        await Deadline.UntilAsync(() => server.Layer.ConnectionCount == 0);
    }

    [Theory]
    [InlineData("OPTIONS  sip:example.com SIP/2.0", "400 Bad Request Line")]
    [InlineData("GET / HTTP/1.1", "400 Bad Request Line")]
    [InlineData("\x16\x03\x01 TLS", null)]
    [InlineData("SIP/2.0 999 Bad", null)]
    public async Task TPT_05_UnreadableStartLine_EndsTheConnection(string startLine, string? expected)
    {
        await using var server = new RunningTransport();
        using var peer = await TcpPeer.ConnectAsync(server.EndPoint);
        var text = new RequestText().ToString();
        await peer.SendAsync(startLine + text[text.IndexOf("\r\n", StringComparison.Ordinal)..]);
        if (expected is not null) Assert.Equal("SIP/2.0 " + expected, (await peer.AnswerAsync()).StatusLine);
        await peer.AssertEndsAsync();
    }

    [Fact]
    public async Task TPT_05_BadMessageOfKnownLength_LeavesTheConnectionOpen()
    {
        await using var server = new RunningTransport();
        using var peer = await TcpPeer.ConnectAsync(server.EndPoint);
        await peer.SendAsync(new RequestText { Headers = "Bad Name: x\r\n" }.ToString());
        Assert.Equal(400, (await peer.AnswerAsync()).Status);
        await peer.AssertNextAnswerIsToOptionsAsync();
    }

    [Theory]
    [InlineData("SIP/2.0/TCP 192.0.2.99:5070;branch=z9hG4bKx")]
    [InlineData("SIP/2.0/UDP phone.invalid;branch=z9hG4bKx")]
    public async Task TPT_08_Reply_GoesOnTheConnection_WhateverViaSays(string via)
    {
        await using var server = new RunningTransport();
        using var peer = await TcpPeer.ConnectAsync(server.EndPoint);
        await peer.SendAsync(new RequestText { Via = via }.ToString());
        var answer = await peer.AnswerAsync();
        Assert.Equal(200, answer.Status);
        Assert.Equal(via + ";received=127.0.0.1", answer.One("Via"));
    }

    [Fact]
    public async Task TPT_08_FlowOfAConnection_IsReachableWhileItIsOpen()
    {
        var flows = new TaskCompletionSource<SipFlow>();
        await using var server = new RunningTransport(receiver: _ => new ScriptedReceiver((_, in flow, _) => flows.SetResult(flow)));
        var peer = await TcpPeer.ConnectAsync(server.EndPoint);
        await peer.SendAsync(new RequestText().ToString());
        var flow = await flows.Task.WaitAsync(Poll.DefaultDeadline, TestContext.Current.CancellationToken);
        Assert.Equal(new TransportAddress(peer.EndPoint), flow.Source);
        Assert.True(server.Layer.IsReachable(flow));
        Assert.True(server.Layer.TrySend(flow, "hello"u8));
        Assert.Equal("hello", await peer.ReadAsync(5));
        peer.Dispose();
        await Deadline.UntilAsync(() => !server.Layer.IsReachable(flow));
        Assert.False(server.Layer.TrySend(flow, "hello"u8));
    }

    [Fact]
    public async Task TPT_08_PeerThatDoesNotRead_CostsABoundedQueue()
    {
        var flows = new TaskCompletionSource<SipFlow>();
        await using var server = new RunningTransport(receiver: _ => new ScriptedReceiver((_, in flow, _) => flows.SetResult(flow)));
        using var peer = await TcpPeer.ConnectAsync(server.EndPoint);
        await peer.SendAsync(new RequestText().ToString());
        var flow = await flows.Task.WaitAsync(Poll.DefaultDeadline, TestContext.Current.CancellationToken);
        var message = new byte[60_000];
        var sent = 0;
        while (sent < 5_000 && server.Layer.TrySend(flow, message)) sent++;
        Assert.InRange(sent, 64, 4_999);
    }

    [Fact]
    public async Task TPT_13_ResetConnections_DoNotEndTheListener()
    {
        await using var server = new RunningTransport();
        for (var i = 0; i < 30; i++)
        {
            var peer = await TcpPeer.ConnectAsync(server.EndPoint);
            if (i % 2 == 0) await peer.SendAsync("OPTIONS sip:");
            peer.Reset();
        }

        using var next = await TcpPeer.ConnectAsync(server.EndPoint);
        await next.AssertNextAnswerIsToOptionsAsync();
        await Deadline.UntilAsync(() => server.Layer.ConnectionCount == 1);
    }

    [Fact]
    public async Task TPT_13_FailureInAReceiver_EndsItsConnectionOnly()
    {
        await using var server = new RunningTransport(receiver: _ => new ScriptedReceiver((message, in flow, reply) =>
        {
            if (message.Method == SipMethod.Info) throw new InvalidOperationException("a defect");
            ScriptedReceiver.Write(message, flow, reply, 200);
        }));
        using var other = await TcpPeer.ConnectAsync(server.EndPoint);
        await other.AssertNextAnswerIsToOptionsAsync();
        using var peer = await TcpPeer.ConnectAsync(server.EndPoint);
        await peer.SendAsync(new RequestText { Method = "INFO" }.ToString());
        await peer.AssertEndsAsync();
        await other.AssertNextAnswerIsToOptionsAsync();
    }

    [Fact]
    public async Task TPT_14_DoubleLineBreak_IsAnsweredWithOne_HoweverSplit()
    {
        await using var server = new RunningTransport();
        using var peer = await TcpPeer.ConnectAsync(server.EndPoint);
        await peer.SendAsync("\r\n\r\n");
        Assert.Equal("\r\n", await peer.ReadAsync(2));
        await peer.SendOctetByOctetAsync("\r\n\r\n\r\n\r\n");
        Assert.Equal("\r\n\r\n", await peer.ReadAsync(4));
        await peer.SendAsync("\r\n");
        await peer.AssertNextAnswerIsToOptionsAsync();
    }

    [Fact]
    public async Task TPT_15_Keep_IsGivenSeconds()
    {
        await using var server = new RunningTransport();
        using var peer = await TcpPeer.ConnectAsync(server.EndPoint);
        await peer.SendAsync(new RequestText { Via = "SIP/2.0/TCP h;keep;branch=z9hG4bKx" }.ToString());
        Assert.Contains(";keep=30;", (await peer.AnswerAsync()).One("Via"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TPT_08_CommitThatFails_Gives503ToEachThatAwaitsIt_InOneSegment()
    {
        await using var server = new RunningTransport(receiver: _ => new ScriptedReceiver(
            (message, in flow, reply) =>
            {
                ScriptedReceiver.Write(message, flow, reply, 200);
                reply.AwaitsCommit = message.Method == SipMethod.Register;
            },
            () => false));
        using var peer = await TcpPeer.ConnectAsync(server.EndPoint);
        await peer.SendAsync(string.Concat(Enumerable.Range(0, 30).Select(i => new RequestText { Method = i % 3 == 0 ? "OPTIONS" : "REGISTER", CallId = $"{i}" }.ToString())));
        for (var i = 0; i < 30; i++)
        {
            var answer = await peer.AnswerAsync();
            Assert.Equal($"{i}", answer.One("Call-ID"));
            Assert.Equal(i % 3 == 0 ? 200 : 503, answer.Status);
        }
    }

    /// <summary>The answer without what differs between two connections.</summary>
    private static string WithoutPort(string answer, TcpPeer peer) =>
        string.Join('\n', answer.Replace($"rport={peer.EndPoint.Port}", "rport=", StringComparison.Ordinal).Split('\n').Where(l => !l.StartsWith("To:", StringComparison.Ordinal)));
}
