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
        public Task<Outcome> Connection { get; set; } = Task.FromResult(default(Outcome));
    }

    /// <summary>What came of an attempt: the connection, or why there is none.</summary>
    private readonly record struct Outcome(StreamConnection? Connection, string Problem);

    /// <summary>The flow of a connection to the target, or why there is none to be had.</summary>
    /// <param name="localPort">The port that Via and Contact tell the peer, on which it may connect to us; 0 for the connection's own.</param>
    public async Task<SipWay> ConnectAsync(SipTarget target, int localPort, StreamWorkerPool workers, CancellationToken cancellationToken)
    {
        var host = target.Transport == SipTransport.Tls ? target.Host.Trim('[', ']').TrimEnd('.').ToLowerInvariant() : "";
        var key = new Key(target.Transport, target.Address, host, localPort);
        while (FindOrOpen(key, workers) is { } opening)
        {
            var (connection, problem) = await opening.Connection.WaitAsync(cancellationToken);
            if (connection is null) return SipWay.None(problem);
            if (connections.TryGet(connection.Flow.ConnectionId, out _)) return SipWay.Of(connection.Flow);
            Forget(key, opening); // it has just ended
        }

        return SipWay.None("too many connections are being opened");
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

    private async Task<Outcome> OpenAsync(Key key, Opening opening, StreamWorkerPool workers)
    {
        var outcome = await TryOpenAsync(key, workers);
        lock (_lock) _underWay--;
        if (outcome.Connection is null) Forget(key, opening);
        else _ = ServeAsync(key, opening, outcome.Connection);
        return outcome;
    }

    private async Task<Outcome> TryOpenAsync(Key key, StreamWorkerPool workers)
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
            if (connections.TryAdd(connection)) return new Outcome(connection, "");
            connection.Dispose();
            return Failed("limit", "there are as many connections as there may be");
        }
        catch (Exception e) when (e is IOException or SocketException or AuthenticationException or OperationCanceledException)
        {
            socket.Dispose();
            if (stream is not null) await stream.DisposeAsync();
            if (timeout.IsCancellationRequested) return Failed("timeout", $"no answer within {Timeout.TotalSeconds} s");
            return Failed(e is AuthenticationException ? "certificate" : "refused", e.Message);
        }
    }

    private Outcome Failed(string reason, string words)
    {
        metrics.ConnectFailed(reason);
        return new Outcome(null, words);
    }

    private async Task ServeAsync(Key key, Opening opening, StreamConnection connection)
    {
        await connections.RunAsync(connection, logger);
        Forget(key, opening);
    }
}
