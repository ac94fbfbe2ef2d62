using System.Globalization;
using Sipstead.Provisioning;
using Sipstead.Provisioning.Credentials;
using Sipstead.Provisioning.Realms;

namespace Sipstead.Dashboard.Credentials;

/// <summary>
/// The secret of a credential as somebody types it: a password, which is hashed here and then forgotten, or the hashes that the user made. One for each
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

    /// <summary>SHA-256(user:realm:password), made by the user.</summary>
    public string Hash1Sha256 { get; set; } = "";

    /// <summary>SHA-256(user@realm:realm:password), made by the user; may stay empty.</summary>
    public string Hash1bSha256 { get; set; } = "";

    /// <summary>SHA-512/256(user:realm:password), made by the user.</summary>
    public string Hash1Sha512256 { get; set; } = "";

    /// <summary>SHA-512/256(user@realm:realm:password), made by the user; may stay empty.</summary>
    public string Hash1bSha512256 { get; set; } = "";

    /// <summary>The password for the phone card; null when only the user knows it.</summary>
    public string? KnownPassword => IsHashes ? null : Password;

    private ShaHashes Sha => new()
    {
        Hash1Sha256 = Hash1Sha256.Trim(), Hash1bSha256 = Hash1bSha256.Trim(), Hash1Sha512256 = Hash1Sha512256.Trim(), Hash1bSha512256 = Hash1bSha512256.Trim(),
    };

    /// <summary>Makes up a password.</summary>
    public void Generate() => (IsHashes, Password) = (false, PasswordGenerator.Generate());

    /// <summary>The wish for a credential with this secret.</summary>
    public ProvisioningResult<NewSipCredential> Create(string userName, RealmDetails realm, Guid? applicationId)
    {
        ArgumentNullException.ThrowIfNull(realm);
        return IsHashes
            ? new NewSipCredential { UserName = userName, Hash1 = Hash1.Trim(), Hash1b = Hash1b.Trim(), Sha = Sha, HttpVoiceV2AppId = applicationId?.ToString("D") }
            : SipPassword.Create(userName, realm, Password, applicationId);
    }

    /// <summary>The rotation of a credential to this secret; its application stays.</summary>
    public ProvisioningResult<SipCredentialUpdate> Update(SipCredentialDetails credential)
    {
        ArgumentNullException.ThrowIfNull(credential);
        return IsHashes
            ? new SipCredentialUpdate { RealmId = credential.RealmId.ToString(CultureInfo.InvariantCulture), Hash1 = Hash1.Trim(), Hash1b = Hash1b.Trim(), Sha = Sha }
            : SipPassword.Update(credential, Password);
    }
}
