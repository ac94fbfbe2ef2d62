using Sipstead.Provisioning.Accounts;

namespace Sipstead.Provisioning.Api;

/// <summary>An HTTP method of a resource of the account API.</summary>
/// <param name="Verb">GET, POST, ...</param>
/// <param name="Root">The root element of its answers, also of its errors (contract 3); null where these are JSON.</param>
/// <param name="Role">The role that a user needs in the account.</param>
/// <param name="Answer">Carries the request out.</param>
public sealed record AccountMethod(string Verb, string? Root, ApiRole Role, Func<AccountRequest, Task<ApiResult>> Answer)
{
    /// <summary>A GET, for every role.</summary>
    public static AccountMethod Get(string root, Func<AccountRequest, Task<ApiResult>> answer) =>
        new("GET", root, ApiRole.Read, answer);

    /// <summary>A POST, for writers.</summary>
    public static AccountMethod Post(string root, Func<AccountRequest, Task<ApiResult>> answer) =>
        new("POST", root, ApiRole.Write, answer);

    /// <summary>A PUT, for writers.</summary>
    public static AccountMethod Put(string root, Func<AccountRequest, Task<ApiResult>> answer) =>
        new("PUT", root, ApiRole.Write, answer);

    /// <summary>A PATCH, for writers.</summary>
    public static AccountMethod Patch(string root, Func<AccountRequest, Task<ApiResult>> answer) =>
        new("PATCH", root, ApiRole.Write, answer);

    /// <summary>A DELETE, for writers.</summary>
    public static AccountMethod Delete(string root, Func<AccountRequest, Task<ApiResult>> answer) =>
        new("DELETE", root, ApiRole.Write, answer);

    /// <summary>A method of a JSON resource.</summary>
    public static AccountMethod Json(string verb, ApiRole role, Func<AccountRequest, Task<ApiResult>> answer) => new(verb, null, role, answer);
}
