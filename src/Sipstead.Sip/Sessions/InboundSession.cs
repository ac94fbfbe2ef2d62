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
    private readonly Countdown _expiry;
    private bool _cancelledUnheard;

    internal InboundSession(SessionLayer layer, in SipRequest request, SipMessage copy, in SipFlow flow, in TraceSubject trace, Action forgotten)
        : base(layer, System.Text.Encoding.UTF8.GetString(request.CallId), flow, trace)
    {
        var tag = SessionLayer.NextRandom();
        Incoming = new IncomingInvite(layer.Transactions, Serial, request, copy, flow, tag, this) { Forgotten = forgotten };
        FirstInvite = Incoming;
        EarlyDialog = Dialogs.Dialog.OfRequest(layer.SentByFor(flow, null, null), request, flow, tag);
        _expiry = new Countdown(layer.Transactions, Serial, Expire);
    }

    /// <summary>The INVITE as it came; a copy that stays.</summary>
    public SipMessage Invite => FirstInvite.Request;

    internal IncomingInvite FirstInvite { get; }

    private Dialog EarlyDialog { get; }

    /// <summary>Sets who hears of this session. What happened before is told at once.</summary>
    public void Attach(ISessionListener listener) => Serial.Post(() =>
    {
        Listener = listener;
        if (_cancelledUnheard) TakeListener()!.OnCancelled(this);
        _cancelledUnheard = false;
    });

    /// <summary>Sends a provisional response, 101 to 199; with SDP it may begin early media.</summary>
    public void Progress(int status, ReadOnlyMemory<byte> body = default) => Serial.Post(() =>
    {
        if (!IsOver && status is > 100 and < 200) FirstInvite.Progress(status, EarlyDialog, body.Span);
    });

    /// <summary>Sends 200 and repeats it until the ACK comes: then <see cref="ISessionListener.OnConfirmed"/>.</summary>
    public void Answer(ReadOnlyMemory<byte> sdp) => Serial.Post(() =>
    {
        if (IsOver || !FirstInvite.IsPending) return;
        _expiry.Stop();
        Establish();
        FirstInvite.Accept(EarlyDialog, sdp.Span);
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

    private protected override void Abandon()
    {
        FirstInvite.Refuse(480);
        Finish();
        TakeListener();
    }

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

    /// <summary>The time that the caller gave to answer is over (RFC 3261 13.3.1, DLG-11).</summary>
    private void Expire()
    {
        FirstInvite.Refuse(487);
        OnInviteCancelled();
    }

    private void Finish()
    {
        _expiry.Stop();
        Close();
    }
}
