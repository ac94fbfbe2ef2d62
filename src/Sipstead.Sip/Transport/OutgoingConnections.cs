using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Extensions.Logging;

namespace Sipstead.Sip.Transport;

/// <summary>
/// Connections that we opened: one for each target, used again while it is open. One that a phone opened is never taken for this (TPT-17): it leads to
/// the bindings registered over it alone. Who asks while one is being opened waits for the same.
/// </summary>
internal sealed class OutgoingConnections(ConnectionTable connections, TlsConnector tls, SipMetrics metrics, TimeProvider time, ILogger logger)
    : IAsyncDisposable
{
    /// <summary>Connections that may be on their way at one time; more get no flow.</summary>
    public const int MaxUnderWay = 64;

    /// <summary>How long a connection may take, TLS included.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly Dictionary<Key, Opening> _byTarget = [];
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private int _underWay;

    /// <summary>What makes two targets one. Over TLS it matters whom the certificate was checked for.</summary>
    private readonly record struct Key(SipTransport Transport, TransportAddress Address, string Host, int LocalPort);

    /// <summary>A connection to a target, from the first who asks to its end.</summary>
    private sealed class Opening
    {
        public Task<StreamConnection?> Connection { get; set; } = Task.FromResult<StreamConnection?>(null);
    }

    /// <summary>The flow of a connection to the target; null when there is none to be had.</summary>
    /// <param name="localPort">The port that Via and Contact tell the peer, on which it may connect to us; 0 for the connection's own.</param>
    public async Task<SipFlow?> ConnectAsync(SipTarget target, int localPort, StreamWorkerPool workers, CancellationToken cancellationToken)
    {
        var host = target.Transport == SipTransport.Tls ? target.Host.Trim('[', ']').TrimEnd('.').ToLowerInvariant() : "";
        var key = new Key(target.Transport, target.Address, host, localPort);
        while (FindOrOpen(key, workers) is { } opening)
        {
            if (await opening.Connection.WaitAsync(cancellationToken) is not { } connection) return null;
            if (connections.TryGet(connection.Flow.ConnectionId, out _)) return connection.Flow;
            Forget(key, opening); // it has just ended
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Task[] open;
        lock (_lock) open = [.. _byTarget.Values.Select(opening => opening.Connection)];
        foreach (var task in open) await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private Opening? FindOrOpen(Key key, StreamWorkerPool workers)
    {
        lock (_lock)
        {
            if (_byTarget.TryGetValue(key, out var known)) return known;
            if (_underWay < MaxUnderWay)
            {
                _underWay++;
                var opening = new Opening();
                opening.Connection = Task.Run(() => OpenAsync(key, opening, workers));
                return _byTarget[key] = opening;
            }
        }

        metrics.ConnectFailed("limit");
        SipLog.TooManyConnects(logger, MaxUnderWay, key.Address);
        return null;
    }

    private void Forget(Key key, Opening opening)
    {
        lock (_lock)
        {
            if (_byTarget.TryGetValue(key, out var current) && current == opening) _byTarget.Remove(key);
        }
    }

    private async Task<StreamConnection?> OpenAsync(Key key, Opening opening, StreamWorkerPool workers)
    {
        var connection = await TryOpenAsync(key, workers);
        lock (_lock) _underWay--;
        if (connection is null) Forget(key, opening);
        else _ = ServeAsync(key, opening, connection);
        return connection;
    }

    private async Task<StreamConnection?> TryOpenAsync(Key key, StreamWorkerPool workers)
    {
        using var timeout = new CancellationTokenSource(Timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stop.Token);
        var socket = new Socket(key.Address.ToIPEndPoint().AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        try
        {
            await socket.ConnectAsync(key.Address.ToIPEndPoint(), linked.Token);
            var local = new TransportAddress((System.Net.IPEndPoint)socket.LocalEndPoint!);
            stream = new PatientStream(socket);
            if (key.Transport == SipTransport.Tls) stream = await tls.ConnectAsync(stream, key.Host, linked.Token);
            var flow = new SipFlow(key.Transport, key.Address, key.LocalPort == 0 ? local : local.WithPort(key.LocalPort), connections.NextId());
            var connection = new StreamConnection(stream, flow, workers, time, logger) { HasBroughtMessage = true };
            if (connections.TryAdd(connection)) return connection;
            connection.Dispose();
            return Failed(key, "limit", "there are as many connections as there may be");
        }
        catch (Exception e) when (e is IOException or SocketException or AuthenticationException or OperationCanceledException)
        {
            socket.Dispose();
            if (stream is not null) await stream.DisposeAsync();
            if (timeout.IsCancellationRequested) return Failed(key, "timeout", $"no answer within {Timeout.TotalSeconds} s");
            return Failed(key, e is AuthenticationException ? "certificate" : "refused", e.Message);
        }
    }

    private StreamConnection? Failed(Key key, string reason, string words)
    {
        metrics.ConnectFailed(reason);
        SipLog.ConnectFailed(logger, key.Transport.Token(), key.Address, key.Host, words);
        return null;
    }

    private async Task ServeAsync(Key key, Opening opening, StreamConnection connection)
    {
        await connections.RunAsync(connection, logger);
        Forget(key, opening);
    }
}
