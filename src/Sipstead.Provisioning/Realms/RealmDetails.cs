namespace Sipstead.Provisioning.Realms;

/// <summary>A realm as the API shows it (contract 4.1).</summary>
/// <param name="Id">Its id.</param>
/// <param name="AccountId">The account that owns it.</param>
/// <param name="Name">The short name.</param>
/// <param name="Fqdn">The fully qualified name, in lower case.</param>
/// <param name="Description">A text, or null.</param>
/// <param name="IsDefault">Whether it is the account's default realm.</param>
/// <param name="SipCredentialCount">How many credentials it has.</param>
/// <param name="Status">Where it is in its life.</param>
public sealed record RealmDetails(
    long Id, long AccountId, string Name, string Fqdn, string? Description, bool IsDefault, int SipCredentialCount, RealmStatus Status)
{
    /// <summary>The digest algorithms it offers.</summary>
    public DigestAlgorithms DigestAlgorithms { get; init; } = DigestAlgorithms.Md5;

    /// <summary>What it asks of the media of calls to its devices.</summary>
    public MediaEncryption MediaEncryption { get; init; }
}
