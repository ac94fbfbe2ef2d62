using System.Globalization;
using Sipstead.Voice.Calls;

namespace Sipstead.Voice.Connecting;

/// <summary>Makes the wishes for the calls to a plan's targets, of the call that is sent on (bxml.md 7.1, 7.2).</summary>
internal sealed class TransferWishes(Call call, TransferPlan plan, bool isForward)
{
    private readonly CallState _state = call.State;

    /// <summary>Whom the targets are shown, in the words of the API.</summary>
    private string CallerId => plan.CallerId ?? (isForward ? _state.To : _state.Party);

    public NewCall For(TransferTarget target)
    {
        var hiddenAs = HiddenCaller.Words.FirstOrDefault(word => word == plan.CallerId);
        var shown = hiddenAs is null ? CallerId : _state.Party;
        return new NewCall
        {
            AccountId = long.Parse(_state.AccountId, CultureInfo.InvariantCulture), ApplicationId = _state.ApplicationId, To = target.To,
            From = shown == _state.From && _state.Direction == CallDirection.Inbound ? UserPart.EscapeIn(shown) : shown,
            Callbacks = call.Callbacks with { Begin = null, BeginFallback = null, Disconnect = target.Disconnect }, BaseUrl = _state.BaseUrl,
            CallTimeout = plan.CallTimeout, DisplayName = plan.CallerDisplayName ?? hiddenAs, Privacy = hiddenAs is not null,
            UserToUser = target.UserToUser ?? [], PassedOn = PassedOn(), Tag = target.Tag,
            Parent = new ParentCall(_state, call.TraceNumber, CallerId),
        };
    }

    /// <summary>What the caller's INVITE said, with the Diversion headers that are asked for.</summary>
    private InviteHeaders? PassedOn() => call.Brought is not { } brought ? null : brought with
    {
        Diversions = plan.Diversion switch
        {
            DiversionTreatment.Propagate => brought.Diversions,
            DiversionTreatment.Stack => [$"<{brought.Dialled}>;reason={plan.DiversionReason}", .. brought.Diversions],
            _ => [],
        },
    };
}
