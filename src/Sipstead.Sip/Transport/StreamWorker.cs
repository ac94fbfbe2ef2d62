using Sipstead.Sip.Admission;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;

namespace Sipstead.Sip.Transport;

/// <summary>
/// Takes the octets of a stream through framer and receiver, and collects the replies. Borrowed by a connection only while it has octets to read, so that
/// idle connections hold no buffers.
/// </summary>
/// <param name="admission">What sources may send; null for all.</param>
internal sealed class StreamWorker(ISipReceiver receiver, SipMetrics metrics, SourceAdmission? admission = null)
{
    /// <summary>First octet of a TLS client's first record (RFC 8446 5.1), and of no SIP message.</summary>
    private const byte TlsHandshakeRecord = 0x16;

    private const int OutSize = 4 * SipLimits.StreamMessage;

    private readonly byte[] _in = GC.AllocateUninitializedArray<byte>(SipLimits.StreamMessage + SipLimits.HeaderSection);
    private readonly byte[] _out = GC.AllocateUninitializedArray<byte>(OutSize);
    private readonly SipMessage _message = new();
    private readonly SipReply _reply = new();
    private readonly List<Awaiting> _awaiting = [];
    private int _outLength;

    /// <summary>A reply that may become a 503, and the request it answers.</summary>
    private readonly record struct Awaiting(int RequestStart, int RequestLength, int ReplyStart, int ReplyLength);

    /// <summary>Where unconsumed octets are put before <see cref="Process"/>.</summary>
    public Memory<byte> Input => _in;

    /// <summary>What to send after <see cref="Process"/>.</summary>
    public ReadOnlyMemory<byte> Output => _out.AsMemory(0, _outLength);

    /// <summary>True when <see cref="Process"/> stopped because the output is full: the rest goes on once it is sent.</summary>
    public bool IsFull { get; private set; }

    /// <summary>True when the last <see cref="Process"/> took a whole message.</summary>
    public bool TookMessage { get; private set; }

    /// <summary>Octets that the message begun last needs to be whole; 0 when there is none or its headers have no end yet.</summary>
    public int Wanted { get; private set; }

    /// <summary>Takes all whole messages of the first <paramref name="length"/> octets of <see cref="Input"/>.</summary>
    /// <param name="lineBreaks">Line breaks in a row that ended the octets before these: a ping may be split anywhere.</param>
    /// <param name="broken">True when the connection must end after the output.</param>
    /// <returns>Octets consumed.</returns>
    public int Process(int length, in SipFlow flow, ref int lineBreaks, out bool broken)
    {
        _outLength = 0;
        _awaiting.Clear();
        broken = false;
        IsFull = false;
        TookMessage = false;
        Wanted = 0;
        var at = 0;
        while (!broken && at < length)
        {
            at += SkipLineBreaks(_in.AsSpan(at, length - at), ref lineBreaks);
            if (at == length) break;
            if (_in[at] == TlsHandshakeRecord)
            {
                broken = true;
                metrics.Dropped("TLS on a plain port");
                break;
            }

            IsFull = !HasRoom;
            if (IsFull) break;
            var status = StreamFramer.Frame(_in, at, length - at, _message, out var consumed);
            if (status == FrameStatus.NeedMoreData)
            {
                Wanted = consumed;
                break;
            }

            broken = status == FrameStatus.Broken;
            TookMessage |= !broken;
            Receive(at, consumed, flow);
            at += consumed;
        }

        if (!receiver.Commit()) RefuseAwaiting(flow);
        return at;
    }

    /// <summary>True while one more reply of any size fits; the rest waits for the next call.</summary>
    private bool HasRoom => OutSize - _outLength >= SipLimits.StreamMessage;

    /// <summary>Skips the line breaks before a start line (RFC 3261 7.5); each CRLFCRLF among them is a ping and gets a CRLF (RFC 5626 4.4.1).</summary>
    private int SkipLineBreaks(ReadOnlySpan<byte> octets, ref int lineBreaks)
    {
        var skipped = 0;
        while (octets[skipped..].StartsWith("\r\n"u8))
        {
            skipped += 2;
            if (++lineBreaks < 2) continue;
            lineBreaks = 0;
            if (!HasRoom) continue;
            "\r\n"u8.CopyTo(_out.AsSpan(_outLength));
            _outLength += 2;
        }

        // A CR at the end may be half a line break; with anything else it is an error that the framer finds.
        if (octets[skipped..] is not ([] or [(byte)'\r'])) lineBreaks = 0;
        return skipped;
    }

    private void Receive(int start, int length, in SipFlow flow)
    {
        metrics.Received(flow.Transport, 1);
        if (admission is not null && !admission.Admits(flow.Source, admission.Now)) return;
        _reply.Reset(_out.AsMemory(_outLength, SipLimits.StreamMessage), flow.Source);
        receiver.Receive(_message, flow, _reply);
        if (_reply.Writer.Overflowed)
        {
            metrics.Dropped("reply too large");
            return;
        }

        if (_reply.AwaitsCommit) _awaiting.Add(new Awaiting(start, length, _outLength, _reply.Writer.Length));
        _outLength += _reply.Writer.Length;
    }

    /// <summary>Puts a 503 in the place of each reply whose change was taken back, last one first so that earlier positions stay right.</summary>
    private void RefuseAwaiting(in SipFlow flow)
    {
        for (var i = _awaiting.Count - 1; i >= 0; i--)
        {
            var item = _awaiting[i];
            var tail = _out.AsSpan(item.ReplyStart + item.ReplyLength, _outLength - item.ReplyStart - item.ReplyLength).ToArray();
            StreamFramer.Frame(_in, item.RequestStart, item.RequestLength, _message, out _);
            _reply.Reset(_out.AsMemory(item.ReplyStart, OutSize - item.ReplyStart - tail.Length), flow.Source);
            receiver.Refuse(_message, flow, _reply);
            var end = item.ReplyStart + (_reply.Writer.Overflowed ? 0 : _reply.Writer.Length);
            tail.CopyTo(_out, end);
            _outLength = end + tail.Length;
        }
    }
}
