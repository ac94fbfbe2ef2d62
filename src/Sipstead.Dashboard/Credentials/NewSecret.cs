using Sipstead.Provisioning.Credentials;

namespace Sipstead.Dashboard.Credentials;

/// <summary>A credential that was given a secret, or is to be shown with none.</summary>
/// <param name="Credential">The credential as it is now.</param>
/// <param name="Password">The password, for the phone card alone; null when only the user knows it.</param>
/// <param name="Since">When; registrations from then on count.</param>
public sealed record NewSecret(SipCredentialDetails Credential, string? Password, DateTimeOffset Since)
{
    /// <inheritdoc/>
    public override string ToString() => $"secret of {Credential}";
}
