namespace Sipstead.Provisioning.Credentials;

/// <summary>
/// The wish for a credential, as submitted (contract 5.2). Required elements may be missing: that is the rule's business.
/// </summary>
public sealed class NewSipCredential
{
    /// <summary>The user name (required).</summary>
    public string? UserName { get; init; }

    /// <summary>The domain of the user, on the account's API alone; null when there is none.</summary>
    public string? Domain { get; init; }

    /// <summary>The name that digests and addresses have: the user name, with <c>@</c> and the domain when there is one.</summary>
    public string? CompositeName => string.IsNullOrEmpty(Domain) ? UserName : $"{UserName}@{Domain}";

    /// <summary>Hash1 (required).</summary>
    public string? Hash1 { get; init; }

    /// <summary>Hash1b.</summary>
    public string? Hash1b { get; init; }

    /// <summary>The hashes of other algorithms; those that the realm offers are required.</summary>
    public ShaHashes Sha { get; init; } = ShaHashes.None;

    /// <summary>Null, or the id of the realm it is put on.</summary>
    public string? RealmId { get; init; }

    /// <summary>Null, or the fully qualified or short name of the realm it is put on.</summary>
    public string? Realm { get; init; }

    /// <summary>The id of a voice application of the account: a UUID.</summary>
    public string? HttpVoiceV2AppId { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"new credential {UserName}";
}
