namespace Sipstead.Provisioning.Audit;

/// <summary>A page of entries, newest first.</summary>
/// <param name="Records">The entries.</param>
/// <param name="Next">The id the next page begins with; null when there is none.</param>
public sealed record AuditPage(IReadOnlyList<AuditRecord> Records, long? Next);
