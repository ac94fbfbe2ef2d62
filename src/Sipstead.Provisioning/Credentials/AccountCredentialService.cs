using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Sipstead.Provisioning.Realms;
using Sipstead.Provisioning.Store;

namespace Sipstead.Provisioning.Credentials;

/// <summary>
/// The rules of SIP credentials as the account's older API has them (contract 5.4): a name, with its domain if there is one, is unique on
/// the account, and the realm is the default one unless an entry names another. The caller has checked that the user may act in the account.
/// </summary>
public sealed class AccountCredentialService
{
    private readonly ProvisioningStore _store;

    internal AccountCredentialService(ProvisioningStore store) => _store = store;

    /// <summary>Stores the valid entries of a request together, and says why the others were not stored.</summary>
    public async Task<ProvisioningResult<SipCredentialBatch>> CreateAsync(
        long accountId, IReadOnlyList<NewSipCredential> entries, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entries);
        if (SipCredentialRules.CheckCount(entries.Count, SipCredentialRules.MaximumEntries) is { } badCount) return badCount;
        return await _store.WriteAsync((write, cancel) => CreateAsync(write, accountId, entries, cancel), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>A page of the account's credentials, by id; an error when there is none at all (23008).</summary>
    public async Task<ProvisioningResult<SipCredentialPage>> ListAsync(
        long accountId, SipCredentialQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (SipCredentialRules.CheckFragments(query) is { } badFragment) return badFragment;
        return await _store.ReadAsync((database, cancel) => ListAsync(database, accountId, query, cancel), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>The credential of a name, <c>user</c> or <c>user@domain</c>; of several in different realms the oldest.</summary>
    public async Task<ProvisioningResult<SipCredentialDetails>> FindAsync(long accountId, string name, CancellationToken cancellationToken)
    {
        var found = await _store.ReadAsync((database, cancel) => FirstAsync(database, accountId, name, cancel), cancellationToken)
            .ConfigureAwait(false);
        return found is null ? NotFound(accountId, name) : SipCredentialChanges.Described(found, RealmOf(found));
    }

    /// <summary>Gives the credential of a name new hashes; its name and realm stay.</summary>
    public Task<ProvisioningResult<SipCredentialDetails>> UpdateAsync(
        long accountId, string name, SipCredentialUpdate update, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(update);
        return _store.WriteAsync(
            async (write, cancel) =>
            {
                var found = await FirstAsync(write.Database, accountId, name, cancel).ConfigureAwait(false);
                if (found is null) return NotFound(accountId, name);
                return CheckNameStays(found, update) is { } changed
                    ? changed
                    : await SipCredentialChanges.UpdateAsync(write, RealmOf(found), found, update, cancel).ConfigureAwait(false);
            },
            cancellationToken);
    }

    /// <summary>Removes the credential of a name.</summary>
    public Task<ProvisioningResult<SipCredentialDetails>> DeleteAsync(
        long accountId, string name, CancellationToken cancellationToken) => _store.WriteAsync<ProvisioningResult<SipCredentialDetails>>(
        async (write, cancel) =>
        {
            var found = await FirstAsync(write.Database, accountId, name, cancel).ConfigureAwait(false);
            return found is null ? NotFound(accountId, name) : SipCredentialChanges.Delete(write, RealmOf(found), found);
        },
        cancellationToken);

    private static async Task<ProvisioningResult<SipCredentialBatch>> CreateAsync(
        StoreWrite write, long accountId, IReadOnlyList<NewSipCredential> entries, CancellationToken cancellationToken)
    {
        var database = write.Database;
        var account = await database.Accounts.FindAsync([accountId], cancellationToken).ConfigureAwait(false);
        if (account is not { SipEnabled: true }) return RealmService.SipNotEnabled;
        var placed = await PlaceAsync(database, accountId, entries, cancellationToken).ConfigureAwait(false);
        var errors = await SipCredentialEntries
            .CheckAsync(database, accountId, placed, Of(database, accountId), entry => Exists(entry, accountId), cancellationToken)
            .ConfigureAwait(false);
        if (!errors.IsSuccess) return errors.Error;
        var created = await SipCredentialChanges
            .InsertAsync(write, [.. placed.Where((_, i) => errors.Value[i] is null)], cancellationToken).ConfigureAwait(false);
        return new SipCredentialBatch(created, SipCredentialEntries.Rejected(entries, errors.Value));
    }

    /// <summary>Finds the realm of each entry: one query, however many they are.</summary>
    private static async Task<PlacedSipCredential[]> PlaceAsync(
        ProvisioningContext database, long accountId, IReadOnlyList<NewSipCredential> entries, CancellationToken cancellationToken)
    {
        string[] names = [.. entries.Select(e => e.Realm?.ToLowerInvariant()).OfType<string>().Distinct()];
        long[] ids = [.. entries.Select(e => IdOf(e.RealmId)).Distinct()];
        var all = database.Realms.Where(r => r.AccountId == accountId);
        var rows = await all.Where(r => r.IsDefault)
            .Union(all.Where(r => EF.Parameter(ids).Contains(r.Id)))
            .Union(all.Where(r => EF.Parameter(names).Contains(r.Name)))
            .Union(all.Where(r => EF.Parameter(names).Contains(r.Fqdn))) // parts, each with its index: an OR would read all realms of the account
            .AsNoTracking().ToListAsync(cancellationToken).ConfigureAwait(false);
        var realms = rows.ConvertAll(RealmService.Described);
        var byName = realms.ToDictionary(r => r.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var realm in realms) byName.TryAdd(realm.Fqdn, realm);
        var byId = realms.ToDictionary(r => r.Id);
        var ofAccount = realms.Find(r => r.IsDefault);
        return [.. entries.Select(Place)];

        PlacedSipCredential Place(NewSipCredential entry)
        {
            var named = !string.IsNullOrEmpty(entry.Realm) ? byName.GetValueOrDefault(entry.Realm)
                : !string.IsNullOrEmpty(entry.RealmId) ? byId.GetValueOrDefault(IdOf(entry.RealmId))
                : ofAccount;
            return new PlacedSipCredential(entry, named, named is null ? NoRealm(entry, accountId) : null);
        }
    }

    internal static async Task<ProvisioningResult<SipCredentialPage>> ListAsync(
        ProvisioningContext database, long accountId, SipCredentialQuery query, CancellationToken cancellationToken)
    {
        var all = Of(database, accountId);
        var page = await SipCredentialPages.ReadAsync(all, Matching(all, query), query, cancellationToken).ConfigureAwait(false);
        var isNone = page is { IsSuccess: true, Value.Credentials.Count: 0 } && !await all.AnyAsync(cancellationToken).ConfigureAwait(false);
        return isNone
            ? ProvisioningError.NotFound(
                ErrorCodes.NoCredentialsOnAccount, $"There are no Sip credentials associated with the account with ID = {accountId}")
            : page;
    }

    /// <summary>Those whose names match as the account's API shows them: a domain of its own is no part of the user name.</summary>
    private static IQueryable<SipCredential> Matching(IQueryable<SipCredential> credentials, SipCredentialQuery query)
    {
        var separator = "@"; // no char: PostgreSQL's provider translates none
        if (query.UserNameFragment is { } name)
        {
            var key = SipCredentialRules.KeyOf(name);
            credentials = credentials.Where(
                c => (c.HasDomain ? c.UserNameKey.Substring(0, c.UserNameKey.IndexOf(separator)) : c.UserNameKey).Contains(key));
        }

        if (query.DomainFragment is { } domain)
        {
            var key = SipCredentialRules.KeyOf(domain);
            credentials = credentials.Where(
                c => c.UserNameKey.Contains(separator) && c.UserNameKey.Substring(c.UserNameKey.IndexOf(separator) + 1).Contains(key));
        }

        if (query.RealmFragment is not { } realm) return credentials;
        var fqdn = realm.ToLowerInvariant();
        return credentials.Where(c => c.Realm!.Fqdn.Contains(fqdn));
    }

    /// <summary>The few that bear the name are all read: an order by id would have the database walk through every credential.</summary>
    internal static async Task<SipCredential?> FirstAsync(
        ProvisioningContext database, long accountId, string name, CancellationToken cancellationToken)
    {
        var key = SipCredentialRules.KeyOf(name);
        var found = await Of(database, accountId).Where(c => c.UserNameKey == key).Include(c => c.Realm)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return found.MinBy(c => c.Id);
    }

    private static IQueryable<SipCredential> Of(ProvisioningContext database, long accountId) =>
        database.SipCredentials.Where(c => c.Realm!.AccountId == accountId);

    private static RealmDetails RealmOf(SipCredential credential) => RealmService.Described(credential.Realm!);

    private static long IdOf(string? realmId) =>
        long.TryParse(realmId, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0;

    /// <summary>A name or domain in the body may repeat what there is, in the form that answers show or as one.</summary>
    private static ProvisioningError? CheckNameStays(SipCredential found, SipCredentialUpdate update)
    {
        if (update.UserName is null && update.Domain is null) return null;
        var at = found.HasDomain ? found.UserName.IndexOf('@', StringComparison.Ordinal) : found.UserName.Length;
        var isSame = (update.UserName is null || update.UserName == found.UserName[..at] || update.UserName == found.UserName)
            && (string.IsNullOrEmpty(update.Domain) || (found.HasDomain && update.Domain == found.UserName[(at + 1)..]));
        return isSame
            ? null
            : ProvisioningError.Invalid(
                ErrorCodes.CredentialNameNotChangeable,
                "Unable to change the UserName or the Domain associated with the Hash Values. To do so requires deletion of one set of credentials and addition of a new set of credentials.");
    }

    private static ProvisioningError NoRealm(NewSipCredential entry, long accountId)
    {
        var name = string.IsNullOrEmpty(entry.Realm) ? entry.RealmId : entry.Realm;
        return string.IsNullOrEmpty(name)
            ? ProvisioningError.Invalid(ErrorCodes.NoDefaultRealm, $"The account with ID = {accountId} has no default realm. Name a Realm.")
            : ProvisioningError.Invalid(ErrorCodes.RealmMismatch, $"Realm '{name}' was not found on the account with ID = {accountId}");
    }

    private static ProvisioningError Exists(NewSipCredential entry, long accountId) => ProvisioningError.Invalid(
        ErrorCodes.AccountCredentialExists, $"Sip credential {entry.CompositeName} does already exist on the account with ID = {accountId}");

    private static ProvisioningError NotFound(long accountId, string name) => ProvisioningError.NotFound(
        ErrorCodes.AccountCredentialNotFound, $"Sip credential {name} was not found on the account with ID = {accountId}");
}
