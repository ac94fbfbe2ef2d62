using System.Net;
using System.Net.Sockets;

namespace Sipstead.Dns;

/// <summary>One TCP connection: a whole query must arrive, and an answer be taken, within a deadline, else it is closed.</summary>
internal sealed class TcpConnection(TcpTransport transport, Socket socket, IPEndPoint remote, ListenerContext context)
    : TriagedConnection(transport, DnsMeter.Tcp, context)
{
    /// <summary>How long a client may take from its last answer to the last octet of its next query (RFC 7766 6.2.3).</summary>
    public static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(20);

    /// <summary>How long a client may take to accept an answer.</summary>
    public static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(5);

    private byte[] _buffer = new byte[QueryTriage.PlainPayloadSize];
    private CancellationTokenRegistration _stopping;

    public override IPEndPoint RemoteEndPoint => remote;

    public override IPEndPoint LocalEndPoint => transport.LocalEndPoint;

    protected override bool SurvivesFailedWrite => false;

    /// <summary>Closes the connection when the responder stops, also if the server never came to read from it.</summary>
    public void CloseOn(CancellationToken stopping) =>
        _stopping = stopping.UnsafeRegister(static connection => ((TcpConnection)connection!).Close(), this);

    protected override void OnClosed()
    {
        socket.Dispose();
        Context.Admission.Leave(remote.Address);
        _stopping.Unregister();
    }

    protected override int LimitOf(in TriageResult query) => ushort.MaxValue;

    protected override async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken token)
    {
        using var deadline = new CancellationTokenSource(IdleTimeout, Context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, token);
        if (!await FillAsync(QueryTriage.LengthPrefix, either.Token).ConfigureAwait(false))
            return null;
        int length = WireFormat.ReadUInt16(_buffer, 0);
        if (length > QueryTriage.LongestQuery)
        {
            Context.Meter.Dropped(DropReasons.Oversize, DnsMeter.Tcp);
            return null;
        }
        if (length > _buffer.Length)
            _buffer = new byte[QueryTriage.LongestQuery];
        return await FillAsync(length, either.Token).ConfigureAwait(false) ? _buffer.AsMemory(0, length) : null;
    }

    protected override async ValueTask<bool> WriteAsync(byte[] prefixed, CancellationToken token)
    {
        using var deadline = new CancellationTokenSource(SendTimeout, Context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, token);
        try
        {
            for (var sent = 0; sent < prefixed.Length;)
                sent += await socket.SendAsync(prefixed.AsMemory(sent), SocketFlags.None, either.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            Context.Meter.Dropped(deadline.IsCancellationRequested ? DropReasons.SlowClient : DropReasons.SendFailed, DnsMeter.Tcp);
            Close();
            return false;
        }
    }

    /// <summary>Reads so many octets into the buffer. False when the client ended the connection or took too long.</summary>
    private async ValueTask<bool> FillAsync(int length, CancellationToken token)
    {
        try
        {
            for (var filled = 0; filled < length;)
            {
                var received = await socket.ReceiveAsync(_buffer.AsMemory(filled, length - filled), SocketFlags.None, token)
                    .ConfigureAwait(false);
                if (received == 0)
                    return false;
                filled += received;
            }
            return true;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            return false;
        }
    }
}
