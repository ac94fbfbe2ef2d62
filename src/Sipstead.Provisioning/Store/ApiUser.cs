namespace Sipstead.Provisioning.Store;

/// <summary>A user of the HTTP APIs. The name is case-sensitive (contract 2.1).</summary>
internal sealed class ApiUser
{
    public long Id { get; set; }

    public required string Name { get; set; }

    public required string PasswordHash { get; set; }

    /// <summary>Whether the password is still the one that the server made up at its first start.</summary>
    public bool MustChangePassword { get; set; }

    public List<ApiUserRole> Roles { get; } = [];
}
