namespace Sipstead.Provisioning.Credentials;

/// <summary>An entry of a bulk request that was not carried out.</summary>
/// <param name="Entry">The entry as submitted.</param>
/// <param name="Error">Why not.</param>
public sealed record RejectedSipCredential(NewSipCredential Entry, ProvisioningError Error);
