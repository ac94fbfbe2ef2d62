using Sipstead.Sip.Sessions;

namespace Sipstead.Voice.Calls;

/// <summary>Whom an outbound call rings until somebody answers. Belongs to the call's mailbox.</summary>
internal interface IRinging
{
    /// <summary>The final answer that tells most, of those so far.</summary>
    (int Status, string Reason) Best { get; }

    /// <summary>Cause and message of a call that ends with the best answer.</summary>
    (string Cause, string? Message) End => (CallCause.Of(Best.Status), CallCause.Explain(Best.Status, Best.Reason));

    /// <summary>Goes on where nothing has rung for a while.</summary>
    void GoOnAfterSilence();

    /// <summary>Notes a final answer that is no 2xx. True while anything still rings, or is tried.</summary>
    bool GoesOnAfter(OutboundSession session, int status, string reason);

    /// <summary>The session won: all others are cancelled.</summary>
    void Win(OutboundSession winner);

    /// <param name="reason">Value of a Reason header (RFC 3326); null for none.</param>
    void CancelAll(string? reason = null);
}
