using Sipstead.Voice.Bxml;
using Sipstead.Voice.Calls;

namespace Sipstead.Voice.Connecting;

/// <summary>The connections of one call with others, on its mailbox.</summary>
internal sealed class CallConnections(Call call) : ICallConnections
{
    /// <summary>True once the call was forwarded: its application has no say in it any more.</summary>
    public bool IsForwarded { get; private set; }

    /// <summary>The REFER whose outcome is awaited; null when there is none.</summary>
    public OutgoingReferral? Referral { get; private set; }

    public Task<TransferEnd> TransferAsync(TransferPlan plan, CancellationToken cancellationToken) =>
        new Transferring(call, plan, isForward: false).RunAsync(cancellationToken);

    public async Task<TransferEnd?> ForwardAsync(TransferPlan plan, CancellationToken cancellationToken)
    {
        if (call.IsAnswered || call.State.Direction == CallDirection.Outbound) return null;
        IsForwarded = true;
        return await new Transferring(call, plan, isForward: true).RunAsync(cancellationToken);
    }

    public async Task<string?> BridgeAsync(string callId, CallbackTargets? complete, CancellationToken cancellationToken)
    {
        if (callId == call.Id) return "A call cannot be bridged with itself";
        if (!call.Services.Registry.TryFind(call.State.AccountId, callId, out var found)) return $"Call {callId} is not known";
        if (found.Live is not { } target) return $"Call {callId} has ended";
        var bridge = new CallBridge(call, target);
        try
        {
            if (await target.Mailbox.AskAsync(() => BridgedBy(target, bridge, complete)) is { } refusal) return refusal;
            await bridge.StayAsync(call, cancellationToken);
            return null;
        }
        finally
        {
            bridge.End();
        }
    }

    public async Task<ReferEnd?> ReferAsync(string target, CancellationToken cancellationToken)
    {
        if (call.State.Direction == CallDirection.Outbound) return null;
        await call.AnswerAsync(cancellationToken);
        Referral = new OutgoingReferral();
        try
        {
            return await Referral.RunAsync(call.Party!, target, call.Time, cancellationToken);
        }
        finally
        {
            Referral = null;
        }
    }

    /// <summary>Connects a call with the one that bridges it, in place of what runs on it; on its mailbox. Returns why that is not possible, else null.</summary>
    private static string? BridgedBy(Call target, CallBridge bridge, CallbackTargets? complete)
    {
        if (target.HasEnded) return $"Call {target.Id} has ended";
        if (target.IsForwarded) return $"Call {target.Id} was forwarded";
        if (!target.IsAnswered && target.State.Direction == CallDirection.Outbound) return $"Call {target.Id} is not answered yet";
        if (target.Bridge is not null) return $"Call {target.Id} is already bridged with another call";
        target.TakeOver(async interrupted =>
        {
            await bridge.StayAsync(target, interrupted);
            return complete is null
                ? VerbOutcome.HangUp
                : await target.CallbackAsync(new VerbCallback("bridgeTargetComplete", complete.Primary, complete.Fallback), interrupted);
        });
        target.Bridge = bridge;
        return null;
    }
}
