using System.Text;
using Sipstead.Sip.Dialogs;
using Sipstead.Sip.Digest;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Trace;
using Sipstead.Sip.Transactions;
using Sipstead.Sip.Transport;
using Sipstead.Sip.Uas;
using Sipstead.Sip.Writing;

namespace Sipstead.Sip.Sessions;

/// <summary>
/// A call between us and one peer: the INVITE usage of a dialog (RFC 3261 12 to 15). All methods may be called from any thread at any time and return at
/// once; one that does not fit the state of the session does nothing.
/// </summary>
public abstract partial class InviteSession : IIncomingInviteOwner, ISessionTimerOwner
{
    private const int LongestReason = 256;

    private readonly SipTimer _keep;
    private volatile System.Runtime.CompilerServices.StrongBox<SipFlow> _flow;
    private volatile bool _isEstablished;
    private bool _byeSent, _byeWanted;
    private string? _byeReason;

    private protected InviteSession(SessionLayer layer, string callId, in SipFlow flow, in TraceSubject trace)
    {
        Layer = layer;
        CallId = callId;
        Serial = layer.Transactions.CreateQueue(trace);
        Timer = new SessionTimer(layer, Serial, this);
        _flow = new(flow);
        _keep = layer.Transactions.CreateTimer(Serial, KeepConnection);
    }

    public string CallId { get; }

    /// <summary>The way to the peer: the one it was last seen on.</summary>
    public SipFlow Flow => _flow.Value;

    /// <summary>Whom its messages concern in the trace, with the number of the call.</summary>
    public TraceSubject Trace => Serial.Trace;

    /// <summary>True from 2xx to the end.</summary>
    public bool IsEstablished => _isEstablished;

    /// <summary>Why the peer ended it: value of the Reason header of its BYE, CANCEL or refusal (RFC 3326), cut to 256 octets; null when it gave none.</summary>
    public string? PeerReason { get; private protected set; }

    /// <summary>The listener's own.</summary>
    public object? State { get; set; }

    internal SerialQueue Serial { get; }

    private protected SessionLayer Layer { get; }

    private protected SessionTimer Timer { get; }

    /// <summary>Who hears of the session; null once it is over, and before it was attached.</summary>
    public ISessionListener? Listener { get; private protected set; }

    private protected Dialog? Dialog { get; private set; }

    /// <summary>Meets the peer's challenges; null when none are met, and once nothing more is sent.</summary>
    private protected DigestClient? Digest { get; set; }

    /// <summary>The last INVITE of the peer.</summary>
    private protected IncomingInvite? Incoming { get; set; }

    /// <summary>True once nothing more is to be told.</summary>
    private protected bool IsOver { get; set; }

    /// <summary>
    /// Hangs up. Where the session is not established yet, cancels or declines it. A BYE for a call that we answered waits for the ACK (RFC 3261 15).
    /// </summary>
    /// <param name="reason">Value of a Reason header, such as <c>Q.850;cause=16</c> (RFC 3326).</param>
    public void Bye(string? reason = null) => Serial.Post(() => HangUp(reason));

    /// <summary>Sends an INFO (RFC 6086).</summary>
    public void Info(string contentType, ReadOnlyMemory<byte> body) => Serial.Post(() =>
    {
        if (!IsEstablished || _byeSent) return;
        new DialogRequest(Layer, Serial, Dialog!, Digest, "INFO"u8.ToArray(), done: OnInDialogResult) { ContentType = contentType, Body = body }.Send();
    });

    /// <summary>Takes a request within the dialog other than INVITE and ACK, and answers it through its transaction.</summary>
    internal void Receive(Exchange exchange)
    {
        if (IsOver || DialogOf(exchange.DialogKey) is not { } dialog) exchange.Answer(481);
        else if (!dialog.TryAdvance(CSeqValue.NumberOf(exchange.Message))) exchange.Answer(500);
        else Dispatch(exchange, dialog);
    }

    /// <summary>Takes an INVITE within a dialog (RFC 3261 14.2).</summary>
    internal void Receive(IncomingInvite invite, UInt128 key, SipFlow flow)
    {
        if (IsOver || DialogOf(key) is not { } dialog) invite.Refuse(481);
        else if (!dialog.TryAdvance(invite.CSeq)) invite.Refuse(500);
        else if (_offer is { IsInTheWay: true } || HasOpenInvite) invite.Refuse(491);
        else if (IsAsked || Incoming is { IsPending: true } or { IsUnconfirmed: true }) invite.Refuse(500, null, [("Retry-After", SessionLayer.NextRetryAfter())]);
        else Take(invite, flow);
    }

    /// <summary>Takes an ACK within the dialog.</summary>
    internal void ReceiveAck(SipMessage ack, SipFlow flow)
    {
        if (IsOver) return;
        SeenOn(flow);
        Incoming?.ReceiveAck(ack);
    }

    /// <summary>Value of a Reason header, cut to what can be shown; null when there is none.</summary>
    internal static string? ReasonOf(SipMessage message)
    {
        var value = message.Value(HeaderId.Reason);
        return value.IsEmpty ? null : Encoding.UTF8.GetString(value[..Math.Min(value.Length, LongestReason)]);
    }

    void IIncomingInviteOwner.OnCancelled(IncomingInvite invite)
    {
        invite.Refuse(487);
        if (IsEstablished) return;
        PeerReason = invite.CancelReason;
        OnInviteCancelled();
    }

    void IIncomingInviteOwner.OnUnacknowledged(IncomingInvite invite)
    {
        invite.Refuse(504);
        OnInviteCancelled();
    }

    void IIncomingInviteOwner.OnConfirmed(IncomingInvite invite, SipMessage ack)
    {
        OnInviteConfirmed(invite, ack);
        if (_byeWanted) HangUp(_byeReason);
    }

    void IIncomingInviteOwner.OnUnconfirmed(IncomingInvite invite, SessionEnd end)
    {
        if (IsOver) return;
        if (end == SessionEnd.NoAck && !_byeSent) SendBye(null, null);
        End(end);
    }

    void ISessionTimerOwner.OnProbeDue()
    {
        if (!IsEstablished || _byeSent) return;
        new DialogRequest(Layer, Serial, Dialog!, Digest, "OPTIONS"u8.ToArray(), done: OnProbed).Send();
    }

    void ISessionTimerOwner.OnExpired()
    {
        if (!IsEstablished) return;
        if (!_byeSent) SendBye("SIP;cause=408;text=\"Session expired\"", null);
        End(SessionEnd.Expired);
    }

    /// <summary>True when the dialog's Call-ID was made by us.</summary>
    private protected abstract bool OwnsCallId { get; }

    /// <summary>True while the first INVITE is ours and has no answer.</summary>
    private protected virtual bool HasOpenInvite => false;

    /// <summary>Ends a session that is not established.</summary>
    private protected abstract void Abandon();

    /// <summary>The dialog that a request of the peer names, confirmed or early.</summary>
    private protected virtual Dialog? DialogOf(UInt128 key) => Dialog;

    /// <summary>A PRACK; there is something to acknowledge in calls of the peer only.</summary>
    private protected virtual void ReceivePrack(Exchange exchange, Dialog dialog) => exchange.Answer(481);

    /// <summary>The first INVITE was cancelled by its sender, and refused.</summary>
    private protected virtual void OnInviteCancelled()
    {
    }

    private protected virtual void OnInviteConfirmed(IncomingInvite invite, SipMessage ack) => Listener?.OnOfferConfirmed(this, ack.BodyMemory);

    /// <summary>Takes the dialog as that of this session. False when its tags are in use.</summary>
    private protected bool TryTake(Dialog dialog)
    {
        if (!Layer.Dialogs.TryAdd(dialog.Key, this)) return false;
        Adopt(dialog);
        return true;
    }

    /// <summary>Takes a dialog that is known as this session's.</summary>
    private protected void Adopt(Dialog dialog)
    {
        Dialog = dialog;
        SeenOn(dialog.Flow);
    }

    private protected void Establish()
    {
        _isEstablished = true;
        KeepConnection();
    }

    /// <summary>Ends an established session, once.</summary>
    private protected void End(SessionEnd end)
    {
        if (IsOver) return;
        Close();
        SipLog.SessionEnded(Layer.Logger, CallId, end.ToString());
        TakeListener()?.OnEnded(this, end);
    }

    /// <summary>The listener, for its last call: timers keep a session for half a minute after its end, which must not keep the call and its media.</summary>
    private protected ISessionListener? TakeListener()
    {
        var listener = Listener;
        Listener = null;
        return listener;
    }

    /// <summary>Forgets the dialog, with nothing more to tell.</summary>
    private protected virtual void Close()
    {
        IsOver = true;
        _isEstablished = false;
        _keep.Stop();
        Timer.Stop();
        Incoming?.Stop();
        StopOffers();
        StopReferrals();
        Digest = null;
        if (Dialog is not null) Layer.Dialogs.Remove(Dialog.Key, this);
    }

    private protected void SeenOn(in SipFlow flow)
    {
        Dialog?.SeenOn(flow);
        if (_flow.Value != flow) _flow = new(flow);
    }

    private void HangUp(string? reason)
    {
        if (IsOver || _byeSent) return;
        if (!IsEstablished)
        {
            Abandon();
            return;
        }

        _byeWanted = true;
        _byeReason = reason;
        if (Incoming is not { IsUnconfirmed: true }) SendBye(reason, OnByeResult);
    }

    private void SendBye(string? reason, Action<int>? done)
    {
        _byeSent = true;
        if (Incoming is { IsPending: true } pending) pending.Refuse(487);
        new DialogRequest(Layer, Serial, Dialog!, Digest, "BYE"u8.ToArray(), writer => RequestWriter.Reason(writer, reason), done).Send();
    }

    private void OnProbed(int status)
    {
        OnInDialogResult(status);
        Timer.OnProbed();
    }

    /// <summary>Whatever the answer, or none: a BYE ends the session (RFC 3261 15.1.1).</summary>
    private void OnByeResult(int status) => End(status == DialogRequest.TransportError ? SessionEnd.TransportFailed : SessionEnd.Bye);

    /// <summary>481 and 408 end the usage; any other refusal does not (DLG-10).</summary>
    private void OnInDialogResult(int status)
    {
        if (!IsEstablished) return; // the INVITE decides
        if (status == DialogRequest.TransportError) End(SessionEnd.TransportFailed);
        else if (status is 481 or 408) End(SessionEnd.DialogGone);
    }

    private void Dispatch(Exchange exchange, Dialog dialog)
    {
        if (dialog == Dialog) SeenOn(exchange.Flow);
        else dialog.SeenOn(exchange.Flow);
        switch (exchange.Method)
        {
            case SipMethod.Bye:
                exchange.Answer(200);
                PeerReason = ReasonOf(exchange.Message);
                ReceiveBye();
                break;
            case SipMethod.Info:
                ReceiveInfo(exchange);
                break;
            case SipMethod.Options:
                exchange.AnswerOptions();
                break;
            case SipMethod.Update:
                ReceiveUpdate(exchange, dialog);
                break;
            case SipMethod.Prack:
                ReceivePrack(exchange, dialog);
                break;
            case SipMethod.Refer:
                ReceiveRefer(exchange);
                break;
            case SipMethod.Notify:
                ReceiveNotify(exchange);
                break;
            default:
                exchange.AnswerNotAllowed(exchange.Method == SipMethod.Unknown ? 501 : 405);
                break;
        }
    }

    private void ReceiveBye()
    {
        if (Incoming is { IsPending: true } pending) pending.Refuse(487);
        if (IsEstablished) End(SessionEnd.Bye);
        else OnInviteCancelled();
    }

    /// <summary>No package is known (469), and of the older uses of INFO key presses only (415); one without a body asks nothing (RFC 6086 4.2.2).</summary>
    private void ReceiveInfo(Exchange exchange)
    {
        var message = exchange.Message;
        var type = message.Value(HeaderId.ContentType);
        if (message.Has(HeaderId.InfoPackage)) exchange.Answer(469, "Recv-Info:\r\n"u8);
        else if (message.Body.IsEmpty || BodyRules.IsOptional(message)) exchange.Answer(200);
        else if (!DtmfBody.IsKnown(type)) exchange.Answer(415, DtmfBody.AcceptLine);
        else if (!DtmfBody.TryRead(type, message.Body, out _)) exchange.Answer(400);
        else
        {
            exchange.Answer(200);
            Listener?.OnInfo(this, type.ToArray(), message.BodyMemory);
        }
    }

    private void Take(IncomingInvite invite, in SipFlow flow)
    {
        SeenOn(flow);
        LearnMethods(invite.Request);
        Incoming = invite;
        invite.SendTrying();
        Listener?.OnOffer(this, invite.Request.BodyMemory);
    }

    /// <summary>A connection of a call is kept open though nothing may be sent over it for hours (TPT-16).</summary>
    private void KeepConnection()
    {
        if (!IsEstablished || !Flow.Transport.IsStream()) return;
        Layer.Transactions.Flows.Keep(Flow, TimeSpan.FromMilliseconds(TimerValues.Timeout));
        _keep.Arm(TimerValues.Timeout);
    }
}
