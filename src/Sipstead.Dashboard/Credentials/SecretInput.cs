using System.Globalization;
using Sipstead.Provisioning;
using Sipstead.Provisioning.Credentials;
using Sipstead.Provisioning.Realms;

namespace Sipstead.Dashboard.Credentials;

/// <summary>
/// The secret of a credential as somebody types it: a password, which is hashed here and then forgotten, or the two hashes that the user made. One for each
/// dialog.
/// </summary>
public sealed class SecretInput
{
    /// <summary>Whether the hashes count, not the password.</summary>
    public bool IsHashes { get; set; }

    /// <summary>The password; empty when nothing was typed.</summary>
    public string Password { get; set; } = "";

    /// <summary>MD5(user:realm:password), made by the user.</summary>
    public string Hash1 { get; set; } = "";

    /// <summary>MD5(user@realm:realm:password), made by the user; may stay empty.</summary>
    public string Hash1b { get; set; } = "";

    /// <summary>The password for the phone card; null when only the user knows it.</summary>
    public string? KnownPassword => IsHashes ? null : Password;

    /// <summary>Makes up a password.</summary>
    public void Generate() => (IsHashes, Password) = (false, PasswordGenerator.Generate());

    /// <summary>The wish for a credential with this secret.</summary>
    public ProvisioningResult<NewSipCredential> Create(string userName, RealmDetails realm, Guid? applicationId)
    {
        ArgumentNullException.ThrowIfNull(realm);
        return IsHashes
            ? new NewSipCredential { UserName = userName, Hash1 = Hash1.Trim(), Hash1b = Hash1b.Trim(), HttpVoiceV2AppId = applicationId?.ToString("D") }
            : SipPassword.Create(userName, realm, Password, applicationId);
    }

    /// <summary>The rotation of a credential to this secret; its application stays.</summary>
    public ProvisioningResult<SipCredentialUpdate> Update(SipCredentialDetails credential)
    {
        ArgumentNullException.ThrowIfNull(credential);
        return IsHashes
            ? new SipCredentialUpdate { RealmId = credential.RealmId.ToString(CultureInfo.InvariantCulture), Hash1 = Hash1.Trim(), Hash1b = Hash1b.Trim() }
            : SipPassword.Update(credential, Password);
    }
}
