using Sipstead.Sip.Messages;
using Sipstead.Sip.Sessions;
using Sipstead.Voice.Connecting;

namespace Sipstead.Voice.Calls;

/// <summary>What the sessions of a call tell it.</summary>
internal abstract partial class Call
{
    public virtual void OnProvisional(OutboundSession session, int status, ReadOnlyMemory<byte> body)
    {
    }

    public virtual void OnAnswered(OutboundSession session, ReadOnlyMemory<byte> body, SipMessage response)
    {
    }

    public virtual void OnFailed(OutboundSession session, int status, string reason, SipMessage? response)
    {
    }

    public virtual void OnCancelled(InboundSession session)
    {
    }

    public virtual void OnEarlyAnswer(InboundSession session, ReadOnlyMemory<byte> body)
    {
    }

    public virtual void OnConfirmed(InboundSession session, ReadOnlyMemory<byte> body)
    {
    }

    public void OnOffer(InviteSession session, ReadOnlyMemory<byte> body)
    {
        if (!Mailbox.TryPost(() => Renegotiate(session, body))) session.RejectOffer(500);
    }

    public void OnOfferConfirmed(InviteSession session, ReadOnlyMemory<byte> body)
    {
        if (!body.IsEmpty) Mailbox.TryPost(() => _media?.AcceptAnswer(body.Span));
    }

    public void OnOfferAnswered(InviteSession session, ReadOnlyMemory<byte> body) => Mailbox.TryPost(() => _media?.AcceptAnswer(body.Span));

    public ReadOnlyMemory<byte> Describe(InviteSession session) => _media?.CurrentOffer() ?? default;

    public void OnInfo(InviteSession session, ReadOnlyMemory<byte> contentType, ReadOnlyMemory<byte> body)
    {
        if (DtmfBody.TryRead(contentType.Span, body.Span, out var key)) Mailbox.TryPost(() => Press(KeyPath.Info, key));
    }

    public void OnRefer(InviteSession session, Referral referral)
    {
        if (!Mailbox.TryPost(() => new IncomingReferral(this, session).Begin(referral))) session.RejectRefer(500);
    }

    public void OnReferAnswered(InviteSession session, int status) => Mailbox.TryPost(() => _connections.Referral?.OnAnswered(status));

    public void OnReferProgress(InviteSession session, int status, bool isLast) => Mailbox.TryPost(() => _connections.Referral?.OnProgress(status, isLast));

    public void OnEnded(InviteSession session, SessionEnd end) => Mailbox.Post(() => OnSessionEnded(session, end));

    private void Renegotiate(InviteSession session, ReadOnlyMemory<byte> offer)
    {
        if (HasEnded || _media is not { } media)
        {
            session.RejectOffer(488);
            return;
        }

        if (offer.IsEmpty)
        {
            session.AcceptOffer(media.CurrentOffer());
            return;
        }

        var answer = media.Answer(offer.Span);
        if (answer.Sdp is { } sdp) session.AcceptOffer(sdp);
        else session.RejectOffer(answer.Refusal!.Status, SipWarning.Of(answer.Refusal));
    }
}
