using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Sipstead.Sip.Transport;

/// <summary>
/// Receives on one UDP socket. The busy first port has a blocking thread of its own for each socket; other ports wait on the pool and borrow a worker
/// only while there is something to read (ruling 15).
/// </summary>
internal sealed class UdpListener : IAsyncDisposable
{
    /// <summary>How often a blocked thread looks whether it should stop.</summary>
    private static readonly TimeSpan ReceiveTimeout = TimeSpan.FromMilliseconds(200);

    private const int Interrupted = 4;
    private const int WouldBlock = 11;

    private readonly UdpSocket _socket;
    private readonly UdpWorkerPool _workers;
    private readonly ILogger _logger;
    private readonly ReceiveOverflow _overflow;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _threadEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _running = Task.CompletedTask;

    private UdpListener(UdpSocket socket, UdpWorkerPool workers, SipMetrics metrics, ILogger logger)
    {
        _socket = socket;
        _workers = workers;
        _logger = logger;
        _overflow = new ReceiveOverflow(socket.Local, metrics, logger);
    }

    /// <summary>Where it is bound.</summary>
    public TransportAddress Local => _socket.Local;

    /// <summary>The socket, for requests that we send.</summary>
    public UdpSocket Socket => _socket;

    /// <summary>Binds without receiving yet. Throws <see cref="SocketException"/>.</summary>
    public static UdpListener Bind(IPEndPoint endPoint, bool shared, UdpWorkerPool workers, SipMetrics metrics, ILogger logger) =>
        new(UdpSocket.Bind(endPoint, shared, ReceiveTimeout), workers, metrics, logger);

    /// <summary>Receives on a thread of its own.</summary>
    /// <param name="time">The clock by which it tells whether it is busy (<see cref="ReceiveModeration"/>).</param>
    public void StartThread(TimeProvider time)
    {
        _running = _threadEnded.Task;
        new Thread(() => RunThread(time)) { Name = $"sip-udp-{Local.Port}", IsBackground = true }.Start();
        SipLog.Listening(_logger, "UDP", Local);
    }

    /// <summary>Receives on the pool.</summary>
    public void StartPooled()
    {
        _running = RunPooledAsync();
        SipLog.Listening(_logger, "UDP", Local);
    }

    /// <summary>Looks what the kernel has dropped since the last look; one caller at a time.</summary>
    public void CountOverflow()
    {
        if (_socket.Overflowed() is { } dropped) _overflow.Note(dropped);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _socket.Dispose();
        _stop.Dispose();
    }

    private void RunThread(TimeProvider time)
    {
        LinuxThread.SetNice(LinuxThread.Urgent);
        using var worker = _workers.CreateOwn();
        var moderation = new ReceiveModeration(time);
        while (!_stop.IsCancellationRequested)
        {
            var count = RunBatch(worker, LinuxSockets.WaitForOne);
            if (moderation.ShouldRest(count)) LinuxThread.Rest(ReceiveModeration.Rest);
        }

        _threadEnded.SetResult();
    }

    private async Task RunPooledAsync()
    {
        var peek = new byte[1];
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await _socket.Socket.ReceiveAsync(peek, SocketFlags.Peek, _stop.Token);
            }
            catch (SocketException)
            {
                // A datagram longer than the peek buffer, or an ICMP error of an earlier send: either way there may be something to read.
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }

            var worker = _workers.Rent();
            while (RunBatch(worker, LinuxSockets.DoNotWait) == DatagramBatch.Capacity) { }
            _workers.Return(worker);
        }
    }

    private int RunBatch(UdpWorker worker, int flags)
    {
        try
        {
            var count = worker.Run(_socket, flags);
            if (count < 0 && count is not (-Interrupted or -WouldBlock)) OnError(-count);
            return count;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A defect of ours must cost one batch, not the listener.
            SipLog.LoopFailed(_logger, Local, e);
            return 0;
        }
    }

    private void OnError(int error)
    {
        SipLog.ReceiveFailed(_logger, Local, error);
        _stop.Token.WaitHandle.WaitOne(ReceiveTimeout); // not a busy loop while the error lasts
    }
}
