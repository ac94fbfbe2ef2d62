using Sipstead.Sip.Dialogs;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;
using Sipstead.Sip.Trace;
using Sipstead.Sip.Transactions;
using Sipstead.Sip.Transport;

namespace Sipstead.Sip.Sessions;

/// <summary>A call that a peer makes. Has a 100 from the start; answer it with <see cref="Answer"/> or <see cref="Reject"/>.</summary>
public sealed class InboundSession : InviteSession
{
    /// <summary>How often a call that rings says so again: proxies give up one that is silent for three minutes (RFC 3261 13.3.1.1).</summary>
    private const int MillisecondsToExtend = 60_000;

    private readonly Countdown _expiry;
    private readonly Countdown _extension;
    private int _progress;
    private bool _cancelledUnheard;
    private ReadOnlyMemory<byte>? _answer;

    internal InboundSession(SessionLayer layer, in SipRequest request, SipMessage copy, in SipFlow flow, in TraceSubject trace, Action forgotten)
        : base(layer, System.Text.Encoding.UTF8.GetString(request.CallId), flow, trace)
    {
        var tag = SessionLayer.NextRandom();
        Incoming = new IncomingInvite(layer.Transactions, Serial, request, copy, flow, tag, this) { Forgotten = forgotten };
        FirstInvite = Incoming;
        EarlyDialog = Dialogs.Dialog.OfRequest(layer.SentByFor(flow, null, null), request, flow, tag);
        _expiry = new Countdown(layer.Transactions, Serial, Expire);
        _extension = new Countdown(layer.Transactions, Serial, () => Tell(_progress, default));
        LearnMethods(copy);
        OffersInProgress = !FirstInvite.HasOffer && ReliableProgress.IsDue(copy, hasDescription: false);
    }

    /// <summary>The INVITE as it came; a copy that stays.</summary>
    public SipMessage Invite => FirstInvite.Request;

    /// <summary>True when the first provisional response has to carry our offer: it is sent reliably, and the INVITE has none (RFC 3261 13.2.1, RFC 3262 5).</summary>
    public bool OffersInProgress { get; }

    internal IncomingInvite FirstInvite { get; }

    private Dialog EarlyDialog { get; }

    /// <summary>Sets who hears of this session. What happened before is told at once.</summary>
    public void Attach(ISessionListener listener) => Serial.Post(() =>
    {
        Listener = listener;
        if (_cancelledUnheard) TakeListener()!.OnCancelled(this);
        _cancelledUnheard = false;
    });

    /// <summary>
    /// Sends a provisional response, 101 to 199; with SDP it may begin early media. It is sent reliably where the caller requires that, and with SDP where
    /// the caller can (RFC 3262): then later ones wait for its PRACK, and so does the answer when it has SDP.
    /// </summary>
    public void Progress(int status, ReadOnlyMemory<byte> body = default) => Serial.Post(() =>
    {
        if (status is > 100 and < 200) Tell(status, body);
    });

    /// <summary>
    /// Sends 200 and repeats it until the ACK comes: then <see cref="ISessionListener.OnConfirmed"/>. SDP that a reliable provisional response had is not
    /// sent again.
    /// </summary>
    public void Answer(ReadOnlyMemory<byte> sdp) => Serial.Post(() =>
    {
        if (IsOver || !FirstInvite.IsPending || _answer is not null) return;
        _expiry.Stop();
        _extension.Stop();
        _answer = sdp;
        AnswerWhenDue();
    });

    /// <summary>Refuses the call with a status of 300 to 699. The session is over, with nothing more to hear.</summary>
    public void Reject(int status, string? reason = null, IReadOnlyList<(string Name, string Value)>? headers = null) => Serial.Post(() =>
    {
        if (IsOver || !FirstInvite.IsPending) return;
        FirstInvite.Refuse(status, reason, headers);
        Finish();
        TakeListener();
    });

    /// <summary>Takes up the dialog, sends 100 and limits the ringing. False when the dialog's tags are in use.</summary>
    internal bool TryStart()
    {
        if (!TryTake(EarlyDialog)) return false;
        Serial.Post(() =>
        {
            FirstInvite.SendTrying();
            if (SipNumber.TryParse(Invite.Value(HeaderId.Expires), int.MaxValue, out var seconds)) _expiry.Start(seconds * 1000L);
        });
        return true;
    }

    private protected override bool OwnsCallId => false;

    private protected override Dialog? EarlyDialogToOffer => FirstInvite is { IsPending: true, IsDescribed: true, IsDescriptionOpen: false } ? EarlyDialog : null;

    private protected override void Abandon()
    {
        FirstInvite.Refuse(480);
        Finish();
        TakeListener();
    }

    private protected override void ReceivePrack(Exchange exchange, Dialog dialog)
    {
        var body = exchange.Message.BodyMemory;
        if (!FirstInvite.TryAcknowledge(exchange.Message, out var hadDescription)) exchange.Answer(481);
        else if (!hadDescription || FirstInvite.HasOffer) TakePrack(exchange, dialog);
        else if (body.IsEmpty) RefuseWithoutAnswer(exchange);
        else
        {
            exchange.Answer(200);
            Listener?.OnEarlyAnswer(this, body);
        }

        FirstInvite.GoOn();
        AnswerWhenDue();
    }

    private protected override void OnAskedAnswered() => AnswerWhenDue();

    private protected override void OnInviteCancelled()
    {
        if (IsOver) return;
        Finish();
        if (Listener is null) _cancelledUnheard = true;
        else TakeListener()!.OnCancelled(this);
    }

    private protected override void OnInviteConfirmed(IncomingInvite invite, SipMessage ack)
    {
        if (invite == FirstInvite) Listener?.OnConfirmed(this, ack.BodyMemory);
        else base.OnInviteConfirmed(invite, ack);
    }

    /// <summary>A PRACK may begin another offer, once that of the INVITE is answered (RFC 3262 5).</summary>
    private void TakePrack(Exchange exchange, Dialog dialog)
    {
        if (exchange.Message.Body.IsEmpty) exchange.Answer(200);
        else Ask(exchange, dialog);
    }

    /// <summary>Our offer has to be answered in the PRACK: without that there is no call (OA-05).</summary>
    private void RefuseWithoutAnswer(Exchange exchange)
    {
        exchange.Answer(400);
        FirstInvite.Refuse(400, "Missing Answer In PRACK");
        OnInviteCancelled();
    }

    /// <summary>The 2xx waits until SDP in provisional responses is acknowledged and no other offer is open (RFC 3262 3).</summary>
    private void AnswerWhenDue()
    {
        if (_answer is not { } sdp || IsOver || !FirstInvite.IsPending || FirstInvite.IsDescriptionOpen || IsAsked) return;
        Establish();
        FirstInvite.Accept(EarlyDialog, Timer.Accept(Invite), sdp.Span);
    }

    /// <summary>The time that the caller gave to answer is over (RFC 3261 13.3.1, DLG-11).</summary>
    private void Expire()
    {
        FirstInvite.Refuse(487);
        OnInviteCancelled();
    }

    private void Tell(int status, ReadOnlyMemory<byte> body)
    {
        if (IsOver || _answer is not null || !FirstInvite.IsPending) return;
        _progress = status;
        FirstInvite.Progress(status, EarlyDialog, body);
        _extension.Start(MillisecondsToExtend);
    }

    private void Finish()
    {
        _expiry.Stop();
        _extension.Stop();
        Close();
    }
}
