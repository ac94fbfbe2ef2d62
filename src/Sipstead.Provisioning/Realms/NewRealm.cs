namespace Sipstead.Provisioning.Realms;

/// <summary>The wish for a realm. What is required and missing is the rule's business, so everything may be null.</summary>
/// <param name="Name">The short name (required).</param>
/// <param name="Description">A text, or null.</param>
/// <param name="IsDefault">Whether it shall be the account's default realm (required).</param>
public sealed record NewRealm(string? Name, string? Description, bool? IsDefault)
{
    /// <summary>The digest algorithms it offers. Default MD5 alone (ruling 3).</summary>
    public DigestAlgorithms DigestAlgorithms { get; init; } = DigestAlgorithms.Md5;

    /// <summary>What it asks of the media of calls. Default optional.</summary>
    public MediaEncryption MediaEncryption { get; init; }
}
