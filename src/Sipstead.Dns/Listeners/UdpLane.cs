using System.Net;
using System.Net.Sockets;

namespace Sipstead.Dns;

/// <summary>One of the lanes that share a UDP socket: receives a datagram, answers its sender, and so on. Socket errors do not end it.</summary>
internal sealed class UdpLane(UdpTransport transport, ListenerContext context)
    : TriagedConnection(transport, DnsMeter.Udp, context)
{
    private static readonly TimeSpan PauseAfterError = TimeSpan.FromMilliseconds(100);

    private readonly byte[] _buffer = new byte[QueryTriage.LongestQuery + 1];
    private readonly IPEndPoint _anySender =
        new(transport.LocalEndPoint.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
    private IPEndPoint _sender = transport.LocalEndPoint;

    public override IPEndPoint RemoteEndPoint => _sender;

    public override IPEndPoint LocalEndPoint => transport.LocalEndPoint;

    protected override bool SurvivesFailedWrite => true;

    protected override AnswerCache? Known => transport.Known;

    protected override void OnClosed() => transport.Release();

    protected override int LimitOf(in TriageResult query) => query.PayloadSize;

    protected override byte[]? Limit(byte[] prefixed, int questionLength)
    {
        var verdict = Context.Limit.Judge(_sender.Address, prefixed.AsSpan(QueryTriage.LengthPrefix), questionLength);
        if (verdict == LimitVerdict.Send)
            return prefixed;
        Context.Meter.Limited(verdict);
        return verdict == LimitVerdict.Truncate ? ResponseFitter.Truncate(prefixed, questionLength) : null;
    }

    protected override async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken token)
    {
        while (true)
        {
            try
            {
                var received = await transport.Socket.ReceiveFromAsync(_buffer, SocketFlags.None, _anySender, token).ConfigureAwait(false);
                _sender = (IPEndPoint)received.RemoteEndPoint;
                if (received.ReceivedBytes > QueryTriage.LongestQuery)
                    Context.Meter.Dropped(DropReasons.Oversize, DnsMeter.Udp);
                else if (_sender.Port is 0 or 53)
                    Context.Meter.Dropped(DropReasons.SourcePort, DnsMeter.Udp);
                else
                    return _buffer.AsMemory(0, received.ReceivedBytes);
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.MessageSize)
            {
                Context.Meter.Dropped(DropReasons.Oversize, DnsMeter.Udp);
            }
            catch (SocketException exception)
            {
                DnsLog.ReceiveFailed(Context.Logger, transport.LocalEndPoint, exception);
                await Task.Delay(PauseAfterError, Context.Time, token).ConfigureAwait(false);
            }
            catch (ObjectDisposedException)
            {
                return null;
            }
        }
    }

    protected override async ValueTask<bool> WriteAsync(byte[] prefixed, CancellationToken token)
    {
        try
        {
            var datagram = prefixed.AsMemory(QueryTriage.LengthPrefix);
            await transport.Socket.SendToAsync(datagram, SocketFlags.None, _sender, token).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            Context.Meter.Dropped(DropReasons.SendFailed, DnsMeter.Udp);
            return false;
        }
    }
}
