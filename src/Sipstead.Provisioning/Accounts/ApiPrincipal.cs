using System.Diagnostics.CodeAnalysis;
using Sipstead.Provisioning.Store;

namespace Sipstead.Provisioning.Accounts;

/// <summary>An authenticated API user and the accounts the user may act in.</summary>
public sealed class ApiPrincipal
{
    private readonly Dictionary<long, ApiRole> _roles;

    internal ApiPrincipal(ApiUser user)
    {
        UserName = user.Name;
        MustChangePassword = user.MustChangePassword;
        Stamp = ApiUserStamp.Of(user);
        _roles = user.Roles.ToDictionary(r => r.AccountId, r => r.Role);
    }

    /// <summary>The user's name.</summary>
    public string UserName { get; }

    /// <summary>Whether the password is still the one that the server made up at its first start.</summary>
    public bool MustChangePassword { get; }

    /// <summary>
    /// What <see cref="ApiUserDetails.Stamp"/> was when the password was checked: once they differ, the user has to sign in again.
    /// </summary>
    public string Stamp { get; }

    /// <summary>The accounts the user has a role in.</summary>
    public IReadOnlyCollection<long> Accounts => _roles.Keys;

    internal IReadOnlyCollection<ApiRole> Roles => _roles.Values;

    /// <summary>The user's role in an account; false for another account, existing or not (ruling 22).</summary>
    public bool TryGetRole(long accountId, [NotNullWhen(true)] out ApiRole? role)
    {
        var isFound = _roles.TryGetValue(accountId, out var found);
        role = isFound ? found : null;
        return isFound;
    }
}
