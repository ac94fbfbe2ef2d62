namespace Sipstead.Provisioning.Credentials;

/// <summary>
/// The hashes of a credential beside those of MD5, for realms that offer more (RFC 8760): 64 hexadecimal digits each, or null. The text form leaves them out.
/// </summary>
public sealed record ShaHashes
{
    /// <summary>No such hash.</summary>
    public static ShaHashes None { get; } = new();

    /// <summary>SHA-256(user:realm:password).</summary>
    public string? Hash1Sha256 { get; init; }

    /// <summary>SHA-256(user@realm:realm:password).</summary>
    public string? Hash1bSha256 { get; init; }

    /// <summary>SHA-512/256(user:realm:password).</summary>
    public string? Hash1Sha512256 { get; init; }

    /// <summary>SHA-512/256(user@realm:realm:password).</summary>
    public string? Hash1bSha512256 { get; init; }

    /// <inheritdoc/>
    public override string ToString() => "hashes";
}
