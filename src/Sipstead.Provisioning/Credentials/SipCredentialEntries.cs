using Microsoft.EntityFrameworkCore;
using Sipstead.Provisioning.Applications;
using Sipstead.Provisioning.Realms;
using Sipstead.Provisioning.Store;

namespace Sipstead.Provisioning.Credentials;

/// <summary>Which entries of a list of wished credentials may be stored as the realms are now (contract 5.2).</summary>
internal static class SipCredentialEntries
{
    /// <summary>The error of each entry of a list for one realm, where its name must be new; in the order of the list.</summary>
    public static Task<ProvisioningResult<IReadOnlyList<ProvisioningError?>>> CheckAsync(
        ProvisioningContext database, RealmDetails realm, IReadOnlyList<NewSipCredential> entries, CancellationToken cancellationToken) =>
        CheckAsync(
            database,
            realm.AccountId,
            [.. entries.Select(entry => new PlacedSipCredential(entry, realm, null))],
            database.SipCredentials.Where(c => c.RealmId == realm.Id),
            entry => Exists(entry, realm),
            cancellationToken);

    /// <summary>
    /// The error of each entry in the order of the list, null for one that may be stored; or the error that concerns them all.
    /// </summary>
    /// <param name="database">The database.</param>
    /// <param name="accountId">The account of the realms.</param>
    /// <param name="entries">The list.</param>
    /// <param name="scope">The credentials among which a name must be new.</param>
    /// <param name="exists">The error of an entry whose name is not.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<ProvisioningResult<IReadOnlyList<ProvisioningError?>>> CheckAsync(
        ProvisioningContext database,
        long accountId,
        IReadOnlyList<PlacedSipCredential> entries,
        IQueryable<SipCredential> scope,
        Func<NewSipCredential, ProvisioningError> exists,
        CancellationToken cancellationToken)
    {
        long[] ids = [.. entries.Select(e => e.Realm?.Id).OfType<long>().Distinct()];
        var realms = await database.Realms.Where(r => EF.Parameter(ids).Contains(r.Id))
            .Select(r => new { r.Id, r.Status, r.Account!.SipEnabled, r.DigestAlgorithms })
            .ToDictionaryAsync(r => r.Id, cancellationToken).ConfigureAwait(false);
        if (realms.Values.Any(r => !r.SipEnabled)) return RealmService.SipNotEnabled;
        var existing = await ExistingAsync(scope, entries, cancellationToken).ConfigureAwait(false);
        var applications = await ApplicationsAsync(database, accountId, entries.Select(e => e.Entry.HttpVoiceV2AppId), cancellationToken)
            .ConfigureAwait(false);
        var requested = new HashSet<string>(StringComparer.Ordinal);
        return entries.Select(placed =>
        {
            if (placed.Realm is not { } realm) return placed.Error;
            var (entry, current) = (placed.Entry, realms.GetValueOrDefault(realm.Id));
            if (SipCredentialRules.Check(entry, realm) is { } error) return error;
            var key = SipCredentialRules.KeyOf(entry.CompositeName!);
            return SipCredentialRules.CheckOffered(entry.Sha, current?.DigestAlgorithms ?? DigestAlgorithms.Md5)
                ?? CheckApplication(entry.HttpVoiceV2AppId, applications, accountId)
                ?? (current?.Status == RealmStatus.Active ? null : NotActive(realm))
                ?? (existing.Contains(key) ? exists(entry) : null)
                ?? (requested.Add(key) ? null : Repeated(entry));
        }).ToArray();
    }

    /// <summary>Which of the ids are voice applications of the account: one query, however many entries name one.</summary>
    public static async Task<HashSet<Guid>> ApplicationsAsync(
        ProvisioningContext database, long accountId, IEnumerable<string?> ids, CancellationToken cancellationToken)
    {
        Guid[] named = [.. ids.Select(SipCredentialRules.ApplicationOf).OfType<Guid>().Distinct()];
        if (named.Length == 0) return [];
        var found = await database.Applications
            .Where(a => a.AccountId == accountId
                && a.ServiceType == ApplicationServiceType.Voice
                && EF.Parameter(named).Contains(a.Id))
            .Select(a => a.Id).ToListAsync(cancellationToken).ConfigureAwait(false);
        return [.. found];
    }

    public static ProvisioningError? CheckApplication(string? id, HashSet<Guid> applications, long accountId) =>
        SipCredentialRules.ApplicationOf(id) is { } application && !applications.Contains(application)
            ? ProvisioningError.Invalid(
                ErrorCodes.CredentialApplicationNotFound,
                $"Voice application with ID = {id} was not found on account with ID = {accountId}")
            : null;

    public static List<RejectedSipCredential> Rejected(IEnumerable<NewSipCredential> entries, IReadOnlyList<ProvisioningError?> errors) =>
        [.. entries.Zip(errors).Where(one => one.Second is not null).Select(one => new RejectedSipCredential(one.First, one.Second!))];

    private static async Task<HashSet<string>> ExistingAsync(
        IQueryable<SipCredential> scope, IReadOnlyList<PlacedSipCredential> entries, CancellationToken cancellationToken)
    {
        string[] keys = [.. entries.Select(e => e.Entry.CompositeName).OfType<string>().Select(SipCredentialRules.KeyOf).Distinct()];
        var existing = await scope.Where(c => EF.Parameter(keys).Contains(c.UserNameKey)).Select(c => c.UserNameKey)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return existing.ToHashSet(StringComparer.Ordinal);
    }

    private static ProvisioningError NotActive(RealmDetails realm) =>
        ProvisioningError.Invalid(ErrorCodes.RealmNotActive, $"Realm with ID = {realm.Id} is not active");

    private static ProvisioningError Exists(NewSipCredential entry, RealmDetails realm) => ProvisioningError.Invalid(
        ErrorCodes.CredentialExists,
        $"Sip credential {entry.UserName} does already exist on realm with ID = {realm.Id} and account with ID = {realm.AccountId}");

    private static ProvisioningError Repeated(NewSipCredential entry) => ProvisioningError.Invalid(
        ErrorCodes.CredentialDuplicatedInRequest, $"Sip credential {entry.CompositeName} occurs more than once in the request");
}
