using Sipstead.Sip.Dialogs;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Uas;

namespace Sipstead.Sip.Sessions;

/// <summary>The offers of a session (RFC 3264): ours in re-INVITE and UPDATE, those of the peer, and which of them may meet (RFC 3311 5, RFC 6337).</summary>
public abstract partial class InviteSession
{
    private OutgoingOffer? _offer;
    private (Exchange Exchange, Dialog Dialog)? _asked;
    private bool _peerTakesUpdate;

    /// <summary>True while an offer in UPDATE or PRACK waits for the user's answer.</summary>
    private protected bool IsAsked => _asked is not null;

    /// <summary>True while neither side may begin an offer.</summary>
    private bool IsNegotiating => _offer is { IsOpen: true } || IsAsked || Incoming is { IsPending: true, IsAnswerDue: true } or { IsUnconfirmed: true }
        || (IsEstablished && Incoming is { IsPending: true });

    /// <summary>Accepts the offer that is pending, with an answer, or an offer where a re-INVITE had none.</summary>
    public void AcceptOffer(ReadOnlyMemory<byte> sdp) => Serial.Post(() =>
    {
        if (_asked is { } asked) Answer(asked.Exchange, asked.Dialog, sdp.Span);
        else if (IsEstablished && Incoming is { IsPending: true } invite)
        {
            Dialog!.RefreshTarget(invite.Request);
            invite.Accept(Dialog, Timer.Accept(invite.Request), sdp.Span);
        }
    });

    /// <summary>Refuses the offer that is pending; the session stays as it was (DLG-08).</summary>
    /// <param name="warning">Value of a Warning header.</param>
    public void RejectOffer(int status, string? warning = null) => Serial.Post(() =>
    {
        if (_asked is { } asked)
        {
            _asked = null;
            asked.Exchange.Refuse(status, "Warning", warning);
            OnAskedAnswered();
        }
        else if (IsEstablished)
        {
            Incoming?.Refuse(status, null, warning is null ? null : [("Warning", warning)]);
        }
    });

    /// <summary>
    /// Sends an offer: in a re-INVITE, or in an UPDATE before the call is answered, where the peer takes that and the first offer has its answer (RFC 3311
    /// 5.1). <see cref="ISessionListener.OnOfferAnswered"/> or <see cref="ISessionListener.OnOfferRefused"/> follows. One that meets another offer under way
    /// is refused with 491.
    /// </summary>
    public void Offer(ReadOnlyMemory<byte> sdp) => Serial.Post(() =>
    {
        var dialog = IsEstablished ? Dialog : _peerTakesUpdate ? EarlyDialogToOffer : null;
        if (dialog is null || IsOver || _byeSent) return;
        if (IsNegotiating) Listener?.OnOfferRefused(this, 491);
        else Send(new OutgoingOffer(Layer, Serial, dialog, Timer, Digest, sdp, OwnsCallId, OnOfferResult) { IsUpdate = !IsEstablished });
    });

    /// <summary>With UPDATE where the peer takes it, since that needs no description; else with the session offered anew (RFC 4028 7.4).</summary>
    void ISessionTimerOwner.OnRefreshDue()
    {
        if (!IsEstablished || _byeSent) return;
        if (IsNegotiating)
        {
            Timer.OnRefused(); // what is under way may refresh the session itself
            return;
        }

        var sdp = _peerTakesUpdate ? default : Listener?.Describe(this) ?? default;
        Send(new OutgoingOffer(Layer, Serial, Dialog!, Timer, Digest, sdp, OwnsCallId, OnRefreshed) { IsUpdate = sdp.IsEmpty });
    }

    /// <summary>The early dialog in which we may offer; null when there is none, or its first offer has no answer yet.</summary>
    private protected abstract Dialog? EarlyDialogToOffer { get; }

    /// <summary>True while an offer of ours in the dialog has no answer.</summary>
    private protected virtual bool IsOfferOpen(Dialog dialog) => _offer is { IsInTheWay: true } || Incoming is { IsOfferOpen: true };

    /// <summary>The offer in UPDATE or PRACK was answered or refused.</summary>
    private protected virtual void OnAskedAnswered()
    {
    }

    /// <summary>Notes what a message of the peer tells of what it takes.</summary>
    private protected void LearnMethods(SipMessage message)
    {
        if (message.Has(HeaderId.Allow)) _peerTakesUpdate = OptionTags.Has(message, HeaderId.Allow, "UPDATE"u8);
    }

    /// <summary>Hands the offer of an UPDATE or PRACK to the user, whose answer is the answer to the request.</summary>
    private protected void Ask(Exchange exchange, Dialog dialog)
    {
        if (_asked is not null || Listener is null) exchange.AskToRepeat();
        else if (IsOfferOpen(dialog)) exchange.Answer(491);
        else if (Incoming is { IsAnswerDue: true }) exchange.AskToRepeat();
        else
        {
            _asked = (exchange, dialog);
            Listener.OnOffer(this, exchange.Message.BodyMemory);
        }
    }

    private void StopOffers()
    {
        _offer?.Stop();
        _asked?.Exchange.Answer(487);
        _asked = null;
    }

    private void Send(OutgoingOffer offer)
    {
        _offer = offer;
        offer.Send();
    }

    private void OnOfferResult(int status, SipMessage? response)
    {
        OnInDialogResult(status);
        if (IsOver) return;
        if (response is { StatusCode: < 300 }) Listener?.OnOfferAnswered(this, response.BodyMemory);
        else Listener?.OnOfferRefused(this, status);
    }

    private void OnRefreshed(int status, SipMessage? response)
    {
        OnInDialogResult(status);
        if (IsOver) return;
        if (status >= 300) Timer.OnRefused();
        else if (response is { Body.IsEmpty: false }) Listener?.OnOfferAnswered(this, response.BodyMemory);
    }

    /// <summary>UPDATE (RFC 3311 5.2): refreshes target and session; an offer in it is the user's to answer.</summary>
    private void ReceiveUpdate(Exchange exchange, Dialog dialog)
    {
        LearnMethods(exchange.Message);
        if (IsAsked) exchange.AskToRepeat();
        else if (exchange.Message.Body.IsEmpty) Answer(exchange, dialog, default);
        else Ask(exchange, dialog);
    }

    /// <summary>Accepts an UPDATE or PRACK. Only a session that is established has a timer.</summary>
    private void Answer(Exchange exchange, Dialog dialog, ReadOnlySpan<byte> sdp)
    {
        _asked = null;
        var isUpdate = exchange.Method == SipMethod.Update;
        if (isUpdate) dialog.RefreshTarget(exchange.Message);
        exchange.Accept(dialog, isUpdate && IsEstablished ? Timer.Accept(exchange.Message) : default, sdp);
        OnAskedAnswered();
    }
}
