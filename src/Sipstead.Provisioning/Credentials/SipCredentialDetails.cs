using Sipstead.Provisioning.Realms;

namespace Sipstead.Provisioning.Credentials;

/// <summary>A SIP credential as the API shows it (contract 5.1). Its text form leaves the hashes out.</summary>
public sealed class SipCredentialDetails
{
    /// <summary>Its id; stable over rotation.</summary>
    public required long Id { get; init; }

    /// <summary>The realm it belongs to.</summary>
    public required long RealmId { get; init; }

    /// <summary>The realm's fully qualified name.</summary>
    public required string RealmFqdn { get; init; }

    /// <summary>The digest algorithms that the realm offers.</summary>
    public DigestAlgorithms RealmAlgorithms { get; init; } = DigestAlgorithms.Md5;

    /// <summary>The user name as submitted, with <c>@</c> and the domain behind it when there is one.</summary>
    public required string UserName { get; init; }

    /// <summary>Whether the domain was submitted apart from the user name: the account's API shows it so (contract 5.4).</summary>
    public bool HasDomain { get; init; }

    /// <summary>MD5(user:realm:password) in lower-case hexadecimal digits, or the text that was submitted instead.</summary>
    public required string Hash1 { get; init; }

    /// <summary>MD5(user@realm:realm:password), or null.</summary>
    public required string? Hash1b { get; init; }

    /// <summary>The hashes of other algorithms, as far as there are any.</summary>
    public ShaHashes Sha { get; init; } = ShaHashes.None;

    /// <summary>The id of the voice application that takes the device's calls, or null.</summary>
    public required string? HttpVoiceV2AppId { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"credential {Id} of realm {RealmId}";
}
