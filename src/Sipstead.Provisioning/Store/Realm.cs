using Sipstead.Provisioning.Realms;

namespace Sipstead.Provisioning.Store;

/// <summary>A row of the realm table.</summary>
internal sealed class Realm
{
    public long Id { get; set; }

    public long AccountId { get; set; }

    public Account? Account { get; set; }

    /// <summary>The short name; its rule leaves only lower case, so it is its own key.</summary>
    public required string Name { get; set; }

    /// <summary>The fully qualified name in lower case, fixed at creation: the hashes of the credentials contain it.</summary>
    public required string Fqdn { get; set; }

    public string? Description { get; set; }

    public bool IsDefault { get; set; }

    public RealmStatus Status { get; set; }

    public DigestAlgorithms DigestAlgorithms { get; set; } = DigestAlgorithms.Md5;

    public MediaEncryption MediaEncryption { get; set; }
}
