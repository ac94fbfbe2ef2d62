using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace Sipstead.Dashboard.SignIn;

/// <summary>Says who acts in what a page does: whatever comes in on a circuit is done by its user.</summary>
internal sealed class CircuitActor(AuthenticationStateProvider authentication) : CircuitHandler
{
    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(Func<CircuitInboundActivityContext, Task> next) => async activity =>
    {
        var state = await authentication.GetAuthenticationStateAsync();
        DashboardSession.ActorOf(state.User)?.Act();
        await next(activity);
    };
}
