namespace Sipstead.Provisioning.Credentials;

/// <summary>The rotation of a credential, as submitted (contract 5.2).</summary>
public sealed class SipCredentialUpdate
{
    /// <summary>Must be null: names do not change (23030). On the account's API it may be the name that there is (23004).</summary>
    public string? UserName { get; init; }

    /// <summary>On the account's API: null, or the domain that there is (23004).</summary>
    public string? Domain { get; init; }

    /// <summary>The id of the credential's realm (required, 23031).</summary>
    public string? RealmId { get; init; }

    /// <summary>Null, or the fully qualified or short name of the credential's realm.</summary>
    public string? Realm { get; init; }

    /// <summary>The new Hash1 (required).</summary>
    public string? Hash1 { get; init; }

    /// <summary>The new Hash1b; null clears it, since a stale one would keep the old password valid.</summary>
    public string? Hash1b { get; init; }

    /// <summary>
    /// The new hashes of other algorithms; one that is missing here is cleared. Null keeps them all if Hash1 stays, since they are of the same password
    /// then, and clears them if it does not.
    /// </summary>
    public ShaHashes? Sha { get; init; }

    /// <summary>Null keeps the voice application, an empty text unbinds it.</summary>
    public string? HttpVoiceV2AppId { get; init; }

    /// <inheritdoc/>
    public override string ToString() => "update of a credential";
}
