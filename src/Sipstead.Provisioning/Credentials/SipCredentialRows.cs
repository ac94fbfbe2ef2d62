namespace Sipstead.Provisioning.Credentials;

/// <summary>A page of a search.</summary>
/// <param name="Rows">In the order that was asked for.</param>
/// <param name="Total">How many credentials the search finds over all pages.</param>
public sealed record SipCredentialRows(IReadOnlyList<SipCredentialRow> Rows, int Total);
