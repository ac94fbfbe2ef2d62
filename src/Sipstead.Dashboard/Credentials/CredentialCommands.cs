using System.Globalization;
using Sipstead.Provisioning;
using Sipstead.Provisioning.Applications;
using Sipstead.Provisioning.Credentials;
using Sipstead.Provisioning.Realms;

namespace Sipstead.Dashboard.Credentials;

/// <summary>Commands on a credential that a page shows. Realm and credential are looked up in the account anew, so that none of another account can be meant.</summary>
internal static class CredentialCommands
{
    /// <summary>Gives a credential new hashes.</summary>
    public static async Task<ProvisioningResult<SipCredentialDetails>> RotateAsync(
        this SipCredentialService credentials, RealmService realms, long accountId, SipCredentialDetails credential, SipCredentialUpdate update) =>
        await realms.FindAsync(accountId, credential.RealmFqdn, CancellationToken.None) is { } realm
            ? await credentials.UpdateAsync(realm, Reference(credential), update, CancellationToken.None)
            : RealmService.NotFound(credential.RealmFqdn);

    /// <summary>Lets another application take the calls; null for none. The hashes are those of now, which a rotation may have changed since the page was loaded.</summary>
    public static async Task<ProvisioningResult<SipCredentialDetails>> SetApplicationAsync(
        this SipCredentialService credentials, RealmService realms, long accountId, SipCredentialDetails credential, Guid? applicationId)
    {
        if (await realms.FindAsync(accountId, credential.RealmFqdn, CancellationToken.None) is not { } realm) return RealmService.NotFound(credential.RealmFqdn);
        if (await credentials.FindAsync(realm, Reference(credential), CancellationToken.None) is not { } current)
            return SipCredentialService.NotFound(realm, Reference(credential));
        var update = new SipCredentialUpdate
        {
            RealmId = realm.Id.ToString(CultureInfo.InvariantCulture), Hash1 = current.Hash1, Hash1b = current.Hash1b,
            HttpVoiceV2AppId = applicationId?.ToString("D") ?? "",
        };
        return await credentials.UpdateAsync(realm, Reference(credential), update, CancellationToken.None);
    }

    /// <summary>Removes a credential. Why it was refused, or null.</summary>
    public static async Task<string?> DeleteAsync(
        this SipCredentialService credentials, RealmService realms, long accountId, SipCredentialDetails credential) =>
        await realms.FindAsync(accountId, credential.RealmFqdn, CancellationToken.None) is { } realm
            ? (await credentials.DeleteAsync(realm, Reference(credential), CancellationToken.None)).Error?.Description
            : RealmService.NotFound(credential.RealmFqdn).Description;

    /// <summary>The account's applications that can take calls, by name.</summary>
    public static async Task<IReadOnlyList<ApplicationDetails>> ListVoiceAsync(this ApplicationService applications, long accountId, CancellationToken cancellationToken) =>
        [.. (await applications.ListAsync(accountId, cancellationToken)).Where(application => application.ServiceType == ApplicationServiceType.Voice).OrderBy(application => application.Name, StringComparer.OrdinalIgnoreCase)];

    private static string Reference(SipCredentialDetails credential) => credential.Id.ToString(CultureInfo.InvariantCulture);
}
