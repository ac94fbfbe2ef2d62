using System.Net;
using System.Net.Sockets;
using ARSoft.Tools.Net.Dns;

namespace Sipstead.Dns;

/// <summary>
/// TCP on one local address (RFC 7766). The library's own transport is not used: it closes its eyes to messages whose name it cannot read,
/// so they could not be answered with FORMERR, and its sends have no deadline.
/// </summary>
internal sealed class TcpTransport : IServerTransport
{
    private const int Backlog = 128;

    private static readonly TimeSpan PauseAfterError = TimeSpan.FromMilliseconds(100);

    private readonly ListenerContext _context;
    private readonly Socket _listener;

    /// <exception cref="SocketException">The address and port cannot be had.</exception>
    public TcpTransport(IPEndPoint endPoint, ListenerContext context)
    {
        _context = context;
        _listener = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _listener.Bind(endPoint);
            _listener.Listen(Backlog);
            LocalEndPoint = (IPEndPoint)_listener.LocalEndPoint!;
        }
        catch
        {
            _listener.Dispose();
            throw;
        }
    }

    public IPEndPoint LocalEndPoint { get; }

    public ushort DefaultAllowedResponseSize => ushort.MaxValue;

    public bool SupportsMultipleResponses => false;

    public bool AllowTruncatedResponses => false;

    public TransportProtocol TransportProtocol => TransportProtocol.Tcp;

    public void Bind()
    {
        // Bound when it was made, so that a refusal is reported to the operator.
    }

    /// <summary>The next connection, or null when there is none this time. Never throws: that would end the process.</summary>
    public async Task<IServerConnection?> AcceptConnectionAsync(CancellationToken token = default)
    {
        try
        {
            return Admit(await _listener.AcceptAsync(token).ConfigureAwait(false), token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            return null;
        }
        catch (SocketException exception)
        {
            DnsLog.ReceiveFailed(_context.Logger, LocalEndPoint, exception);
        }
        return await PauseAsync(token).ConfigureAwait(false);
    }

    public void Close() => _listener.Dispose();

    public void Dispose() => _listener.Dispose();

    /// <summary>Waits before the server asks again: out of file handles, accepting fails at once and goes on failing.</summary>
    private async Task<IServerConnection?> PauseAsync(CancellationToken token)
    {
        await Task.Delay(PauseAfterError, _context.Time, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return null;
    }

    private TcpConnection? Admit(Socket socket, CancellationToken token)
    {
        if (socket.RemoteEndPoint is IPEndPoint remote && _context.Admission.TryEnter(remote.Address))
        {
            var connection = new TcpConnection(this, socket, remote, _context);
            connection.CloseOn(token);
            return connection;
        }
        _context.Meter.Dropped(DropReasons.ConnectionLimit, DnsMeter.Tcp);
        socket.Dispose();
        return null;
    }
}
