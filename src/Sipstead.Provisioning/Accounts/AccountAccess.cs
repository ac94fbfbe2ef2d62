using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Sipstead.Provisioning.Api;
using Sipstead.Provisioning.Audit;
using Sipstead.Provisioning.Tokens;

namespace Sipstead.Provisioning.Accounts;

/// <summary>
/// The way into an account over HTTP, for the XML and JSON APIs alike: name and password or an access token, then the user's role in
/// the account. Sets the headers of a refusal; status and body are the caller's.
/// </summary>
public sealed class AccountAccess
{
    /// <summary>What makes some clients send their credentials at all (contract 2.1).</summary>
    internal const string Challenge = "Basic realm=\"Bandwidth API\"";

    private const string TokenScheme = "Bearer ";
    private const string TokenChallenge = "Bearer realm=\"Bandwidth API\", error=\"invalid_token\"";

    private readonly ApiPasswords _passwords;
    private readonly AccessTokens _tokens;
    private readonly ProvisioningMetrics _metrics;

    internal AccountAccess(ApiPasswords passwords, AccessTokens tokens, ProvisioningMetrics metrics)
    {
        _passwords = passwords;
        _tokens = tokens;
        _metrics = metrics;
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
            return new AccountAuthorization(AccountAccessOutcome.Overloaded);
        if (authentication.Outcome == ApiAuthenticationOutcome.Slowed)
            return new AccountAuthorization(AccountAccessOutcome.Slowed);
        if (authentication.Principal is not { } user)
            return new AccountAuthorization(AccountAccessOutcome.Unauthenticated);

        // One look into memory, the same for an account of others and for none at all (ruling 22).
        if (!long.TryParse(account, NumberStyles.None, CultureInfo.InvariantCulture, out var accountId)
            || !user.TryGetRole(accountId, out var held))
        {
            return new AccountAuthorization(AccountAccessOutcome.NotThisAccount);
        }

        return held < role
            ? new AccountAuthorization(AccountAccessOutcome.RoleTooLow)
            : new AccountAuthorization(AccountAccessOutcome.Authorized, accountId, user, ActorOf(context, user));
    }

    private static AuditActor ActorOf(HttpContext context, ApiPrincipal user) => new(
        user.UserName,
        IsToken(context.Request.Headers.Authorization.ToString()) ? AuditVia.Token : AuditVia.Basic,
        context.Connection.RemoteIpAddress?.ToString());

    private static bool IsToken(string authorization) => authorization.StartsWith(TokenScheme, StringComparison.OrdinalIgnoreCase);

    private async ValueTask<ApiAuthentication> AuthenticateAsync(HttpContext context)
    {
        var authorization = context.Request.Headers.Authorization.ToString();
        var isToken = IsToken(authorization);
        var authentication = isToken ? await CheckTokenAsync(context, authorization[TokenScheme.Length..].Trim()).ConfigureAwait(false)
            : BasicCredentials.TryParse(authorization, out var credentials) ? await _passwords.CheckAsync(context, credentials).ConfigureAwait(false)
            : new ApiAuthentication(ApiAuthenticationOutcome.Refused);
        if (authentication.Outcome == ApiAuthenticationOutcome.Refused)
            context.Response.Headers.WWWAuthenticate = isToken ? new StringValues([Challenge, TokenChallenge]) : Challenge;
        return authentication;
    }

    private async ValueTask<ApiAuthentication> CheckTokenAsync(HttpContext context, string token)
    {
        var user = await _tokens.VerifyAsync(token, context.RequestAborted).ConfigureAwait(false);
        _metrics.TokenChecked(user is not null);
        return user is null
            ? new ApiAuthentication(ApiAuthenticationOutcome.Refused)
            : new ApiAuthentication(ApiAuthenticationOutcome.Accepted, user);
    }
}
