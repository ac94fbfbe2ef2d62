using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Sipstead.Provisioning.Accounts;

namespace Sipstead.Dashboard.Accounts;

/// <summary>The user of a circuit, as the store knows the user now. One for each circuit.</summary>
internal sealed class SignedInUser(AuthenticationStateProvider authentication, AccountService accounts)
{
    /// <summary>The user with all roles; null when nobody is signed in or the user is gone.</summary>
    public async Task<ApiUserDetails?> FindAsync(CancellationToken cancellationToken)
    {
        var state = await authentication.GetAuthenticationStateAsync();
        return state.User.FindFirstValue(ClaimTypes.Name) is { } name ? await accounts.FindUserAsync(name, cancellationToken) : null;
    }

    /// <summary>An account as this user sees it; null when the user has no role in it, or there is no such account (ruling 22).</summary>
    public async Task<AccountContext?> EnterAsync(long accountId, CancellationToken cancellationToken)
    {
        if (await FindAsync(cancellationToken) is not { } user || !user.Roles.TryGetValue(accountId, out var role)) return null;
        var account = await accounts.FindAccountAsync(accountId, cancellationToken);
        return account is null ? null : new AccountContext(account, user.Name, role, [.. user.Roles.Keys.Where(id => id != accountId).Order()]);
    }
}
