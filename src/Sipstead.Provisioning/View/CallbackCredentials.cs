namespace Sipstead.Provisioning.View;

/// <summary>The name and password for HTTP Basic that go with a callback. The text form leaves the password out.</summary>
/// <param name="UserId">The user name.</param>
/// <param name="Password">The password, as it is sent.</param>
public sealed record CallbackCredentials(string UserId, string Password)
{
    /// <inheritdoc/>
    public override string ToString() => $"credentials of {UserId}";
}
