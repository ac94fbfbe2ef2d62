using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sipstead.Provisioning.Accounts;

namespace Sipstead.Provisioning.Api;

/// <summary>
/// The API users of an account over HTTP, for its admins (ours). A user is an OAuth client too (ruling 23): the password is its secret,
/// shown once when it was made up.
/// </summary>
internal sealed class UserEndpoints(AccountService accounts)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var endpoints = new UserEndpoints(routes.ServiceProvider.GetRequiredService<AccountService>());
        AccountApi.MapJson(
            routes,
            "users",
            AccountMethod.Json("GET", ApiRole.Admin, endpoints.ListAsync),
            AccountMethod.Json("POST", ApiRole.Admin, endpoints.CreateAsync));
        AccountApi.MapJson(routes, "users/{user}", AccountMethod.Json("DELETE", ApiRole.Admin, endpoints.RemoveAsync));
    }

    private async Task<ApiResult> ListAsync(AccountRequest request)
    {
        var users = await accounts.ListUsersAsync(request.AccountId, request.Aborted).ConfigureAwait(false);
        return ApiResult.Json(
            StatusCodes.Status200OK, users.Select(user => new UserBody(user.Name, ApiRoleNames.Of(user.Role), null)), AccountJson.Api.IEnumerableUserBody);
    }

    private async Task<ApiResult> CreateAsync(AccountRequest request)
    {
        var body = await request.ReadJsonAsync().ConfigureAwait(false);
        if (!body.IsSuccess) return ApiResult.Error(body.Error);
        var fields = body.Value;
        var name = fields.Text("userName", ApiUserRules.MaximumNameLength);
        var password = fields.Text("password", ApiUserRules.MaximumPasswordLength);
        var roleName = fields.Text("role", 10);
        var role = ApiRoleNames.Parse(roleName);
        if (name is null) fields.Fail("userName is required");
        if (role is null) fields.Fail($"Invalid role: '{roleName}' is none of read, write, admin");
        if (fields.Error is { } error) return ApiResult.Error(StatusCodes.Status400BadRequest, null, error);

        var result = await accounts.CreateUserAsync(name!, password, request.AccountId, role!.Value, request.Aborted).ConfigureAwait(false);
        return result.IsSuccess
            ? ApiResult.Json(
                StatusCodes.Status201Created,
                new UserBody(result.Value.Name, ApiRoleNames.Of(role.Value), result.Value.GeneratedPassword),
                AccountJson.Api.UserBody,
                $"{request.Url}/{Uri.EscapeDataString(result.Value.Name)}")
            : ApiResult.Error(result.Error);
    }

    private async Task<ApiResult> RemoveAsync(AccountRequest request)
    {
        var result = await accounts.RemoveUserAsync(request.Argument("user"), request.AccountId, request.Aborted).ConfigureAwait(false);
        return result.IsSuccess ? ApiResult.Empty(StatusCodes.Status204NoContent) : ApiResult.Error(result.Error);
    }
}

/// <summary>An API user.</summary>
/// <param name="UserName">The name, and client id.</param>
/// <param name="Role">The role in the account.</param>
/// <param name="Password">The password that was made up, once.</param>
internal sealed record UserBody(string UserName, string Role, string? Password);
