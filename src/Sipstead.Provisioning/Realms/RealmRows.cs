namespace Sipstead.Provisioning.Realms;

/// <summary>A page of a table of realms.</summary>
/// <param name="Rows">The realms of the page.</param>
/// <param name="Total">How many the search finds.</param>
public sealed record RealmRows(IReadOnlyList<RealmDetails> Rows, int Total);
