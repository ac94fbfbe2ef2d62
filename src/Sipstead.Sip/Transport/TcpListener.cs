using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Sipstead.Sip.Transport;

/// <summary>Accepts TCP connections on one address and port, plain or for TLS.</summary>
internal sealed class TcpListener : IAsyncDisposable
{
    private static readonly TimeSpan PressureDelay = TimeSpan.FromMilliseconds(250);

    private readonly Socket _socket;
    private readonly ConnectionTable _connections;
    private readonly StreamWorkerPool _workers;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TlsAcceptor? _tls;
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    private TcpListener(Socket socket, ConnectionTable connections, StreamWorkerPool workers, TimeProvider time, ILogger logger, TlsAcceptor? tls)
    {
        _socket = socket;
        _connections = connections;
        _workers = workers;
        _time = time;
        _logger = logger;
        _tls = tls;
        Local = new TransportAddress((IPEndPoint)socket.LocalEndPoint!);
    }

    public TransportAddress Local { get; }

    private SipTransport Transport => _tls is null ? SipTransport.Tcp : SipTransport.Tls;

    /// <summary>Binds and listens, without accepting yet. Throws <see cref="SocketException"/>.</summary>
    /// <param name="tls">Agrees on TLS with each peer; null for a plain port.</param>
    public static TcpListener Bind(
        IPEndPoint endPoint, ConnectionTable connections, StreamWorkerPool workers, TimeProvider time, ILogger logger, TlsAcceptor? tls = null)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endPoint.AddressFamily == AddressFamily.InterNetworkV6) socket.DualMode = false;
            socket.Bind(endPoint);
            socket.Listen(512);
            return new TcpListener(socket, connections, workers, time, logger, tls);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Start()
    {
        _running = AcceptAsync();
        SipLog.Listening(_logger, Transport.Token(), Local);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _socket.Dispose();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Serve(await _socket.AcceptAsync(_stop.Token));
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionAborted or SocketError.ConnectionReset)
            {
                // The peer gave up before we took it: its matter.
            }
            catch (SocketException e)
            {
                // Out of descriptors or memory: wait for connections to end.
                SipLog.AcceptFailed(_logger, Local, e.SocketErrorCode, PressureDelay);
                await Task.Delay(PressureDelay, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void Serve(Socket socket)
    {
        try
        {
            socket.NoDelay = true;
            var source = new TransportAddress((IPEndPoint)socket.RemoteEndPoint!);
            var local = new TransportAddress((IPEndPoint)socket.LocalEndPoint!);
            var flow = new SipFlow(Transport, source, local, _connections.NextId());
            var connection = new StreamConnection(new PatientStream(socket), flow, _workers, _time, _logger, _tls);
            if (_connections.TryAdd(connection)) _ = _connections.RunAsync(connection, _logger);
            else connection.Dispose();
        }
        catch (SocketException)
        {
            socket.Dispose(); // reset between accept and here
        }
    }
}
