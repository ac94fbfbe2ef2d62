namespace Sipstead.Provisioning.Audit;

/// <summary>A changed field.</summary>
/// <param name="Field">Its name.</param>
/// <param name="Old">What it was; null when it was empty or is secret.</param>
/// <param name="New">What it became; null when it is empty or secret.</param>
/// <param name="Secret">True when only that it changed is kept; null else.</param>
public sealed record AuditChange(string Field, string? Old, string? New, bool? Secret = null);
