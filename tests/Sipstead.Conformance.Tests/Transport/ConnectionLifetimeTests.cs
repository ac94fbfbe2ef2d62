using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using Sipstead.Sip.Transport;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Conformance.Tests.Transport;

/// <summary>TPT-16: how long connections live, and how many there may be.</summary>
public sealed class ConnectionLifetimeTests
{
    /// <summary>64*T1, and a sweep.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(32);

    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task TPT_16_IdleConnection_Lives64T1AfterItsLastUse()
    {
        await using var server = new RunningTransport(time: _time);
        using var peer = await TcpPeer.ConnectAsync(server.EndPoint);
        await peer.AssertNextAnswerIsToOptionsAsync();
        _time.Advance(Grace);
        await peer.AssertNextAnswerIsToOptionsAsync();
        _time.Advance(Grace);
        await peer.AssertNextAnswerIsToOptionsAsync();
        _time.Advance(Grace + Sweep);
        await peer.AssertEndsAsync();
        await Deadline.UntilAsync(() => server.Layer.ConnectionCount == 0);
    }

    [Fact]
    public async Task TPT_16_ConnectionThatSaysNothing_Ends()
    {
        await using var server = new RunningTransport(time: _time);
        using var peer = await TcpPeer.ConnectAsync(server.EndPoint);
        await Deadline.UntilAsync(() => server.Layer.ConnectionCount == 1);
        _time.Advance(Grace + Sweep);
        await peer.AssertEndsAsync();
    }

    [Fact]
    public async Task TPT_16_ConnectionOfABinding_LivesAsLongAsTheBindingAnd64T1()
    {
        var flows = new TaskCompletionSource<SipFlow>();
        await using var server = new RunningTransport(time: _time, receiver: _ => new ScriptedReceiver((message, in flow, reply) =>
        {
            flows.TrySetResult(flow);
            ScriptedReceiver.Write(message, flow, reply, 200);
        }));
        using var peer = await TcpPeer.ConnectAsync(server.EndPoint);
        await peer.AssertNextAnswerIsToOptionsAsync();
        var flow = await flows.Task;
        server.Layer.Keep(flow, TimeSpan.FromSeconds(600));
        server.Layer.Keep(flow, TimeSpan.FromSeconds(60));
        _time.Advance(TimeSpan.FromSeconds(600) + Grace);
        Assert.True(server.Layer.IsReachable(flow));
        _time.Advance(Sweep);
        await peer.AssertEndsAsync();
    }

    [Fact]
    public async Task TPT_16_MessageThatNeverBecomesWhole_EndsTheConnection_HoweverItTrickles()
    {
        await using var server = new RunningTransport(time: _time);
        using var peer = await TcpPeer.ConnectAsync(server.EndPoint);
        await peer.AssertNextAnswerIsToOptionsAsync();
        var text = new RequestText().ToString();
        await peer.SendAsync(text + text[..20]);
        await peer.AnswerAsync();
        Assert.True(await TimeUntilEndAsync(server, () => peer.SendAsync("e")) >= Grace);
    }

    [Fact]
    public async Task TPT_16_MessageWhoseBodyNeverComes_EndsTheConnection()
    {
        await using var server = new RunningTransport(time: _time);
        using var peer = await TcpPeer.ConnectAsync(server.EndPoint);
        await peer.AssertNextAnswerIsToOptionsAsync();
        await peer.SendAsync($"{new RequestText()}{new RequestText { ContentLength = "60000" }}");
        await peer.AnswerAsync();
        server.Layer.Keep(new SipFlow(SipTransport.Tcp, new TransportAddress(peer.EndPoint), new TransportAddress(server.EndPoint), 1), TimeSpan.FromHours(1));
        Assert.True(await TimeUntilEndAsync(server, () => Task.CompletedTask) >= Grace);
    }

    /// <summary>
    /// Lets ten minutes pass in small steps, with something done in each, until the connection has ended. The server may be many steps behind, and is waited
    /// for at the end.
    /// </summary>
    private async Task<TimeSpan> TimeUntilEndAsync(RunningTransport server, Func<Task> eachSecond)
    {
        var passed = TimeSpan.Zero;
        while (server.Layer.ConnectionCount > 0 && passed < TimeSpan.FromMinutes(10))
        {
            try
            {
                await eachSecond();
            }
            catch (SocketException)
            {
                // Ended between the look and the sending.
            }

            _time.Advance(TimeSpan.FromSeconds(1));
            passed += TimeSpan.FromSeconds(1);
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        await Deadline.UntilAsync(() => server.Layer.ConnectionCount == 0);
        return passed;
    }

    [Fact]
    public async Task TPT_16_ConnectionsInAll_AreLimited()
    {
        await using var server = new RunningTransport(new SipOptions { Address = "127.0.0.1", MaxConnections = 3 }, _time);
        var peers = new List<TcpPeer>();
        for (var i = 0; i < 3; i++)
        {
            peers.Add(await TcpPeer.ConnectAsync(server.EndPoint));
            await peers[i].AssertNextAnswerIsToOptionsAsync();
        }

        using (var refused = await TcpPeer.ConnectAsync(server.EndPoint)) await refused.AssertEndsAsync();
        Assert.Equal(1, server.Meters["sipstead.sip.connections.refused all"]);
        Assert.Equal(3, server.Meters["sipstead.sip.connections"]);
        peers[0].Dispose();
        await Deadline.UntilAsync(() => server.Layer.ConnectionCount == 2);
        peers[0] = await TcpPeer.ConnectAsync(server.EndPoint);
        await peers[0].AssertNextAnswerIsToOptionsAsync();
        peers.ForEach(peer => peer.Dispose());
        await Deadline.UntilAsync(() => server.Meters["sipstead.sip.connections"] == 0);
    }
}
