using Sipstead.Sip.Messages;
using Sipstead.Sip.Transport;
using Sipstead.Sip.Writing;

namespace Sipstead.Sip.Uas;

/// <summary>Writes the one response to a request into its reply.</summary>
public readonly ref struct SipResponder
{
    private readonly SipReply _reply;
    private readonly SipMessage _request;
    private readonly SipFlow _flow;
    private readonly ulong _toTag;
    private readonly Via _via;
    private readonly bool _isRead;

    public SipResponder(SipReply reply, in SipRequest request, in SipFlow flow, ulong toTag)
        : this(reply, request.Message, flow, request.To.Tag.IsEmpty ? toTag : 0)
    {
        _via = request.Via;
        _isRead = true;
    }

    /// <param name="via">The topmost Via.</param>
    /// <param name="toTag">0 where the request's To has a tag.</param>
    public SipResponder(SipReply reply, SipMessage request, in Via via, in SipFlow flow, ulong toTag)
        : this(reply, request, flow, toTag)
    {
        _via = via;
        _isRead = true;
    }

    public SipResponder(SipReply reply, SipMessage request, in SipFlow flow, ulong toTag)
    {
        _reply = reply;
        _request = request;
        _flow = flow;
        _toTag = toTag;
    }

    /// <summary>The response as far as it is written.</summary>
    public ReadOnlySpan<byte> Written => _reply.Writer.Written;

    /// <summary>
    /// Octets that a response may have before its <see cref="End"/> where it could be cut short: with it three times the request's over UDP, whose source may be
    /// forged (S-19), else as many as fit.
    /// </summary>
    public int Bound => _flow.Transport == SipTransport.Udp ? (3 * _request.Length) - ResponseWriter.EndLength : int.MaxValue;

    /// <summary>Starts a response with the default reason phrase; add headers to the writer, then <see cref="End"/>.</summary>
    public SipWriter Begin(int status) => Begin(status, SipStatus.ReasonOf(status));

    /// <summary>Starts a response, throwing away one begun before.</summary>
    public SipWriter Begin(int status, ReadOnlySpan<byte> reason)
    {
        _reply.Writer.Clear();
        _reply.Destination = _isRead ? ResponseWriter.Destination(_via, _flow) : ResponseWriter.Destination(_request, _flow);
        if (_isRead) ResponseWriter.Begin(_reply.Writer, _request, _via, _flow, status, reason, _toTag);
        else ResponseWriter.Begin(_reply.Writer, _request, _flow, status, reason, _toTag);

        return _reply.Writer;
    }

    /// <summary>Ends a response without a body.</summary>
    public void End() => ResponseWriter.End(_reply.Writer);

    /// <summary>Writes a whole response without headers of its own.</summary>
    public void Send(int status) => Send(status, SipStatus.ReasonOf(status));

    public void Send(int status, ReadOnlySpan<byte> reason)
    {
        Begin(status, reason);
        End();
    }

    /// <summary>Lets the response leave only after the batch is durable.</summary>
    public void AwaitCommit() => _reply.AwaitsCommit = true;
}
