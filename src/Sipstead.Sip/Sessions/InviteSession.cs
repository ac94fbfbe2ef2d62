using Sipstead.Sip.Dialogs;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Trace;
using Sipstead.Sip.Transactions;
using Sipstead.Sip.Transport;
using Sipstead.Sip.Writing;

namespace Sipstead.Sip.Sessions;

/// <summary>
/// A call between us and one peer: the INVITE usage of a dialog (RFC 3261 12 to 15). All methods may be called from any thread at any time and return at
/// once; one that does not fit the state of the session does nothing.
/// </summary>
public abstract class InviteSession : IIncomingInviteOwner
{
    private readonly SipTimer _keep;
    private volatile System.Runtime.CompilerServices.StrongBox<SipFlow> _flow;
    private volatile bool _isEstablished;
    private OutgoingOffer? _offer;
    private bool _byeSent, _byeWanted;
    private string? _byeReason;

    private protected InviteSession(SessionLayer layer, string callId, in SipFlow flow, in TraceSubject trace)
    {
        Layer = layer;
        CallId = callId;
        Serial = layer.Transactions.CreateQueue(trace);
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

    /// <summary>The listener's own.</summary>
    public object? State { get; set; }

    internal SerialQueue Serial { get; }

    private protected SessionLayer Layer { get; }

    private protected ISessionListener? Listener { get; set; }

    private protected Dialog? Dialog { get; private set; }

    /// <summary>The last INVITE of the peer.</summary>
    private protected IncomingInvite? Incoming { get; set; }

    /// <summary>True once nothing more is to be told.</summary>
    private protected bool IsOver { get; set; }

    /// <summary>
    /// Hangs up. Where the session is not established yet, cancels or declines it. A BYE for a call that we answered waits for the ACK (RFC 3261 15).
    /// </summary>
    /// <param name="reason">Value of a Reason header, such as <c>Q.850;cause=16</c> (RFC 3326).</param>
    public void Bye(string? reason = null) => Serial.Post(() => HangUp(reason));

    /// <summary>Accepts the re-INVITE that is pending, with an answer, or an offer where it had none.</summary>
    public void AcceptOffer(ReadOnlyMemory<byte> sdp) => Serial.Post(() =>
    {
        if (!IsEstablished || Incoming is not { IsPending: true } invite) return;
        Dialog!.RefreshTarget(invite.Request);
        invite.Accept(Dialog, sdp.Span);
    });

    /// <summary>Refuses the re-INVITE that is pending; the session stays as it was (DLG-08).</summary>
    /// <param name="warning">Value of a Warning header.</param>
    public void RejectOffer(int status, string? warning = null) => Serial.Post(() =>
    {
        if (IsEstablished) Incoming?.Refuse(status, null, warning is null ? null : [("Warning", warning)]);
    });

    /// <summary>
    /// Sends a re-INVITE with an offer; <see cref="ISessionListener.OnOfferAnswered"/> or <see cref="ISessionListener.OnOfferRefused"/> follows. One that
    /// meets another offer under way is refused with 491.
    /// </summary>
    public void Offer(ReadOnlyMemory<byte> sdp) => Serial.Post(() =>
    {
        if (!IsEstablished || _byeSent) return;
        if (_offer is { IsOpen: true } || Incoming is { IsPending: true } or { IsUnconfirmed: true })
        {
            Listener?.OnOfferRefused(this, 491);
            return;
        }

        _offer = new OutgoingOffer(Layer, Serial, Dialog!, sdp, OwnsCallId, OnOfferResult);
        _offer.Send();
    });

    /// <summary>Sends an INFO (RFC 6086).</summary>
    public void Info(string contentType, ReadOnlyMemory<byte> body) => Serial.Post(() =>
    {
        if (!IsEstablished || _byeSent) return;
        SendRequest("INFO"u8, null, contentType, body.Span, OnInDialogResult);
    });

    /// <summary>Takes a request within the dialog other than INVITE and ACK, and answers it through its transaction.</summary>
    internal void Receive(Exchange exchange)
    {
        if (IsOver) exchange.Answer(481);
        else if (!Dialog!.TryAdvance(CSeqValue.NumberOf(exchange.Message))) exchange.Answer(500);
        else Dispatch(exchange);
    }

    /// <summary>Takes an INVITE within the dialog (RFC 3261 14.2).</summary>
    internal void Receive(IncomingInvite invite, SipFlow flow)
    {
        if (IsOver)
        {
            invite.Refuse(481);
            return;
        }

        if (!Dialog!.TryAdvance(invite.CSeq)) invite.Refuse(500);
        else if (_offer is { IsPending: true }) invite.Refuse(491);
        else if (Incoming is { IsPending: true } or { IsUnconfirmed: true }) invite.Refuse(500, null, [("Retry-After", SessionLayer.NextRetryAfter())]);
        else Take(invite, flow);
    }

    /// <summary>Takes an ACK within the dialog.</summary>
    internal void ReceiveAck(SipMessage ack, SipFlow flow)
    {
        if (IsOver) return;
        SeenOn(flow);
        Incoming?.ReceiveAck(ack);
    }

    void IIncomingInviteOwner.OnCancelled(IncomingInvite invite)
    {
        invite.Refuse(487);
        if (!IsEstablished) OnInviteCancelled();
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

    /// <summary>True when the dialog's Call-ID was made by us.</summary>
    private protected abstract bool OwnsCallId { get; }

    /// <summary>Ends a session that is not established.</summary>
    private protected abstract void Abandon();

    /// <summary>The first INVITE was cancelled by its sender, and refused.</summary>
    private protected virtual void OnInviteCancelled()
    {
    }

    private protected virtual void OnInviteConfirmed(IncomingInvite invite, SipMessage ack) => Listener?.OnOfferConfirmed(this, ack.BodyMemory);

    /// <summary>Takes the dialog as that of this session. False when its tags are in use.</summary>
    private protected bool TryTake(Dialog dialog)
    {
        if (!Layer.Dialogs.TryAdd(dialog.Key, this)) return false;
        Dialog = dialog;
        SeenOn(dialog.Flow);
        return true;
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
    private protected void Close()
    {
        IsOver = true;
        _isEstablished = false;
        _keep.Stop();
        Incoming?.Stop();
        _offer?.Stop();
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
        SendRequest("BYE"u8, reason, "", default, done);
    }

    private void SendRequest(ReadOnlySpan<byte> method, string? reason, string contentType, ReadOnlySpan<byte> body, Action<int>? done)
    {
        using var draft = new MessageDraft();
        var branch = SessionLayer.NextRandom();
        Dialog!.Begin(draft.Writer, method, Dialog.NextSequence(), branch);
        if (reason is not null)
        {
            draft.Writer.Text("Reason: "u8);
            draft.Writer.Value(reason);
            draft.Writer.EndLine();
        }

        ResponseWriter.End(draft.Writer, contentType, body);
        if (draft.Writer.Overflowed) done?.Invoke(413); // no transport carries it; the call goes on
        else Layer.Send(Serial, Dialog.Flow, draft.ToArray(), branch, new FinalResponse(done));
    }

    /// <summary>Whatever the answer, or none: a BYE ends the session (RFC 3261 15.1.1). Challenges are not met (AUTH-21).</summary>
    private void OnByeResult(int status) => End(status == FinalResponse.TransportError ? SessionEnd.TransportFailed : SessionEnd.Bye);

    private void OnOfferResult(int status, SipMessage? response)
    {
        OnInDialogResult(status);
        if (IsOver) return;
        if (status < 300) Listener?.OnOfferAnswered(this, response!.BodyMemory);
        else Listener?.OnOfferRefused(this, status);
    }

    /// <summary>481 and 408 end the usage; any other refusal does not (DLG-10).</summary>
    private void OnInDialogResult(int status)
    {
        if (status == FinalResponse.TransportError) End(SessionEnd.TransportFailed);
        else if (status is 481 or 408) End(SessionEnd.DialogGone);
    }

    private void Dispatch(Exchange exchange)
    {
        SeenOn(exchange.Flow);
        switch (exchange.Message.Method)
        {
            case SipMethod.Bye:
                exchange.Answer(200);
                ReceiveBye();
                break;
            case SipMethod.Info:
                exchange.Answer(200);
                Listener?.OnInfo(this, exchange.Message.Value(HeaderId.ContentType).ToArray(), exchange.Message.BodyMemory);
                break;
            case SipMethod.Options:
                exchange.AnswerOptions();
                break;
            default:
                exchange.AnswerNotAllowed(exchange.Message.Method == SipMethod.Unknown ? 501 : 405);
                break;
        }
    }

    private void ReceiveBye()
    {
        if (Incoming is { IsPending: true } pending) pending.Refuse(487);
        if (IsEstablished) End(SessionEnd.Bye);
        else OnInviteCancelled();
    }

    private void Take(IncomingInvite invite, in SipFlow flow)
    {
        SeenOn(flow);
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
