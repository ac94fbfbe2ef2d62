using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace Sipstead.Sip.Transport;

/// <summary>
/// All open stream connections, TCP and TLS, with their limits: in all, and from one source (loopback exempt). A tenth of all is for connections that are
/// kept for a binding or call. At the limit a newcomer takes the place of the oldest connection that has not brought a message yet, so that silent ones
/// do not keep phones out (S-21).
/// </summary>
internal sealed class ConnectionTable(SipOptions options, SipMetrics metrics)
{
    private readonly ConcurrentDictionary<long, StreamConnection> _connections = new();
    private readonly Dictionary<UInt128, int> _bySource = [];
    private readonly LinkedList<StreamConnection> _newcomers = [];
    private readonly Lock _lock = new();
    private long _lastId;
    private int _kept;

    public int Count => _connections.Count;

    public IEnumerable<StreamConnection> All => _connections.Values;

    public long NextId() => Interlocked.Increment(ref _lastId);

    public bool TryGet(long id, [NotNullWhen(true)] out StreamConnection? connection) => _connections.TryGetValue(id, out connection);

    /// <summary>Adds a connection; false when a limit is reached and it must be closed at once.</summary>
    public bool TryAdd(StreamConnection connection)
    {
        var source = connection.Flow.Source;
        lock (_lock)
        {
            var fromSource = _bySource.GetValueOrDefault(source.Bits);
            var limit = fromSource >= options.MaxConnectionsPerSource && !source.IsLoopback ? "source"
                : IsFull && !TryMakeRoom() ? "all" : null;
            if (limit is not null)
            {
                metrics.ConnectionRefused(limit);
                return false;
            }

            _bySource[source.Bits] = _bySource.GetValueOrDefault(source.Bits) + 1;
            _connections[connection.Flow.ConnectionId] = connection;
            connection.Newcomer = _newcomers.AddLast(connection);
        }

        metrics.ConnectionOpened();
        return true;
    }

    /// <summary>Keeps a connection open for a binding or call that lives that long; it counts to the reserved share from now on.</summary>
    public void Keep(StreamConnection connection, TimeSpan lifetime)
    {
        connection.KeepFor(lifetime);
        if (connection.IsKept) return;
        lock (_lock)
        {
            if (connection.IsKept || !_connections.ContainsKey(connection.Flow.ConnectionId)) return;
            connection.IsKept = true;
            _kept++;
        }
    }

    public void Remove(StreamConnection connection)
    {
        lock (_lock) RemoveLocked(connection);
    }

    /// <summary>Serves a connection of this table to its end.</summary>
    public async Task RunAsync(StreamConnection connection, ILogger logger)
    {
        try
        {
            await connection.RunAsync();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            SipLog.LoopFailed(logger, connection.Flow.Local, e); // a defect of ours ends this connection only
        }
        finally
        {
            Remove(connection);
            connection.Dispose();
        }
    }

    private bool IsFull => _connections.Count >= options.MaxConnections || _connections.Count - _kept >= options.MaxConnections - (options.MaxConnections / 10);

    private bool TryMakeRoom()
    {
        while (_newcomers.First is { Value: var oldest })
        {
            if (oldest.HasBroughtMessage)
            {
                Forget(oldest); // none any more: noticed only here, so that no message pays for it
                continue;
            }

            RemoveLocked(oldest);
            metrics.ConnectionRefused("silent");
            oldest.Close();
            return true;
        }

        return false;
    }

    private void RemoveLocked(StreamConnection connection)
    {
        if (!_connections.TryRemove(connection.Flow.ConnectionId, out _)) return;
        Forget(connection);
        if (connection.IsKept) _kept--;
        var bits = connection.Flow.Source.Bits;
        var left = _bySource[bits] - 1;
        if (left == 0) _bySource.Remove(bits);
        else _bySource[bits] = left;
        metrics.ConnectionClosed();
    }

    private void Forget(StreamConnection connection)
    {
        if (connection.Newcomer is { } node) _newcomers.Remove(node);
        connection.Newcomer = null;
    }
}
