using Microsoft.Extensions.DependencyInjection;
using Sipstead.Provisioning;
using Sipstead.Provisioning.Api;
using Sipstead.Provisioning.Credentials;
using Sipstead.Provisioning.Realms;

namespace Sipstead.Registrar.Api;

/// <summary>Finds the realm and the credential that the path of a request names, in the account that it names.</summary>
internal sealed class NamedResources(IServiceProvider services)
{
    private readonly RealmService _realms = services.GetRequiredService<RealmService>();
    private readonly SipCredentialService _credentials = services.GetRequiredService<SipCredentialService>();

    /// <summary>The realm of <c>realms/{realm}</c>.</summary>
    public async Task<ProvisioningResult<RealmDetails>> FindRealmAsync(AccountRequest request)
    {
        var reference = request.Argument("realm");
        var realm = await _realms.FindAsync(request.AccountId, reference, request.Aborted).ConfigureAwait(false);
        return realm is null ? RealmService.NotFound(reference) : realm;
    }

    /// <summary>The credential of <c>realms/{realm}/sipcredentials/{credential}</c>.</summary>
    public async Task<ProvisioningResult<SipCredentialDetails>> FindCredentialAsync(AccountRequest request)
    {
        var realm = await FindRealmAsync(request).ConfigureAwait(false);
        if (!realm.IsSuccess) return realm.Error;
        var reference = request.Argument("credential");
        var credential = await _credentials.FindAsync(realm.Value, reference, request.Aborted).ConfigureAwait(false);
        return credential is null ? SipCredentialService.NotFound(realm.Value, reference) : credential;
    }
}
