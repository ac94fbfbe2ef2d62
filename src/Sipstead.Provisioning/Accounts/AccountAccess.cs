using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sipstead.Provisioning.Api;

namespace Sipstead.Provisioning.Accounts;

/// <summary>
/// The way into an account over HTTP, for the XML and JSON APIs alike: Basic authentication, then the user's role in the account.
/// Sets the headers of a refusal; status and body are the caller's.
/// </summary>
public sealed class AccountAccess
{
    private readonly ApiUserAuthenticator _authenticator;
    private readonly ApiThrottle _throttle;
    private readonly ILogger<AccountAccess> _log;

    internal AccountAccess(ApiUserAuthenticator authenticator, ApiThrottle throttle, ILogger<AccountAccess> log)
    {
        _authenticator = authenticator;
        _throttle = throttle;
        _log = log;
    }

    /// <summary>Says whether the request's user may act in an account.</summary>
    /// <param name="context">The request.</param>
    /// <param name="account">The account of the path; other text than a number is no account.</param>
    /// <param name="role">The least role that the request needs.</param>
    public async ValueTask<AccountAuthorization> AuthorizeAsync(HttpContext context, string? account, ApiRole role)
    {
        ArgumentNullException.ThrowIfNull(context);
        var authentication = await AuthenticateAsync(context).ConfigureAwait(false);
        if (authentication.Outcome == ApiAuthenticationOutcome.Overloaded)
        {
            context.Response.Headers.RetryAfter = "1";
            return new AccountAuthorization(AccountAccessOutcome.Overloaded);
        }

        if (authentication.Outcome == ApiAuthenticationOutcome.Slowed)
            return new AccountAuthorization(AccountAccessOutcome.Slowed);

        if (authentication.Principal is not { } user)
        {
            // The challenge is what makes some clients send their credentials at all (contract 2.1).
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"Bandwidth API\"";
            return new AccountAuthorization(AccountAccessOutcome.Unauthenticated);
        }

        // One look into memory, the same for an account of others and for none at all (ruling 22).
        if (!long.TryParse(account, NumberStyles.None, CultureInfo.InvariantCulture, out var accountId)
            || !user.TryGetRole(accountId, out var held))
        {
            return new AccountAuthorization(AccountAccessOutcome.NotThisAccount);
        }

        return held < role
            ? new AccountAuthorization(AccountAccessOutcome.RoleTooLow)
            : new AccountAuthorization(AccountAccessOutcome.Authorized, accountId, user);
    }

    private async ValueTask<ApiAuthentication> AuthenticateAsync(HttpContext context)
    {
        if (!BasicCredentials.TryParse(context.Request.Headers.Authorization, out var credentials))
            return new ApiAuthentication(ApiAuthenticationOutcome.Refused);

        var (userName, password) = (credentials.UserName, credentials.Password);
        var address = context.Connection.RemoteIpAddress;
        var remote = address?.ToString();
        var wait = _throttle.Wait(userName, address);
        if (wait > TimeSpan.Zero && !_authenticator.IsRemembered(userName, password))
        {
            _throttle.Slowed();
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            ProvisioningLog.AuthenticationSlowed(_log, remote);
            return new ApiAuthentication(ApiAuthenticationOutcome.Slowed);
        }

        var authentication = await _authenticator.AuthenticateAsync(userName, password, context.RequestAborted).ConfigureAwait(false);
        if (authentication.Outcome == ApiAuthenticationOutcome.Overloaded)
        {
            ProvisioningLog.AuthenticationOverloaded(_log, remote);
            return authentication;
        }

        _throttle.Checked(userName, address, isRight: authentication.Principal is not null);
        if (authentication.Principal is null) ProvisioningLog.AuthenticationRefused(_log, remote);
        return authentication;
    }
}
