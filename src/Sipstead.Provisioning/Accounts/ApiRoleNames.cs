namespace Sipstead.Provisioning.Accounts;

/// <summary>The names of roles as users write and read them.</summary>
public static class ApiRoleNames
{
    /// <summary><c>read</c>, <c>write</c> or <c>admin</c>.</summary>
    public static string Of(ApiRole role) => role switch
    {
        ApiRole.Admin => "admin",
        ApiRole.Write => "write",
        _ => "read",
    };

    /// <summary>The role of a name, in any case; null when it is none.</summary>
    public static ApiRole? Parse(string? name) => name?.ToUpperInvariant() switch
    {
        "READ" => ApiRole.Read,
        "WRITE" => ApiRole.Write,
        "ADMIN" => ApiRole.Admin,
        _ => null,
    };
}
