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
}
