using Sipstead.Voice.Bxml;
using Sipstead.Voice.Calls;

namespace Sipstead.Voice.Connecting;

/// <summary>The connections of one call with others, on its mailbox.</summary>
internal sealed class CallConnections(Call call) : ICallConnections
{
    public Task<TransferEnd> TransferAsync(TransferPlan plan, CancellationToken cancellationToken) =>
        new Transferring(call, plan, isForward: false).RunAsync(cancellationToken);
}
