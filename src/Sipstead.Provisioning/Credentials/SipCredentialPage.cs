namespace Sipstead.Provisioning.Credentials;

/// <summary>A page of a list of credentials.</summary>
/// <param name="Credentials">By id.</param>
/// <param name="NextId">The id that the next page begins with; null when there is none.</param>
public sealed record SipCredentialPage(IReadOnlyList<SipCredentialDetails> Credentials, long? NextId);
