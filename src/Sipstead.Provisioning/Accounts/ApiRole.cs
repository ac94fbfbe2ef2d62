namespace Sipstead.Provisioning.Accounts;

/// <summary>What a user may do in an account; each role includes the ones before it (ruling 23).</summary>
public enum ApiRole
{
    /// <summary>Read everything.</summary>
    Read = 1,

    /// <summary>Create, change and delete as well.</summary>
    Write = 2,

    /// <summary>Administer the account as well.</summary>
    Admin = 3,
}
