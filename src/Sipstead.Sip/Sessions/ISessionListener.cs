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
}

/// <summary>
/// What the user of sessions hears. Calls come from any thread, one at a time and in order for one session, with no lock held; they must be quick, and
/// may call the session back. Bodies and messages stay as they are.
/// </summary>
public interface ISessionListener
{
    /// <summary>A provisional response, 101 to 199.</summary>
    void OnProvisional(OutboundSession session, int status, ReadOnlyMemory<byte> body);

    /// <summary>A 2xx; the ACK has been sent.</summary>
    void OnAnswered(OutboundSession session, ReadOnlyMemory<byte> body, SipMessage response);

    /// <summary>The call did not come about: the far end's final response, or our own 408 (nobody answers), 503 (cannot be sent), 487 (cancelled).</summary>
    void OnFailed(OutboundSession session, int status, string reason, SipMessage? response);

    /// <summary>The caller gave up while the call was pending: CANCEL, BYE, Expires, or its connection is gone. 487 has been sent.</summary>
    void OnCancelled(InboundSession session);

    /// <summary>The ACK for our 2xx; its body may hold the answer to the offer that an INVITE without one got in the 2xx.</summary>
    void OnConfirmed(InboundSession session, ReadOnlyMemory<byte> body);

    /// <summary>A re-INVITE, with an empty body when it asks us to offer. Answer with <see cref="InviteSession.AcceptOffer"/> or <see cref="InviteSession.RejectOffer"/>.</summary>
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

    /// <summary>An INFO, already answered 200.</summary>
    void OnInfo(InviteSession session, ReadOnlyMemory<byte> contentType, ReadOnlyMemory<byte> body);

    /// <summary>The session is over. Exactly once for each that was answered, also when we hung up.</summary>
    void OnEnded(InviteSession session, SessionEnd end);
}
