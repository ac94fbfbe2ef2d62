#pragma warning disable CA5351 // Hash1 and Hash1b are MD5 by definition (RFC 3261 22.4, contract 5.2)
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto.Digests;
using Sipstead.Provisioning.Realms;

namespace Sipstead.Provisioning.Credentials;

/// <summary>
/// Makes the hashes of a credential from a password in plain text (guide "SIP Registration", step "Generate MD5"). The password is
/// neither kept nor part of any error.
/// </summary>
public static class SipPassword
{
    /// <summary>The most characters.</summary>
    public const int MaximumLength = 128;

    private const int Sha512256Bits = 256;

    /// <summary>What a password cannot be; null when it can be one. How good it is says <see cref="PasswordEstimate"/>.</summary>
    public static ProvisioningError? Check(string? password)
    {
        if (string.IsNullOrEmpty(password)) return ProvisioningError.Invalid(null, "The password is empty");
        if (password.Length > MaximumLength)
            return ProvisioningError.Invalid(null, $"The password is too long ({MaximumLength} characters max)");
        return password.Any(char.IsControl) ? ProvisioningError.Invalid(null, "The password has a control character") : null;
    }

    /// <summary>The wish for a credential that signs in with a password.</summary>
    /// <param name="userName">The user name; whether it can be one is checked when the credential is made.</param>
    /// <param name="realm">The realm it will belong to.</param>
    /// <param name="password">The password.</param>
    /// <param name="applicationId">The voice application that shall take the device's calls, or null.</param>
    public static ProvisioningResult<NewSipCredential> Create(
        string userName, RealmDetails realm, string password, Guid? applicationId = null)
    {
        ArgumentNullException.ThrowIfNull(userName);
        ArgumentNullException.ThrowIfNull(realm);
        if (Check(password) is { } error) return error;
        return new NewSipCredential
        {
            UserName = userName,
            Hash1 = Hash1(userName, realm.Fqdn, password),
            Hash1b = Hash1b(userName, realm.Fqdn, password),
            Sha = Sha(userName, realm.Fqdn, password),
            HttpVoiceV2AppId = applicationId?.ToString(),
        };
    }

    /// <summary>The change of a credential to another password; its application stays.</summary>
    public static ProvisioningResult<SipCredentialUpdate> Update(SipCredentialDetails credential, string password)
    {
        ArgumentNullException.ThrowIfNull(credential);
        if (Check(password) is { } error) return error;
        return new SipCredentialUpdate
        {
            RealmId = credential.RealmId.ToString(CultureInfo.InvariantCulture),
            Hash1 = Hash1(credential.UserName, credential.RealmFqdn, password),
            Hash1b = Hash1b(credential.UserName, credential.RealmFqdn, password),
            Sha = Sha(credential.UserName, credential.RealmFqdn, password),
        };
    }

    /// <summary>MD5(user:realm:password) in lower-case hexadecimal digits.</summary>
    /// <param name="userName">The user name as stored: case matters here.</param>
    /// <param name="realmFqdn">The realm's fully qualified name.</param>
    /// <param name="password">The password; it is hashed in UTF-8.</param>
    public static string Hash1(string userName, string realmFqdn, string password) =>
        Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes($"{userName}:{realmFqdn}:{password}")));

    /// <summary>MD5(user@realm:realm:password) in lower-case hexadecimal digits.</summary>
    /// <inheritdoc cref="Hash1"/>
    public static string Hash1b(string userName, string realmFqdn, string password) =>
        Hash1($"{userName}@{realmFqdn}", realmFqdn, password);

    /// <summary>The hashes of the other algorithms, whether the realm offers these or not: it can do so later, when the password is not known any more.</summary>
    /// <inheritdoc cref="Hash1"/>
    public static ShaHashes Sha(string userName, string realmFqdn, string password)
    {
        var plain = Encoding.UTF8.GetBytes($"{userName}:{realmFqdn}:{password}");
        var withRealm = Encoding.UTF8.GetBytes($"{userName}@{realmFqdn}:{realmFqdn}:{password}");
        return new ShaHashes
        {
            Hash1Sha256 = Convert.ToHexStringLower(SHA256.HashData(plain)),
            Hash1bSha256 = Convert.ToHexStringLower(SHA256.HashData(withRealm)),
            Hash1Sha512256 = Sha512256(plain),
            Hash1bSha512256 = Sha512256(withRealm),
        };
    }

    /// <summary>FIPS 180-4 6.7: not SHA-512 cut short, and not in the framework.</summary>
    private static string Sha512256(byte[] text)
    {
        var digest = new Sha512tDigest(Sha512256Bits);
        digest.BlockUpdate(text);
        Span<byte> hash = stackalloc byte[Sha512256Bits / 8];
        digest.DoFinal(hash);
        return Convert.ToHexStringLower(hash);
    }
}
