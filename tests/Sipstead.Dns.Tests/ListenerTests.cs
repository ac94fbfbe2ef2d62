using System.Net;
using System.Net.Sockets;
using ARSoft.Tools.Net.Dns;
using Sipstead.Testing;

namespace Sipstead.Dns.Tests;

/// <summary>Sockets: addresses, connections, deadlines and limits.</summary>
public sealed class ListenerTests
{
    [Fact]
    public async Task DNS_12_Wildcard_AnswersFromAndWithTheAddressThatWasAsked()
    {
        var addresses = new FakeAddresses("127.0.0.1", "127.0.0.2", "::1");
        await using var running = new RunningResponder(RunningResponder.Loopback with { Address = "0.0.0.0,[::]" }, addresses);

        Assert.Equal(3, running.Responder.Endpoints.Count);
        foreach (var endPoint in running.Responder.Endpoints)
        {
            foreach (var tcp in new[] { false, true })
            {
                using var client = RawClient.Connect(endPoint, tcp);
                var type = endPoint.AddressFamily == AddressFamily.InterNetwork ? RecordType.A : RecordType.Aaaa;
                var record = (IAddressRecord)Assert.Single((await client.AskAsync("tenant-a.example.com", type)).Answers);
                Assert.Equal(endPoint.Address, record.Address);
            }
        }
    }

    [Fact]
    public async Task DNS_12_WildcardOfOneFamily_LeavesTheOtherAlone()
    {
        var addresses = new FakeAddresses("127.0.0.1", "::1");
        await using var running = new RunningResponder(RunningResponder.Loopback with { Address = "0.0.0.0" }, addresses);
        Assert.Equal("127.0.0.1", Assert.Single(running.Responder.Endpoints).Address.ToString());
    }

    [Fact]
    public async Task DNS_12_Wildcard_FollowsAddressChanges()
    {
        var addresses = new FakeAddresses("127.0.0.1");
        await using var running = new RunningResponder(RunningResponder.Loopback with { Address = "0.0.0.0" }, addresses);

        addresses.Set("127.0.0.3");

        var endPoint = Assert.Single(running.Responder.Endpoints);
        Assert.Equal("127.0.0.3", endPoint.Address.ToString());
        using var client = RawClient.Connect(endPoint, tcp: false);
        Assert.Equal(0, (await client.AskAsync("example.com", RecordType.Soa)).Rcode);
    }

    [Fact]
    public void DNS_12_MachineAddresses_ListsLoopback()
    {
        using var addresses = new MachineAddresses();
        Assert.Contains(IPAddress.Loopback, addresses.List());
        Assert.DoesNotContain(addresses.List(), address => address.IsIPv6LinkLocal);
    }

    [Theory]
    [InlineData(SocketType.Dgram, "UDP")]
    [InlineData(SocketType.Stream, "TCP")]
    public void Start_PortHeldByAnother_SaysSoInOneLine(SocketType type, string protocol)
    {
        using var holder = new Socket(AddressFamily.InterNetwork, type, type == SocketType.Dgram ? ProtocolType.Udp : ProtocolType.Tcp);
        holder.Bind(new IPEndPoint(IPAddress.Loopback, FreePort.Take()));
        if (type == SocketType.Stream)
            holder.Listen();
        var port = ((IPEndPoint)holder.LocalEndPoint!).Port;

        var refused = Assert.Throws<DnsBindException>(() => new RunningResponder(RunningResponder.Loopback with { Port = port }));

        Assert.Contains($"127.0.0.1:{port} ({protocol})", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Sipstead:Dns:Port", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void Start_AddressThatIsNotOurs_SaysSo()
    {
        var refused = Assert.Throws<DnsBindException>(() => new RunningResponder(RunningResponder.Loopback with { Address = "192.0.2.99" }));
        Assert.Contains("no such address", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_PortZero_OpensNothing()
    {
        await using var running = new RunningResponder(RunningResponder.Loopback with { Port = 0 });
        Assert.Empty(running.Responder.Endpoints);
    }

    [Fact]
    public async Task Dispose_FreesThePortForTheNext()
    {
        var port = FreePort.Take();
        await using var first = new RunningResponder(RunningResponder.Loopback with { Port = port });
        using (var client = RawClient.Connect(first.EndPoint, tcp: true))
            await client.AskAsync("example.com", RecordType.Soa);
        await first.Responder.DisposeAsync();

        await using var second = new RunningResponder(RunningResponder.Loopback with { Port = port });

        using var again = RawClient.Connect(second.EndPoint, tcp: true);
        Assert.Equal(0, (await again.AskAsync("example.com", RecordType.Soa)).Rcode);
    }

    [Fact]
    public async Task DNS_08_TcpPipelinedQueries_AreAllAnsweredWithTheirOwnQuestion()
    {
        await using var running = new RunningResponder();
        using var client = RawClient.Connect(running.EndPoint, tcp: true);
        var queries = Enumerable.Range(0, 50).ToDictionary(i => (ushort)i, i => Query.For($"n{i}.eXample.com", RecordType.A, (ushort)i));

        foreach (var query in queries.Values)
            await client.SendAsync(query);
        for (var i = 0; i < queries.Count; i++)
        {
            var answer = new Answer((await client.ReceiveAsync())!);
            Assert.True(answer.Echoes(queries[answer.Id]));
        }
    }

    [Fact]
    public async Task DNS_08_TcpQueryInSingleOctets_IsAnswered()
    {
        await using var running = new RunningResponder();
        using var client = new TcpClient();
        await client.ConnectAsync(running.EndPoint, TestContext.Current.CancellationToken);
        client.NoDelay = true;
        var query = Query.For("example.com", RecordType.Soa);
        foreach (var octet in (byte[])[0, (byte)query.Length, .. query])
            await client.GetStream().WriteAsync(new[] { octet }, TestContext.Current.CancellationToken);

        var length = new byte[2];
        await client.GetStream().ReadExactlyAsync(length, TestContext.Current.CancellationToken);
        Assert.True(length[1] > 12);
    }

    [Fact]
    public async Task DNS_08_IdleTcpConnection_IsClosedAfterItsTimeAndNotBefore()
    {
        await using var running = new RunningResponder();
        using var client = RawClient.Connect(running.EndPoint, tcp: true);
        await client.AskAsync("example.com", RecordType.Soa);
        var closed = client.ReceiveAsync().AsTask();
        await RunningResponder.UntilAsync(() => running.Answered == 1); // the send has a deadline too, and may end after the answer has arrived
        await Task.Delay(100, TestContext.Current.CancellationToken); // from there to the next read it is a few instructions

        running.Time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(closed.IsCompleted);
        Assert.Equal(1, running.Meters.Total("sipstead.dns.tcp.connections"));
        await RunningResponder.UntilAsync(() =>
        {
            running.Time.Advance(TcpConnection.IdleTimeout);
            return running.Meters.Total("sipstead.dns.tcp.connections") == 0;
        });

        Assert.Null(await closed);
    }

    [Fact]
    public async Task DNS_08_TcpConnectionsAboveTheCapOfOneAddress_AreClosed()
    {
        await using var running = new RunningResponder();
        var clients = Enumerable.Range(0, TcpAdmission.MostFromOneAddress).Select(_ => RawClient.Connect(running.EndPoint, tcp: true)).ToList();
        foreach (var client in clients)
            await client.AskAsync("example.com", RecordType.Soa);

        using (var tooMany = RawClient.Connect(running.EndPoint, tcp: true))
            Assert.Null(await tooMany.ReceiveAsync());
        await running.UntilDroppedAsync("connection_limit", tcp: true);
        clients[0].Dispose();
        await RunningResponder.UntilAsync(() => running.Meters.Total("sipstead.dns.tcp.connections") == clients.Count - 1);

        using var next = RawClient.Connect(running.EndPoint, tcp: true);
        Assert.Equal(0, (await next.AskAsync("example.com", RecordType.Soa)).Rcode);
        clients.ForEach(client => client.Dispose());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Receive_MessageLongerThanAnyQuery_IsDroppedAndTheResponderGoesOn(bool tcp)
    {
        await using var running = new RunningResponder();
        using (var client = RawClient.Connect(running.EndPoint, tcp))
        {
            await client.SendAsync(new byte[20_000]);
            await running.UntilDroppedAsync("oversize", tcp);
        }
        using var next = RawClient.Connect(running.EndPoint, tcp);
        Assert.Equal(0, (await next.AskAsync("example.com", RecordType.Soa)).Rcode);
    }

    [Fact]
    public async Task Metrics_Queries_CountByRcodeAndTransport()
    {
        await using var running = new RunningResponder();
        using var client = RawClient.Connect(running.EndPoint, tcp: true);
        await client.AskAsync("example.com", RecordType.Soa);
        await client.AskAsync("absent.example.com", RecordType.A);
        await client.AskAsync(Query.For("example.com", RecordType.Soa)[..14]);

        await RunningResponder.UntilAsync(() => running.Answered == 3);
        foreach (var rcode in new[] { "NOERROR", "NXDOMAIN", "FORMERR" })
            Assert.Equal(1, running.Meters.Sum("sipstead.dns.queries", "rcode=" + rcode, "transport=tcp"));
    }

    private sealed class FakeAddresses(params string[] addresses) : ILocalAddresses
    {
        private string[] _addresses = addresses;

        public event Action? Changed;

        public IReadOnlyList<IPAddress> List() => [.. _addresses.Select(IPAddress.Parse)];

        public void Set(params string[] addresses)
        {
            _addresses = addresses;
            Changed?.Invoke();
        }
    }
}
