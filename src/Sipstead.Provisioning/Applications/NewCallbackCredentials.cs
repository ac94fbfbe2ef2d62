namespace Sipstead.Provisioning.Applications;

/// <summary>The name and password for HTTP Basic, as submitted. The text form leaves the password out.</summary>
/// <param name="UserId">The user name, or null.</param>
/// <param name="Password">The password; null keeps the stored one, if it is the same user's.</param>
public sealed record NewCallbackCredentials(string? UserId, string? Password)
{
    /// <inheritdoc/>
    public override string ToString() => $"credentials of {UserId}";
}
