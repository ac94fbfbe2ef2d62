namespace Sipstead.Provisioning.Accounts;

/// <summary>How an authentication ended.</summary>
public enum ApiAuthenticationOutcome
{
    /// <summary>Name and password are right.</summary>
    Accepted,

    /// <summary>The user is unknown or the password wrong; which of them is not told.</summary>
    Refused,

    /// <summary>Too many verifications wait (HTTP 503).</summary>
    Overloaded,

    /// <summary>Too many wrong passwords came before, so this one was not checked (HTTP 429).</summary>
    Slowed,
}

/// <summary>The result of an authentication.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Principal">The user, when accepted.</param>
public readonly record struct ApiAuthentication(ApiAuthenticationOutcome Outcome, ApiPrincipal? Principal = null);
