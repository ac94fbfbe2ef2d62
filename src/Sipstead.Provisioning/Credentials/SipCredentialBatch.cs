namespace Sipstead.Provisioning.Credentials;

/// <summary>The outcome of a bulk request: the entries that were stored, and those that were not.</summary>
/// <param name="Created">In the order of the request.</param>
/// <param name="Rejected">In the order of the request.</param>
public sealed record SipCredentialBatch(IReadOnlyList<SipCredentialDetails> Created, IReadOnlyList<RejectedSipCredential> Rejected);
