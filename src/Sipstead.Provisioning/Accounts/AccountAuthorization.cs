using System.Diagnostics.CodeAnalysis;
using Sipstead.Provisioning.Audit;

namespace Sipstead.Provisioning.Accounts;

/// <summary>Whether a request may act in an account.</summary>
public enum AccountAccessOutcome
{
    /// <summary>It may.</summary>
    Authorized,

    /// <summary>Name or password are missing or wrong (HTTP 401); the challenge is among the answer's headers.</summary>
    Unauthenticated,

    /// <summary>The user has no role in the account, existing or not (ruling 22: 404 of the XML API, 403 of the Voice API).</summary>
    NotThisAccount,

    /// <summary>The user's role does not allow it (HTTP 403).</summary>
    RoleTooLow,

    /// <summary>Too many passwords wait for verification (HTTP 503); Retry-After is among the answer's headers.</summary>
    Overloaded,

    /// <summary>Too many wrong passwords came before (HTTP 429); Retry-After is among the answer's headers.</summary>
    Slowed,
}

/// <summary>The result of <see cref="AccountAccess"/>.</summary>
/// <param name="Outcome">Whether it may.</param>
/// <param name="AccountId">The account, when authorized.</param>
/// <param name="User">Who asks, when authorized.</param>
/// <param name="Actor">Who asks, for the audit, when authorized.</param>
public readonly record struct AccountAuthorization(
    AccountAccessOutcome Outcome, long AccountId = 0, ApiPrincipal? User = null, AuditActor? Actor = null)
{
    /// <summary>Whether the request may go on.</summary>
    [MemberNotNullWhen(true, nameof(User), nameof(Actor))]
    public bool IsAuthorized => Outcome == AccountAccessOutcome.Authorized;
}
