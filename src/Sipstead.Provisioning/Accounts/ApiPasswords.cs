using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sipstead.Provisioning.Api;

namespace Sipstead.Provisioning.Accounts;

/// <summary>
/// Checks the name and password of a request, within the limits of guessing: those of API requests and of tokens count together. Sets
/// Retry-After where it is due.
/// </summary>
internal sealed class ApiPasswords(ApiUserAuthenticator authenticator, ApiThrottle throttle, ILogger<ApiPasswords> log)
{
    public async ValueTask<ApiAuthentication> CheckAsync(HttpContext context, BasicCredentials credentials)
    {
        var (userName, password) = (credentials.UserName, credentials.Password);
        var address = context.Connection.RemoteIpAddress;
        var remote = address?.ToString();
        var wait = throttle.Wait(userName, address);
        if (wait > TimeSpan.Zero && !authenticator.IsRemembered(userName, password))
        {
            throttle.Slowed();
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            ProvisioningLog.AuthenticationSlowed(log, remote);
            return new ApiAuthentication(ApiAuthenticationOutcome.Slowed);
        }

        var authentication = await authenticator.AuthenticateAsync(userName, password, context.RequestAborted).ConfigureAwait(false);
        if (authentication.Outcome == ApiAuthenticationOutcome.Overloaded)
        {
            context.Response.Headers.RetryAfter = "1";
            ProvisioningLog.AuthenticationOverloaded(log, remote);
            return authentication;
        }

        throttle.Checked(userName, address, isRight: authentication.Principal is not null);
        if (authentication.Principal is null) ProvisioningLog.AuthenticationRefused(log, remote);
        return authentication;
    }
}
