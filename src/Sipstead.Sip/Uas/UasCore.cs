using System.Text;
using Sipstead.Sip.Admission;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;
using Sipstead.Sip.Sessions;
using Sipstead.Sip.Transport;
using Sipstead.Sip.Writing;

namespace Sipstead.Sip.Uas;

/// <summary>
/// The UAS behaviour that all methods share (RFC 3261 8.2): malformed requests, method, Request-URI scheme, Require, body type; then the method's handler.
/// The order is fixed, because it shows from outside. One instance for each receiving loop.
/// </summary>
public sealed class UasCore : ISipReceiver
{
    private const int MinRetrySeconds = 3;
    private const int RetrySpread = 6;

    private readonly IRequestHandler?[] _handlers = new IRequestHandler?[Enum.GetValues<SipMethod>().Length];
    private readonly byte[] _allow;
    private readonly IRequestBatch _batch;
    private readonly ToTagFactory _toTags;
    private readonly SipMetrics _metrics;
    private readonly SessionLayer? _sessions;
    private readonly SourceAdmission? _admission;
    private readonly IRepeatHandler? _repeats;

    /// <param name="sessions">Takes what belongs to calls; null for a server without calls.</param>
    /// <param name="admission">Who is answered with silence; null for nobody.</param>
    /// <param name="repeats">Takes datagrams first; null for none.</param>
    public UasCore(
        IEnumerable<IRequestHandler> handlers, IRequestBatch batch, ToTagFactory toTags, SipMetrics metrics, SessionLayer? sessions = null,
        SourceAdmission? admission = null, IRepeatHandler? repeats = null)
    {
        ArgumentNullException.ThrowIfNull(handlers);
        foreach (var handler in handlers) _handlers[(int)handler.Method] = handler;
        _handlers[(int)SipMethod.Cancel] ??= new NoTransactionHandler(SipMethod.Cancel);
        _handlers[(int)SipMethod.Bye] ??= new NoTransactionHandler(SipMethod.Bye);
        _batch = batch;
        _toTags = toTags;
        _metrics = metrics;
        _sessions = sessions;
        _admission = admission;
        _repeats = repeats;
        var allowed = _handlers.OfType<IRequestHandler>().Select(h => h.Method).Append(SipMethod.Ack).Order();
        _allow = Encoding.ASCII.GetBytes("Allow: " + string.Join(", ", allowed.Select(m => m.ToString().ToUpperInvariant())) + "\r\n");
    }

    /// <summary>The header line that names the methods with a handler, with its line end.</summary>
    public ReadOnlySpan<byte> AllowLine => _allow;

    public bool TryReceiveRepeat(byte[] buffer, int offset, int length, in SipFlow flow, SipReply reply) =>
        _repeats is not null && _repeats.TryHandle(buffer, offset, length, flow, reply);

    public void Receive(SipMessage message, in SipFlow flow, SipReply reply)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (!message.IsRequest)
        {
            ReceiveResponse(message, flow);
            return;
        }

        if (_admission is not null && _admission.IsSilenced(message)) return;
        if (SipRequest.TryRead(message, out var request, out var error)) Dispatch(request, flow, reply);
        else RefuseMalformed(message, error, flow, reply);
    }

    public bool Commit() => _batch.Commit();

    public void Refuse(SipMessage message, in SipFlow flow, SipReply reply)
    {
        var tag = _toTags.Create(message);
        var responder = new SipResponder(reply, message, flow, tag);
        var writer = responder.Begin(503);
        writer.Text("Retry-After: "u8);
        writer.Number(MinRetrySeconds + (long)(tag % RetrySpread)); // not all at the same moment
        writer.EndLine();
        responder.End();
    }

    /// <summary>One that could not be read is only counted.</summary>
    private void ReceiveResponse(SipMessage message, in SipFlow flow)
    {
        if (message.Error == SipError.None && _sessions is not null && _sessions.Receive(message, flow)) return;
        var error = SipResponse.FindError(message);
        if (error != SipError.None) _metrics.Malformed(error);
        else _metrics.Dropped("stray response");
    }

    private void Dispatch(in SipRequest request, in SipFlow flow, SipReply reply)
    {
        var responder = new SipResponder(reply, request, flow, _toTags.Create(request.Message));
        if (request.Method != SipMethod.Register && _sessions is not null && _sessions.Receive(request, flow, responder)) return;
        if (request.Method == SipMethod.Ack) return; // never answered (TXN-12)
        var handler = _handlers[(int)request.Method];
        if (handler is null) RefuseMethod(request, responder);
        else if (!request.Uri.IsSip) responder.Send(416);
        else if (request.Method == SipMethod.Cancel || RequestChecks.IsAcceptable(request, responder)) handler.Handle(request, flow, responder);
    }

    private void RefuseMethod(in SipRequest request, in SipResponder responder)
    {
        var writer = responder.Begin(request.Method == SipMethod.Unknown ? 501 : 405);
        writer.Text(_allow);
        responder.End();
    }

    private void RefuseMalformed(SipMessage message, SipError error, in SipFlow flow, SipReply reply)
    {
        _metrics.Malformed(error);
        var answerable = message.HasStartLine && message.Has(HeaderId.Via) && message.Method != SipMethod.Ack;
        if (!answerable || (_admission is not null && !_admission.MayRefuseMalformed(flow.Source))) return;
        new SipResponder(reply, message, flow, _toTags.Create(message)).Send(SipErrors.StatusOf(error), SipErrors.ReasonOf(error));
    }
}
