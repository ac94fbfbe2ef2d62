using Sipstead.Sip.Admission;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;

namespace Sipstead.Sip.Transport;

/// <summary>
/// Takes one batch of datagrams through triage, parser and receiver, commits, and sends the replies. Reused; belongs to one receiving loop at a time.
/// </summary>
internal sealed class UdpWorker(ISipReceiver receiver, SipMetrics metrics, SourceAdmission admission) : IDisposable
{
    private readonly DatagramBatch _batch = new();
    private readonly ReplyQueue _replies = new();
    private readonly SipMessage _message = new();
    private readonly SipReply _reply = new();
    private readonly (int Slot, int Reply)[] _awaiting = new (int, int)[DatagramBatch.Capacity];
    private int _awaitingCount;
    private long _now;

    /// <summary>Receives and answers one batch. Returns the number of datagrams, or minus the error number.</summary>
    public int Run(UdpSocket socket, int receiveFlags)
    {
        var count = _batch.Receive(socket.Descriptor, receiveFlags);
        if (count <= 0) return count;
        metrics.Received(SipTransport.Udp, count);
        _awaitingCount = 0;
        _now = admission.Now;
        for (var slot = 0; slot < count; slot++) Take(slot, socket);
        if (!receiver.Commit()) RefuseAwaiting(socket);
        var refused = _replies.Send(socket.Descriptor, socket.TakesTrains);
        if (refused > 0) metrics.Dropped("send", refused);
        return count;
    }

    public void Dispose()
    {
        _batch.Dispose();
        _replies.Dispose();
    }

    private void Take(int slot, UdpSocket socket)
    {
        if (!admission.Admits(_batch.SourceOf(slot), _now)) return;
        if (_batch.IsTruncated(slot))
        {
            metrics.Dropped("truncated");
            return;
        }

        var length = _batch.LengthOf(slot);
        var datagram = _batch.Received.AsSpan(DatagramBatch.OffsetOf(slot), length);
        switch (DatagramTriage.Classify(datagram))
        {
            case DatagramKind.Stun:
                AnswerStun(slot, datagram, socket);
                break;
            case DatagramKind.Sip:
                TakeMessage(slot, length, socket);
                break;
        }
    }

    private void AnswerStun(int slot, ReadOnlySpan<byte> datagram, UdpSocket socket)
    {
        var source = _batch.SourceOf(slot);
        var length = StunBinding.Answer(datagram, source, _replies.NextBuffer.Span);
        if (length > 0) _replies.Add(length, source, socket.SendFrom(_batch.LocalOf(slot, socket.Local)));
        else metrics.Dropped("stun");
    }

    private void TakeMessage(int slot, int length, UdpSocket socket)
    {
        var flow = FlowOf(slot, socket);
        _reply.Reset(_replies.NextBuffer, flow.Source);
        if (!receiver.TryReceiveRepeat(_batch.Received, DatagramBatch.OffsetOf(slot), length, flow, _reply))
        {
            SipParser.TryParseDatagram(_batch.Received, DatagramBatch.OffsetOf(slot), length, _message);
            receiver.Receive(_message, flow, _reply);
        }

        if (!IsSendable(_reply, flow) || !admission.MayReply(flow.Source, length, _reply.Writer.Length, _now)) return;
        var reply = _replies.Add(_reply.Writer.Length, _reply.Destination, socket.SendFrom(flow.Local));
        if (_reply.AwaitsCommit) _awaiting[_awaitingCount++] = (slot, reply);
    }

    private void RefuseAwaiting(UdpSocket socket)
    {
        for (var i = 0; i < _awaitingCount; i++)
        {
            var (slot, reply) = _awaiting[i];
            SipParser.TryParseDatagram(_batch.Received, DatagramBatch.OffsetOf(slot), _batch.LengthOf(slot), _message);
            var flow = FlowOf(slot, socket);
            _reply.Reset(_replies.BufferOf(reply), flow.Source);
            receiver.Refuse(_message, flow, _reply);
            _replies.Replace(reply, _reply.Writer.Length, _reply.Destination, socket.SendFrom(flow.Local));
        }
    }

    private SipFlow FlowOf(int slot, UdpSocket socket) => new(SipTransport.Udp, _batch.SourceOf(slot), _batch.LocalOf(slot, socket.Local), 0);

    private bool IsSendable(SipReply reply, in SipFlow flow)
    {
        if (reply.Writer.Length == 0) return false;
        if (reply.Writer.Overflowed || reply.Writer.Length > SipLimits.Datagram)
        {
            metrics.Dropped("reply too large");
            return false;
        }

        if (DestinationPolicy.MayReceive(reply.Destination) && reply.Destination != flow.Local) return true;
        metrics.Dropped("destination");
        return false;
    }
}
