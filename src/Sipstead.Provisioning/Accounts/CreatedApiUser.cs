namespace Sipstead.Provisioning.Accounts;

/// <summary>A user that was made.</summary>
/// <param name="Name">The user's name.</param>
/// <param name="GeneratedPassword">The password that was made up, or null when one was given. Told here once, stored nowhere.</param>
public sealed record CreatedApiUser(string Name, string? GeneratedPassword)
{
    /// <inheritdoc/>
    public override string ToString() => $"user {Name}";
}
