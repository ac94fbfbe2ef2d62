using Sipstead.Sip.Messages;

namespace Sipstead.Sip.Sessions;

/// <summary>Why a session ended.</summary>
public enum SessionEnd
{
    /// <summary>The peer hung up, or our BYE is done.</summary>
    Bye,

    /// <summary>No ACK came for our 2xx within 64*T1; a BYE was sent (RFC 3261 13.3.1.4).</summary>
    NoAck,

    /// <summary>The peer does not know the dialog any more, or did not answer within it (481 or 408; RFC 5057).</summary>
    DialogGone,

    /// <summary>There is no way to the peer: its connection is gone.</summary>
    TransportFailed,

    /// <summary>The session timer ran out and nobody refreshed the session; a BYE was sent (RFC 4028 10).</summary>
    Expired,
}

/// <summary>
/// What the user of sessions hears. Calls come from any thread, one at a time and in order for one session, with no lock held; they must be quick, and
/// may call the session back. Bodies and messages stay as they are.
/// </summary>
public interface ISessionListener
{
    /// <summary>A provisional response, 101 to 199.</summary>
    void OnProvisional(OutboundSession session, int status, ReadOnlyMemory<byte> body);

    /// <summary>A 2xx; the ACK has been sent. The body is the answer to our offer, also where that came before in a reliable provisional response.</summary>
    void OnAnswered(OutboundSession session, ReadOnlyMemory<byte> body, SipMessage response);

    /// <summary>The call did not come about: the far end's final response, or our own 408 (nobody answers), 503 (cannot be sent), 487 (cancelled).</summary>
    void OnFailed(OutboundSession session, int status, string reason, SipMessage? response);

    /// <summary>
    /// The caller gave up while the call was pending: CANCEL, BYE, Expires, no PRACK for a reliable provisional response (504), or its connection is gone.
    /// 487 has been sent unless another status is named.
    /// </summary>
    void OnCancelled(InboundSession session);

    /// <summary>The answer to the offer in our reliable provisional response, which is what an INVITE without one gets (RFC 3262 5). The 2xx will have no SDP.</summary>
    void OnEarlyAnswer(InboundSession session, ReadOnlyMemory<byte> body)
    {
    }

    /// <summary>The ACK for our 2xx; its body may hold the answer to the offer that an INVITE without one got in the 2xx.</summary>
    void OnConfirmed(InboundSession session, ReadOnlyMemory<byte> body);

    /// <summary>
    /// A re-INVITE, with an empty body when it asks us to offer; or an offer in UPDATE or PRACK, which may come before the call is answered. Answer with
    /// <see cref="InviteSession.AcceptOffer"/> or <see cref="InviteSession.RejectOffer"/>.
    /// </summary>
    void OnOffer(InviteSession session, ReadOnlyMemory<byte> body);

    /// <summary>The ACK of a re-INVITE that was accepted; its body holds the answer when the re-INVITE had no offer.</summary>
    void OnOfferConfirmed(InviteSession session, ReadOnlyMemory<byte> body)
    {
    }

    /// <summary>The answer to an offer of ours.</summary>
    void OnOfferAnswered(InviteSession session, ReadOnlyMemory<byte> body)
    {
    }

    /// <summary>An offer of ours was refused; the session is as it was.</summary>
    void OnOfferRefused(InviteSession session, int status)
    {
    }

    /// <summary>The session as it is, to be offered again in a re-INVITE that only refreshes it (RFC 4028 7.4); empty when there is no media.</summary>
    ReadOnlyMemory<byte> Describe(InviteSession session) => default;

    /// <summary>A key press by INFO, already answered 200; <see cref="DtmfBody"/> reads it.</summary>
    void OnInfo(InviteSession session, ReadOnlyMemory<byte> contentType, ReadOnlyMemory<byte> body);

    /// <summary>A REFER of the peer. Answer with <see cref="InviteSession.AcceptRefer"/> or <see cref="InviteSession.RejectRefer"/>.</summary>
    void OnRefer(InviteSession session, Referral referral) => session.RejectRefer(603);

    /// <summary>The final status of our REFER; 408 when there was no answer.</summary>
    void OnReferAnswered(InviteSession session, int status)
    {
    }

    /// <summary>What the peer tells of our REFER: the status that the call it made got so far, 0 when it does not say.</summary>
    /// <param name="isLast">Nothing follows.</param>
    void OnReferProgress(InviteSession session, int status, bool isLast)
    {
    }

    /// <summary>The session is over. Exactly once for each that was answered, also when we hung up.</summary>
    void OnEnded(InviteSession session, SessionEnd end);
}
