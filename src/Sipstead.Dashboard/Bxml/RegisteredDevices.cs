using Sipstead.Provisioning.Credentials;
using Sipstead.Registrar;
using Sipstead.Voice.Calls;

namespace Sipstead.Dashboard.Bxml;

/// <summary>Somebody whose devices can be called now.</summary>
/// <param name="Uri">SIP URI that rings them.</param>
/// <param name="Device">What the device that registered last calls itself; empty when it does not say.</param>
internal sealed record RegisteredDevice(string Uri, string UserName, string Realm, string Device);

/// <summary>Finds who of an account can be called.</summary>
internal sealed class RegisteredDevices(SipCredentialService credentials, RegistrarService registrar, CallDirectory calls)
{
    /// <summary>Credentials looked at for one search: a longer text finds the rest.</summary>
    private const int Looked = SipCredentialSearch.MaximumTake;

    /// <summary>By user name, those whose name contains <paramref name="text"/>.</summary>
    public async Task<IReadOnlyList<RegisteredDevice>> FindAsync(long accountId, string? text, int limit, CancellationToken cancellationToken)
    {
        var found = await credentials.SearchAsync(accountId, new SipCredentialSearch { Text = text?.Trim(), Take = Looked }, cancellationToken);
        return [.. found.Rows.Select(row => Describe(accountId, row.Credential)).OfType<RegisteredDevice>().Take(limit)];
    }

    private RegisteredDevice? Describe(long accountId, SipCredentialDetails credential) =>
        registrar.Find(credential.Id).Where(binding => binding.Reachable).MaxBy(binding => binding.RegisteredAt) is { } binding
        && calls.AddressOf(accountId, credential.Id) is { } uri
            ? new RegisteredDevice(uri, credential.UserName, credential.RealmFqdn, binding.UserAgent)
            : null;
}
