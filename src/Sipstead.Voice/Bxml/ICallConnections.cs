using Sipstead.Voice.Connecting;

namespace Sipstead.Voice.Bxml;

/// <summary>How a call is connected with others. All members are used on the call's mailbox; waits end with <see cref="OperationCanceledException"/>.</summary>
internal interface ICallConnections
{
    /// <summary>
    /// Rings all targets of a plan, and connects the call with the first that answers, until that leaves or none has answered. Answers an inbound call when
    /// the two are connected. When interrupted, the targets are hung up.
    /// </summary>
    Task<TransferEnd> TransferAsync(TransferPlan plan, CancellationToken cancellationToken);

    /// <summary>
    /// As <see cref="TransferAsync"/>, but the application has no say in the two calls any more. Null for a call that cannot be forwarded: one of ours, or one
    /// that was answered.
    /// </summary>
    Task<TransferEnd?> ForwardAsync(TransferPlan plan, CancellationToken cancellationToken);

    /// <summary>
    /// Answers the call and connects it with another of its account, whose document is abandoned, until that leaves. Returns null then, else why they could not
    /// be connected.
    /// </summary>
    /// <param name="complete">What the other call asks when this one leaves; null to hang it up.</param>
    Task<string?> BridgeAsync(string callId, CallbackTargets? complete, CancellationToken cancellationToken);

    /// <summary>Answers the call and asks its party to call somebody else (REFER), and waits for what comes of it. Null for a call of ours.</summary>
    Task<ReferEnd?> ReferAsync(string target, CancellationToken cancellationToken);
}
