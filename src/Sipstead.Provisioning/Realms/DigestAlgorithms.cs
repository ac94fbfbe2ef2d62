namespace Sipstead.Provisioning.Realms;

/// <summary>The digest algorithms that a realm offers (RFC 8760 2.3, ruling 3): the same to every user.</summary>
[Flags]
public enum DigestAlgorithms
{
    /// <summary>None: no realm offers that.</summary>
    None = 0,

    /// <summary>MD5, which every phone knows.</summary>
    Md5 = 1,

    /// <summary>SHA-256.</summary>
    Sha256 = 2,

    /// <summary>SHA-512/256, in SIP <c>SHA-512-256</c>.</summary>
    Sha512256 = 4,
}
