using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Sipstead.Provisioning.Accounts;

namespace Sipstead.Dashboard.Accounts;

/// <summary>What the signed-in user of a request, such as a download, may see.</summary>
internal static class RequestRole
{
    /// <summary>Whether the user has such a role in an account, or a higher one. One without is answered as for an account that is not there (ruling 22).</summary>
    public static async Task<bool> ExistsAsync(HttpContext context, AccountService accounts, long accountId, ApiRole least = ApiRole.Read) =>
        context.User.FindFirstValue(ClaimTypes.Name) is { } name && await accounts.FindUserAsync(name, context.RequestAborted) is { } user
        && user.Roles.TryGetValue(accountId, out var role) && role >= least;
}
