namespace Sipstead.Provisioning.Credentials;

/// <summary>A row of a table of credentials.</summary>
/// <param name="Credential">The credential.</param>
/// <param name="ApplicationName">The name of the voice application that takes the device's calls, or null.</param>
public sealed record SipCredentialRow(SipCredentialDetails Credential, string? ApplicationName);
