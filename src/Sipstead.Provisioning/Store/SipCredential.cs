using Sipstead.Provisioning.Credentials;

namespace Sipstead.Provisioning.Store;

/// <summary>A row of the credential table.</summary>
internal sealed class SipCredential
{
    public long Id { get; set; }

    public long RealmId { get; set; }

    public Realm? Realm { get; set; }

    /// <summary>As submitted, with <c>@</c> and the domain behind it when there is one; echoed so.</summary>
    public required string UserName { get; set; }

    /// <summary>Whether the domain of <see cref="UserName"/> was submitted apart from it, and is shown so by the account's API (contract 5.4).</summary>
    public bool HasDomain { get; set; }

    /// <summary><see cref="UserName"/> in lower case: the test for duplicates ignores case (contract 5.1).</summary>
    public required string UserNameKey { get; set; }

    public required string Hash1 { get; set; }

    public string? Hash1b { get; set; }

    public string? Hash1Sha256 { get; set; }

    public string? Hash1bSha256 { get; set; }

    public string? Hash1Sha512256 { get; set; }

    public string? Hash1bSha512256 { get; set; }

    /// <summary>The four hashes of SHA together; not a column.</summary>
    public ShaHashes Sha
    {
        get => Hash1Sha256 is null && Hash1bSha256 is null && Hash1Sha512256 is null && Hash1bSha512256 is null
            ? ShaHashes.None
            : new ShaHashes
            {
                Hash1Sha256 = Hash1Sha256,
                Hash1bSha256 = Hash1bSha256,
                Hash1Sha512256 = Hash1Sha512256,
                Hash1bSha512256 = Hash1bSha512256,
            };
        set => (Hash1Sha256, Hash1bSha256, Hash1Sha512256, Hash1bSha512256) =
            (value.Hash1Sha256, value.Hash1bSha256, value.Hash1Sha512256, value.Hash1bSha512256);
    }

    /// <summary>Rises when a hash changes (ruling 12).</summary>
    public int HashRevision { get; set; }

    /// <summary>The voice application that takes the device's calls, one of the same account; or null.</summary>
    public Guid? ApplicationId { get; set; }

    public Application? Application { get; set; }
}
