using System.Globalization;
using Sipstead.Provisioning.Realms;

namespace Sipstead.Provisioning.Credentials;

/// <summary>What the parts of a credential may be (contract 5.1, 5.2). No error repeats a hash.</summary>
internal static class SipCredentialRules
{
    public const int MaximumEntries = 1000;
    public const int MinimumFragmentLength = 3;
    public const int MaximumFragmentLength = 64;
    private const int MaximumUserNameLength = 32;
    private const int MaximumDomainLength = 32;
    private const int MaximumValueLength = 64;
    private const string NameSymbols = "._-!$&*+=~";

    public static ProvisioningError? Check(NewSipCredential entry, RealmDetails realm)
    {
        if (string.IsNullOrEmpty(entry.UserName)) return Invalid(ErrorCodes.Required, "UserName is required");
        if (string.IsNullOrEmpty(entry.Hash1)) return Invalid(ErrorCodes.Required, "Hash1 is required");
        return CheckName(entry.UserName, entry.Domain)
            ?? CheckHashes(entry.Hash1, entry.Hash1b)
            ?? CheckSha(entry.Sha)
            ?? CheckRealm(entry.RealmId, entry.Realm, realm)
            ?? CheckApplication(entry.HttpVoiceV2AppId);
    }

    /// <summary>What the realm's API asks of an update besides.</summary>
    public static ProvisioningError? CheckOnRealm(SipCredentialUpdate update)
    {
        if (update.UserName is not null)
            return Invalid(ErrorCodes.UserNameNotChangeable, "UserName cannot be changed. Remove it from the request.");
        return string.IsNullOrEmpty(update.RealmId) ? Invalid(ErrorCodes.RealmIdRequired, "RealmId is required") : null;
    }

    public static ProvisioningError? Check(SipCredentialUpdate update, RealmDetails realm)
    {
        if (string.IsNullOrEmpty(update.Hash1)) return Invalid(ErrorCodes.Required, "Hash1 is required");
        return CheckHashes(update.Hash1, update.Hash1b)
            ?? CheckSha(update.Sha ?? ShaHashes.None)
            ?? CheckRealm(update.RealmId, update.Realm, realm)
            ?? CheckApplication(update.HttpVoiceV2AppId);
    }

    /// <summary>A realm takes only credentials that can sign in with every algorithm it offers (ruling 3).</summary>
    public static ProvisioningError? CheckOffered(ShaHashes sha, DigestAlgorithms offered)
    {
        if (offered.HasFlag(DigestAlgorithms.Sha256) && string.IsNullOrEmpty(sha.Hash1Sha256))
            return Invalid(ErrorCodes.Required, "Hash1Sha256 is required, since the realm offers SHA-256");
        return offered.HasFlag(DigestAlgorithms.Sha512256) && string.IsNullOrEmpty(sha.Hash1Sha512256)
            ? Invalid(ErrorCodes.Required, "Hash1Sha512256 is required, since the realm offers SHA-512-256")
            : null;
    }

    public static ProvisioningError? CheckCount(int entries, int maximum)
    {
        if (entries == 0) return Invalid(ErrorCodes.NoCredentials, "The list of SipCredentials is empty");
        return entries > maximum
            ? Invalid(ErrorCodes.TooManyCredentials, $"The list has {entries} SipCredentials; {maximum} are allowed in one request")
            : null;
    }

    public static ProvisioningError? CheckFragments(SipCredentialQuery query) =>
        CheckFragment("userNamefragment", query.UserNameFragment)
        ?? CheckFragment("domainfragment", query.DomainFragment)
        ?? CheckFragment("realmFragment", query.RealmFragment)
        ?? CheckFragment("applicationNameFragment", query.ApplicationNameFragment);

    /// <summary>A fragment has 3 to 64 characters (contract 5.3).</summary>
    private static ProvisioningError? CheckFragment(string parameter, string? fragment) => fragment switch
    {
        { Length: < MinimumFragmentLength } =>
            Invalid(ErrorCodes.TooShort, $"{parameter} should contain at least {MinimumFragmentLength} characters."),
        { Length: > MaximumFragmentLength } =>
            Invalid(ErrorCodes.TooLong, $"{parameter} should contain at most {MaximumFragmentLength} characters."),
        _ => null,
    };

    /// <summary>The key under which names are compared: case does not make a name another (contract 5.1).</summary>
    public static string KeyOf(string userName) => userName.ToLowerInvariant();

    /// <summary>The application that a credential names; null when it names none, or nothing of the right form.</summary>
    public static Guid? ApplicationOf(string? id) => Guid.TryParseExact(id, "D", out var parsed) ? parsed : null;

    private static ProvisioningError? CheckName(string name, string? domain)
    {
        if (string.IsNullOrEmpty(domain)) return CheckUserName(name);
        if (name.Length > MaximumUserNameLength) return TooLong($"UserName '{name}'", MaximumUserNameLength);
        if (domain.Length > MaximumDomainLength) return TooLong($"Domain '{domain}'", MaximumDomainLength);
        if (!name.All(IsNameCharacter)) return BadCharacters(name);
        return domain.All(IsNameCharacter)
            ? null
            : Invalid(ErrorCodes.DomainCharacters, $"Domain '{domain}' may contain letters, digits and {NameSymbols} only");
    }

    private static ProvisioningError? CheckUserName(string name)
    {
        if (name.Length > MaximumUserNameLength) return TooLong($"UserName '{name}'", MaximumUserNameLength);
        var at = name.IndexOf('@', StringComparison.Ordinal);
        if (at < 0) return name.All(IsNameCharacter) ? null : BadCharacters(name);
        var isAggregated = at > 0 && at < name.Length - 1 && name.AsSpan(at + 1).IndexOf('@') < 0;
        return isAggregated && name.Where((_, i) => i != at).All(IsNameCharacter)
            ? null
            : Invalid(
                ErrorCodes.AggregatedUserNameCharacters,
                $"UserName '{name}' must be of the form user@domain with letters, digits and {NameSymbols} only");
    }

    private static ProvisioningError? CheckHashes(string hash1, string? hash1b)
    {
        if (hash1.Length > MaximumValueLength) return TooLong("Hash1", MaximumValueLength);
        return hash1b?.Length > MaximumValueLength ? TooLong("Hash1b", MaximumValueLength) : null;
    }

    private static ProvisioningError? CheckSha(ShaHashes sha) =>
        CheckSha(nameof(sha.Hash1Sha256), sha.Hash1Sha256)
        ?? CheckSha(nameof(sha.Hash1bSha256), sha.Hash1bSha256)
        ?? CheckSha(nameof(sha.Hash1Sha512256), sha.Hash1Sha512256)
        ?? CheckSha(nameof(sha.Hash1bSha512256), sha.Hash1bSha512256);

    private static ProvisioningError? CheckSha(string element, string? hash) => string.IsNullOrEmpty(hash) || HashText.IsSha(hash)
        ? null
        : Invalid(ErrorCodes.NotValid, $"{element} is not valid; write 64 hexadecimal digits");

    private static ProvisioningError? CheckRealm(string? realmId, string? name, RealmDetails realm)
    {
        if (name?.Length > MaximumValueLength) return TooLong("Realm", MaximumValueLength);
        if (!string.IsNullOrEmpty(realmId) && realmId != realm.Id.ToString(CultureInfo.InvariantCulture))
        {
            return Invalid(
                ErrorCodes.RealmMismatch, $"RealmId does not belong to the realm of the path, whose ID is {realm.Id}. Remove the field.");
        }

        var isOther = !string.IsNullOrEmpty(name)
            && !string.Equals(name, realm.Fqdn, StringComparison.OrdinalIgnoreCase)
            && !string.Equals(name, realm.Name, StringComparison.OrdinalIgnoreCase);
        return isOther
            ? Invalid(ErrorCodes.RealmMismatch, $"Realm '{name}' does not belong to the realm with ID = {realm.Id}. Remove the field.")
            : null;
    }

    private static ProvisioningError? CheckApplication(string? id)
    {
        if (string.IsNullOrEmpty(id)) return null;
        if (id.Length > MaximumValueLength) return TooLong("HttpVoiceV2AppId", MaximumValueLength);
        return ApplicationOf(id) is not null
            ? null
            : Invalid(ErrorCodes.ApplicationIdNotUuid, $"HttpVoiceV2AppId '{id}' is not a valid UUID");
    }

    private static bool IsNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || NameSymbols.Contains(c, StringComparison.Ordinal);

    private static ProvisioningError BadCharacters(string name) =>
        Invalid(ErrorCodes.UserNameCharacters, $"UserName '{name}' may contain letters, digits and {NameSymbols} only");

    private static ProvisioningError TooLong(string element, int maximum) =>
        Invalid(ErrorCodes.CredentialValueTooLong, $"{element} is too long ({maximum} characters max)");

    private static ProvisioningError Invalid(int code, string description) => ProvisioningError.Invalid(code, description);
}
