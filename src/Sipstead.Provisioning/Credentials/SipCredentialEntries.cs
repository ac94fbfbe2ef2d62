using Microsoft.EntityFrameworkCore;
using Sipstead.Provisioning.Applications;
using Sipstead.Provisioning.Realms;
using Sipstead.Provisioning.Store;

namespace Sipstead.Provisioning.Credentials;

/// <summary>Which entries of a list of wished credentials may be stored in a realm as it is now (contract 5.2).</summary>
internal static class SipCredentialEntries
{
    /// <summary>
    /// The error of each entry in the order of the list, null for one that may be stored; or the error that concerns them all.
    /// </summary>
    public static async Task<ProvisioningResult<IReadOnlyList<ProvisioningError?>>> CheckAsync(
        ProvisioningContext database, RealmDetails realm, IReadOnlyList<NewSipCredential> entries, CancellationToken cancellationToken)
    {
        var current = await database.Realms.Where(r => r.Id == realm.Id)
            .Select(r => new { r.Status, r.Account!.SipEnabled, r.DigestAlgorithms }).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        if (current is { SipEnabled: false }) return RealmService.SipNotEnabled;
        var existing = await ExistingAsync(database, realm, entries, cancellationToken).ConfigureAwait(false);
        var applications = await ApplicationsAsync(database, realm, entries.Select(e => e.HttpVoiceV2AppId), cancellationToken)
            .ConfigureAwait(false);
        var requested = new HashSet<string>(StringComparer.Ordinal);
        return entries.Select(entry => SipCredentialRules.Check(entry, realm)
            ?? SipCredentialRules.CheckOffered(entry.Sha, current?.DigestAlgorithms ?? DigestAlgorithms.Md5)
            ?? CheckApplication(entry.HttpVoiceV2AppId, applications, realm)
            ?? (current?.Status == RealmStatus.Active ? null : NotActive(realm))
            ?? (existing.Contains(SipCredentialRules.KeyOf(entry.UserName!)) ? Exists(entry, realm) : null)
            ?? (requested.Add(SipCredentialRules.KeyOf(entry.UserName!)) ? null : Repeated(entry))).ToArray();
    }

    /// <summary>Which of the ids are voice applications of the realm's account: one query, however many entries name one.</summary>
    public static async Task<HashSet<Guid>> ApplicationsAsync(
        ProvisioningContext database, RealmDetails realm, IEnumerable<string?> ids, CancellationToken cancellationToken)
    {
        Guid[] named = [.. ids.Select(SipCredentialRules.ApplicationOf).OfType<Guid>().Distinct()];
        if (named.Length == 0) return [];
        var found = await database.Applications
            .Where(a => a.AccountId == realm.AccountId
                && a.ServiceType == ApplicationServiceType.Voice
                && EF.Parameter(named).Contains(a.Id))
            .Select(a => a.Id).ToListAsync(cancellationToken).ConfigureAwait(false);
        return [.. found];
    }

    public static ProvisioningError? CheckApplication(string? id, HashSet<Guid> applications, RealmDetails realm) =>
        SipCredentialRules.ApplicationOf(id) is { } application && !applications.Contains(application)
            ? ProvisioningError.Invalid(
                ErrorCodes.CredentialApplicationNotFound,
                $"Voice application with ID = {id} was not found on account with ID = {realm.AccountId}")
            : null;

    private static async Task<HashSet<string>> ExistingAsync(
        ProvisioningContext database, RealmDetails realm, IReadOnlyList<NewSipCredential> entries, CancellationToken cancellationToken)
    {
        string[] keys = [.. entries.Where(e => e.UserName is not null).Select(e => SipCredentialRules.KeyOf(e.UserName!)).Distinct()];
        var existing = await database.SipCredentials
            .Where(c => c.RealmId == realm.Id && EF.Parameter(keys).Contains(c.UserNameKey))
            .Select(c => c.UserNameKey).ToListAsync(cancellationToken).ConfigureAwait(false);
        return existing.ToHashSet(StringComparer.Ordinal);
    }

    private static ProvisioningError NotActive(RealmDetails realm) =>
        ProvisioningError.Invalid(ErrorCodes.RealmNotActive, $"Realm with ID = {realm.Id} is not active");

    private static ProvisioningError Exists(NewSipCredential entry, RealmDetails realm) => ProvisioningError.Invalid(
        ErrorCodes.CredentialExists,
        $"Sip credential {entry.UserName} does already exist on realm with ID = {realm.Id} and account with ID = {realm.AccountId}");

    private static ProvisioningError Repeated(NewSipCredential entry) => ProvisioningError.Invalid(
        ErrorCodes.CredentialDuplicatedInRequest, $"Sip credential {entry.UserName} occurs more than once in the request");
}
