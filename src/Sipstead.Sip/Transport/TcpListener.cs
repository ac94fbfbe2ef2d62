using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Sipstead.Sip.Transport;

/// <summary>Accepts TCP connections on one address and port.</summary>
internal sealed class TcpListener : IAsyncDisposable
{
    private static readonly TimeSpan PressureDelay = TimeSpan.FromMilliseconds(250);

    private readonly Socket _socket;
    private readonly ConnectionTable _connections;
    private readonly StreamWorkerPool _workers;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    private TcpListener(Socket socket, ConnectionTable connections, StreamWorkerPool workers, TimeProvider time, ILogger logger)
    {
        _socket = socket;
        _connections = connections;
        _workers = workers;
        _time = time;
        _logger = logger;
        Local = new TransportAddress((IPEndPoint)socket.LocalEndPoint!);
    }

    public TransportAddress Local { get; }

    /// <summary>Binds and listens, without accepting yet. Throws <see cref="SocketException"/>.</summary>
    public static TcpListener Bind(IPEndPoint endPoint, ConnectionTable connections, StreamWorkerPool workers, TimeProvider time, ILogger logger)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endPoint.AddressFamily == AddressFamily.InterNetworkV6) socket.DualMode = false;
            socket.Bind(endPoint);
            socket.Listen(512);
            return new TcpListener(socket, connections, workers, time, logger);
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
        SipLog.Listening(_logger, "TCP", Local);
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
            var connection = new StreamConnection(socket, new SipFlow(SipTransport.Tcp, source, local, _connections.NextId()), _workers, _time, _logger);
            if (_connections.TryAdd(connection)) _ = RunAsync(connection);
            else connection.Dispose();
        }
        catch (SocketException)
        {
            socket.Dispose(); // reset between accept and here
        }
    }

    private async Task RunAsync(StreamConnection connection)
    {
        try
        {
            await connection.RunAsync();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            SipLog.LoopFailed(_logger, Local, e); // a defect of ours ends this connection only
        }
        finally
        {
            _connections.Remove(connection);
            connection.Dispose();
        }
    }
}
