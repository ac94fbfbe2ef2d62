using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Sipstead.Provisioning.Realms;
using Sipstead.Provisioning.Store;

namespace Sipstead.Provisioning.Credentials;

/// <summary>The rules of SIP credentials (contract 5). The caller has checked that the user may act in the realm's account.</summary>
public sealed class SipCredentialService
{
    /// <summary>The most entries that are stored together.</summary>
    public const int MaximumEntries = SipCredentialRules.MaximumEntries;

    /// <summary>The most entries that are checked together.</summary>
    public const int MaximumCheckedEntries = 10_000;

    private readonly ProvisioningStore _store;

    internal SipCredentialService(ProvisioningStore store) => _store = store;

    /// <summary>Stores the valid entries of a request together, and says why the others were not stored.</summary>
    public async Task<ProvisioningResult<SipCredentialBatch>> CreateAsync(
        RealmDetails realm, IReadOnlyList<NewSipCredential> entries, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(realm);
        ArgumentNullException.ThrowIfNull(entries);
        if (SipCredentialRules.CheckCount(entries.Count, SipCredentialRules.MaximumEntries) is { } badCount) return badCount;
        return await _store.WriteAsync((write, cancel) => CreateAsync(write, realm, entries, cancel), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>
    /// Says which entries a creation would not store now, and why, without storing any. A realm takes them in lists of
    /// <see cref="MaximumEntries"/>; as many as <see cref="MaximumCheckedEntries"/> can be checked together, and a name that occurs
    /// twice among them is found.
    /// </summary>
    /// <returns>The entries that would fail, in the order of the list: the same objects. Empty when all would be stored.</returns>
    public async Task<ProvisioningResult<IReadOnlyList<RejectedSipCredential>>> CheckAsync(
        RealmDetails realm, IReadOnlyList<NewSipCredential> entries, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(realm);
        ArgumentNullException.ThrowIfNull(entries);
        if (SipCredentialRules.CheckCount(entries.Count, MaximumCheckedEntries) is { } badCount) return badCount;
        var errors = await _store.ReadAsync(
            (database, cancel) => SipCredentialEntries.CheckAsync(database, realm, entries, cancel), cancellationToken)
            .ConfigureAwait(false);
        return errors.IsSuccess ? SipCredentialEntries.Rejected(entries, errors.Value) : errors.Error;
    }

    /// <summary>A page of the credentials of an account, in any order, and how many there are. A realm of others has none.</summary>
    public Task<SipCredentialRows> SearchAsync(long accountId, SipCredentialSearch search, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(search);
        return _store.ReadAsync(
            (database, cancel) => SipCredentialQueries.SearchAsync(database, accountId, search, cancel), cancellationToken);
    }

    /// <summary>
    /// Every credential of an account that a search finds, for an export: by realm, then by id, whatever order and page it asks for.
    /// It is read a thousand at a time while it is enumerated; what changes meanwhile may be in it or not.
    /// </summary>
    public IAsyncEnumerable<SipCredentialRow> ExportAsync(
        long accountId, SipCredentialSearch search, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(search);
        return SipCredentialQueries.ExportAsync(_store, accountId, search, cancellationToken);
    }

    /// <summary>A page of a realm's credentials, by id.</summary>
    public async Task<ProvisioningResult<SipCredentialPage>> ListAsync(
        RealmDetails realm, SipCredentialQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(realm);
        ArgumentNullException.ThrowIfNull(query);
        if (SipCredentialRules.CheckFragments(query) is { } badFragment) return badFragment;
        if (query.RealmFragment is { } fragment && !realm.Fqdn.Contains(fragment, StringComparison.OrdinalIgnoreCase))
            return new SipCredentialPage([], null);

        return await _store.ReadAsync((database, cancel) => ListAsync(database, realm, query, cancel), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>A credential of a realm by its id; null when there is none.</summary>
    public async Task<SipCredentialDetails?> FindAsync(RealmDetails realm, string reference, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(realm);
        var credential = await _store.ReadAsync(
            (database, cancel) => Matching(database, realm, reference).FirstOrDefaultAsync(cancel),
            cancellationToken).ConfigureAwait(false);
        return credential is null ? null : SipCredentialChanges.Described(credential, realm);
    }

    /// <summary>A credential of an account by its id, whatever its realm; null when there is none.</summary>
    public Task<SipCredentialRow?> FindAsync(long accountId, long credentialId, CancellationToken cancellationToken) => _store.ReadAsync(
        (database, cancel) => SipCredentialQueries
            .Rows(database.SipCredentials.Where(c => c.Id == credentialId && c.Realm!.AccountId == accountId))
            .FirstOrDefaultAsync(cancel),
        cancellationToken);

    /// <summary>Gives a credential new hashes; its id and name stay.</summary>
    public Task<ProvisioningResult<SipCredentialDetails>> UpdateAsync(
        RealmDetails realm, string reference, SipCredentialUpdate update, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(realm);
        ArgumentNullException.ThrowIfNull(update);
        return _store.WriteAsync((write, cancel) => UpdateAsync(write, realm, reference, update, cancel), cancellationToken);
    }

    /// <summary>Removes a credential.</summary>
    public Task<ProvisioningResult<SipCredentialDetails>> DeleteAsync(
        RealmDetails realm, string reference, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(realm);
        return _store.WriteAsync((write, cancel) => DeleteAsync(write, realm, reference, cancel), cancellationToken);
    }

    /// <summary>The error for a credential that is not there.</summary>
    public static ProvisioningError NotFound(RealmDetails realm, string reference)
    {
        ArgumentNullException.ThrowIfNull(realm);
        return ProvisioningError.NotFound(
            ErrorCodes.CredentialNotFound,
            $"Sip credential with ID {reference} was not found on realm with ID = {realm.Id} and account with ID = {realm.AccountId}");
    }

    private static async Task<ProvisioningResult<SipCredentialBatch>> CreateAsync(
        StoreWrite write, RealmDetails realm, IReadOnlyList<NewSipCredential> entries, CancellationToken cancellationToken)
    {
        var errors = await SipCredentialEntries.CheckAsync(write.Database, realm, entries, cancellationToken).ConfigureAwait(false);
        if (!errors.IsSuccess) return errors.Error;
        var valid = entries.Where((_, i) => errors.Value[i] is null).Select(entry => new PlacedSipCredential(entry, realm, null)).ToList();
        var created = await SipCredentialChanges.InsertAsync(write, valid, cancellationToken).ConfigureAwait(false);
        return new SipCredentialBatch(created, SipCredentialEntries.Rejected(entries, errors.Value));
    }

    private static async Task<ProvisioningResult<SipCredentialDetails>> UpdateAsync(
        StoreWrite write, RealmDetails realm, string reference, SipCredentialUpdate update, CancellationToken cancellationToken)
    {
        var credential = await Matching(write.Database, realm, reference).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        if (credential is null) return NotFound(realm, reference);
        return SipCredentialRules.CheckOnRealm(update) is { } error
            ? error
            : await SipCredentialChanges.UpdateAsync(write, realm, credential, update, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<ProvisioningResult<SipCredentialDetails>> DeleteAsync(
        StoreWrite write, RealmDetails realm, string reference, CancellationToken cancellationToken)
    {
        var credential = await Matching(write.Database, realm, reference).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        return credential is null ? NotFound(realm, reference) : SipCredentialChanges.Delete(write, realm, credential);
    }

    private static Task<ProvisioningResult<SipCredentialPage>> ListAsync(
        ProvisioningContext database, RealmDetails realm, SipCredentialQuery query, CancellationToken cancellationToken)
    {
        var all = database.SipCredentials.Where(c => c.RealmId == realm.Id);
        if (query.UserNameFragment is not { } fragment) return SipCredentialPages.ReadAsync(all, all, query, cancellationToken);
        var key = SipCredentialRules.KeyOf(fragment);
        return SipCredentialPages.ReadAsync(all, all.Where(c => c.UserNameKey.Contains(key)), query, cancellationToken);
    }

    private static IQueryable<SipCredential> Matching(ProvisioningContext database, RealmDetails realm, string reference)
    {
        var id = long.TryParse(reference, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : 0;
        return database.SipCredentials.Where(c => c.Id == id && c.RealmId == realm.Id);
    }
}
