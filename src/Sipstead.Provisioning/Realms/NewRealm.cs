namespace Sipstead.Provisioning.Realms;

/// <summary>The wish for a realm. What is required and missing is the rule's business, so everything may be null.</summary>
/// <param name="Name">The short name (required).</param>
/// <param name="Description">A text, or null.</param>
/// <param name="IsDefault">Whether it shall be the account's default realm (required).</param>
public sealed record NewRealm(string? Name, string? Description, bool? IsDefault);
