namespace Sipstead.Provisioning.Realms;

/// <summary>The new state of a realm: a full replacement (contract 4.4).</summary>
/// <param name="Name">Null, or the current short or fully qualified name: names do not change.</param>
/// <param name="Description">The new text; null clears it.</param>
/// <param name="IsDefault">Null leaves it as it is.</param>
public sealed record RealmUpdate(string? Name, string? Description, bool? IsDefault)
{
    /// <summary>The digest algorithms it offers; null leaves them, so that clients that do not know of them weaken nothing.</summary>
    public DigestAlgorithms? DigestAlgorithms { get; init; }

    /// <summary>What it asks of the media of calls; null leaves it.</summary>
    public MediaEncryption? MediaEncryption { get; init; }
}
