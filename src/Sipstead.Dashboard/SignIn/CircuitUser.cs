using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.Extensions.Logging;

namespace Sipstead.Dashboard.SignIn;

/// <summary>Asks each minute whether the session of an open page still holds; when not, the page goes to the sign-in.</summary>
internal sealed class CircuitUser(DashboardSession session, ILoggerFactory loggers) : RevalidatingServerAuthenticationStateProvider(loggers)
{
    protected override TimeSpan RevalidationInterval => TimeSpan.FromMinutes(1);

    protected override Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken) =>
        session.HoldsAsync(authenticationState.User, cancellationToken);
}
