using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sipstead.Sip.Transport;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Sip.Tests.Transport;

/// <summary>Limits that a test over loopback cannot reach, because loopback is exempt.</summary>
public sealed class ConnectionTableTests : IDisposable
{
    private static readonly TransportAddress Local = new(IPEndPoint.Parse("198.51.100.1:5060"));

    private readonly CountingMeters _meters = new();
    private readonly SipMetrics _metrics;
    private readonly ConnectionTable _table;
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<IDisposable> _open = [];

    public ConnectionTableTests()
    {
        _metrics = new SipMetrics(_meters);
        _table = new ConnectionTable(new SipOptions { MaxConnections = 5, MaxConnectionsPerSource = 2 }, _metrics);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
    }

    public void Dispose()
    {
        _open.ForEach(item => item.Dispose());
        _listener.Dispose();
        _meters.Dispose();
    }

    [Fact]
    public void TryAdd_OfOneSource_IsLimited_AndFreedByRemoval()
    {
        var first = Connection("192.0.2.1:1");
        Assert.True(_table.TryAdd(first));
        Assert.True(_table.TryAdd(Connection("192.0.2.1:2")));
        Assert.False(_table.TryAdd(Connection("192.0.2.1:3")));
        Assert.True(_table.TryAdd(Connection("192.0.2.2:3")));
        Assert.Equal(1, _meters["sipstead.sip.connections.refused source"]);

        _table.Remove(first);
        _table.Remove(first); // twice is once
        Assert.True(_table.TryAdd(Connection("192.0.2.1:4")));
        Assert.False(_table.TryAdd(Connection("192.0.2.1:5")));
        Assert.Equal(3, _table.Count);
        Assert.Equal(3, _meters["sipstead.sip.connections"]);
    }

    [Fact]
    public void TryAdd_OfLoopback_IsLimitedInAllOnly()
    {
        for (var i = 0; i < 5; i++) Assert.True(_table.TryAdd(Connection("127.0.0.1:1")));
        Assert.False(_table.TryAdd(Connection("127.0.0.1:1")));
        Assert.False(_table.TryAdd(Connection("192.0.2.1:1")));
        Assert.Equal(2, _meters["sipstead.sip.connections.refused all"]);
    }

    [Fact]
    public void S_21_AtTheLimit_TheOldestSilentConnectionMakesRoom_AndNoOther()
    {
        var talking = Connection("192.0.2.1:1");
        var silent = Enumerable.Range(2, 4).Select(i => Connection($"192.0.2.{i}:1", hasBroughtMessage: false)).ToList();
        foreach (var connection in silent.Prepend(talking)) Assert.True(_table.TryAdd(connection));
        silent[0].HasBroughtMessage = true; // its message came meanwhile

        for (var i = 0; i < 3; i++) Assert.True(_table.TryAdd(Connection($"198.51.100.{i}:1")));
        Assert.False(_table.TryAdd(Connection("198.51.100.9:1")));

        Assert.Equal(5, _table.Count);
        Assert.All([talking, silent[0]], connection => Assert.True(_table.TryGet(connection.Flow.ConnectionId, out _)));
        Assert.All(silent[1..], connection => Assert.False(_table.TryGet(connection.Flow.ConnectionId, out _)));
        Assert.Equal(5, _meters["sipstead.sip.connections"]);
        Assert.Equal(3, _meters["sipstead.sip.connections.refused silent"]);
        foreach (var gone in silent[1..]) _table.Remove(gone);
        Assert.Equal(5, _table.Count);
    }

    [Fact]
    public void S_21_ATenth_IsForConnectionsThatAreKept()
    {
        var table = new ConnectionTable(new SipOptions { MaxConnections = 20 }, _metrics);
        var strangers = Enumerable.Range(1, 18).Select(i => Connection($"127.0.0.1:{i}")).ToList();
        Assert.All(strangers, connection => Assert.True(table.TryAdd(connection)));
        Assert.False(table.TryAdd(Connection("127.0.0.1:99")));
        table.Keep(strangers[0], TimeSpan.FromMinutes(1));
        table.Keep(strangers[0], TimeSpan.FromMinutes(2)); // one share each
        Assert.True(table.TryAdd(Connection("127.0.0.1:99")));
        Assert.False(table.TryAdd(Connection("127.0.0.1:99")));
        table.Remove(strangers[0]);
        Assert.False(table.TryAdd(Connection("127.0.0.1:99")));
    }

    [Fact]
    public void TryGet_FindsWhatIsOpen()
    {
        var connection = Connection("192.0.2.1:1");
        Assert.False(_table.TryGet(connection.Flow.ConnectionId, out _));
        _table.TryAdd(connection);
        Assert.True(_table.TryGet(connection.Flow.ConnectionId, out var found));
        Assert.Same(connection, found);
        Assert.Equal([connection], _table.All);
        _table.Remove(connection);
        Assert.False(_table.TryGet(connection.Flow.ConnectionId, out _));
    }

    private StreamConnection Connection(string source, bool hasBroughtMessage = true)
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(_listener.LocalEndPoint!);
        var flow = new SipFlow(SipTransport.Tcp, new TransportAddress(IPEndPoint.Parse(source)), Local, _table.NextId());
        var connection = new StreamConnection(new NetworkStream(_listener.Accept(), ownsSocket: true), flow, new StreamWorkerPool(new NoReceivers(), _metrics), new FakeTimeProvider(), NullLogger.Instance)
        {
            HasBroughtMessage = hasBroughtMessage,
        };
        _open.Add(client);
        _open.Add(connection);
        return connection;
    }

    private sealed class NoReceivers : ISipReceiverFactory
    {
        public ISipReceiver Create() => throw new InvalidOperationException("nothing is received in these tests");
    }
}
