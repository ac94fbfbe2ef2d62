using System.Collections.Concurrent;

namespace Sipstead.Sip.Transport;

/// <summary>All open stream connections, with their limits: in all, and from one source (loopback exempt).</summary>
internal sealed class ConnectionTable(SipOptions options, SipMetrics metrics)
{
    private readonly ConcurrentDictionary<long, StreamConnection> _connections = new();
    private readonly Dictionary<UInt128, int> _bySource = [];
    private readonly Lock _lock = new();
    private long _lastId;

    public int Count => _connections.Count;

    public IEnumerable<StreamConnection> All => _connections.Values;

    public long NextId() => Interlocked.Increment(ref _lastId);

    public bool TryGet(long id, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out StreamConnection? connection) =>
        _connections.TryGetValue(id, out connection);

    /// <summary>Adds a connection; false when a limit is reached and it must be closed at once.</summary>
    public bool TryAdd(StreamConnection connection)
    {
        var source = connection.Flow.Source;
        lock (_lock)
        {
            var fromSource = _bySource.GetValueOrDefault(source.Bits);
            var limit = _connections.Count >= options.MaxConnections ? "all"
                : fromSource >= options.MaxConnectionsPerSource && !source.IsLoopback ? "source" : null;
            if (limit is not null)
            {
                metrics.ConnectionRefused(limit);
                return false;
            }

            _bySource[source.Bits] = fromSource + 1;
            _connections[connection.Flow.ConnectionId] = connection;
        }

        metrics.ConnectionOpened();
        return true;
    }

    public void Remove(StreamConnection connection)
    {
        lock (_lock)
        {
            if (!_connections.TryRemove(connection.Flow.ConnectionId, out _)) return;
            var bits = connection.Flow.Source.Bits;
            var left = _bySource[bits] - 1;
            if (left == 0) _bySource.Remove(bits);
            else _bySource[bits] = left;
        }

        metrics.ConnectionClosed();
    }
}
