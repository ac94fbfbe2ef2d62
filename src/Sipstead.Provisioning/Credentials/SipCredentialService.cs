using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Sipstead.Provisioning.Applications;
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
        return errors.IsSuccess ? Rejected(entries, errors.Value) : errors.Error;
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
        if (SipCredentialRules.CheckFragment("userNamefragment", query.UserNameFragment) is { } badName) return badName;
        if (SipCredentialRules.CheckFragment("realmFragment", query.RealmFragment) is { } badRealm) return badRealm;
        if (SipCredentialRules.CheckFragment("applicationNameFragment", query.ApplicationNameFragment) is { } badApplication)
            return badApplication;

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
        return credential is null ? null : Described(credential, realm.Fqdn);
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

    /// <summary>A stored credential as the API shows it.</summary>
    internal static SipCredentialDetails Described(SipCredential credential, string realmFqdn) => new()
    {
        Id = credential.Id,
        RealmId = credential.RealmId,
        RealmFqdn = realmFqdn,
        UserName = credential.UserName,
        Hash1 = credential.Hash1,
        Hash1b = credential.Hash1b,
        Sha = credential.Sha,
        HttpVoiceV2AppId = credential.ApplicationId?.ToString("D"),
    };

    private static async Task<ProvisioningResult<SipCredentialBatch>> CreateAsync(
        StoreWrite write, RealmDetails realm, IReadOnlyList<NewSipCredential> entries, CancellationToken cancellationToken)
    {
        var database = write.Database;
        var errors = await SipCredentialEntries.CheckAsync(database, realm, entries, cancellationToken).ConfigureAwait(false);
        if (!errors.IsSuccess) return errors.Error;
        var created = entries.Where((_, i) => errors.Value[i] is null).Select(entry => Stored(entry, realm)).ToList();
        CredentialWriter.Insert((SqliteConnection)database.Database.GetDbConnection(), created);
        write.OnCommitted(view =>
        {
            foreach (var credential in created)
                view.AddCredential(
                    realm.AccountId, Secret(credential), credential.UserName, credential.ApplicationId, HashText.Pack(credential.Sha));
        });
        return new SipCredentialBatch(created.ConvertAll(c => Described(c, realm.Fqdn)), Rejected(entries, errors.Value));
    }

    private static List<RejectedSipCredential> Rejected(
        IReadOnlyList<NewSipCredential> entries, IReadOnlyList<ProvisioningError?> errors) =>
        [.. entries.Zip(errors).Where(one => one.Second is not null).Select(one => new RejectedSipCredential(one.First, one.Second!))];

    private static async Task<ProvisioningResult<SipCredentialDetails>> UpdateAsync(
        StoreWrite write, RealmDetails realm, string reference, SipCredentialUpdate update, CancellationToken cancellationToken)
    {
        var credential = await Matching(write.Database, realm, reference).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        if (credential is null) return NotFound(realm, reference);
        if (SipCredentialRules.Check(update, realm) is { } error) return error;
        var applications = await SipCredentialEntries.ApplicationsAsync(write.Database, realm, [update.HttpVoiceV2AppId], cancellationToken)
            .ConfigureAwait(false);
        if (SipCredentialEntries.CheckApplication(update.HttpVoiceV2AppId, applications, realm) is { } noApplication) return noApplication;

        var hash1 = HashText.Normalise(update.Hash1!);
        var sha = update.Sha is { } given ? HashText.Normalise(given) : credential.Hash1 == hash1 ? credential.Sha : ShaHashes.None;
        var offered = await write.Database.Realms.Where(r => r.Id == realm.Id).Select(r => r.DigestAlgorithms)
            .FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        if (SipCredentialRules.CheckOffered(sha, offered) is { } missing) return missing;

        var application = credential.ApplicationId;
        if (update.HttpVoiceV2AppId is not null) credential.ApplicationId = SipCredentialRules.ApplicationOf(update.HttpVoiceV2AppId);
        if (SetHashes(credential, hash1, NormaliseOptional(update.Hash1b), sha))
        {
            write.OnCommitted(view => view.SetHashes(
                realm.AccountId, Secret(credential), credential.UserName, credential.ApplicationId, HashText.Pack(credential.Sha)));
        }
        else if (credential.ApplicationId != application)
        {
            write.OnCommitted(view => view.SetApplication(
                realm.AccountId, Secret(credential), credential.UserName, credential.ApplicationId, HashText.Pack(credential.Sha)));
        }

        return Described(credential, realm.Fqdn);
    }

    private static bool SetHashes(SipCredential credential, string hash1, string? hash1b, ShaHashes sha)
    {
        if (credential.Hash1 == hash1 && credential.Hash1b == hash1b && credential.Sha == sha) return false;
        credential.Hash1 = hash1;
        credential.Hash1b = hash1b;
        credential.Sha = sha;
        credential.HashRevision++;
        return true;
    }

    private static async Task<ProvisioningResult<SipCredentialDetails>> DeleteAsync(
        StoreWrite write, RealmDetails realm, string reference, CancellationToken cancellationToken)
    {
        var credential = await Matching(write.Database, realm, reference).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        if (credential is null) return NotFound(realm, reference);
        write.Database.SipCredentials.Remove(credential);
        write.OnCommitted(view => view.RemoveCredential(realm.AccountId, realm.Id, credential.Id));
        return Described(credential, realm.Fqdn);
    }

    private static async Task<ProvisioningResult<SipCredentialPage>> ListAsync(
        ProvisioningContext database, RealmDetails realm, SipCredentialQuery query, CancellationToken cancellationToken)
    {
        var credentials = database.SipCredentials.Where(c => c.RealmId == realm.Id);
        var firstId = query.FirstId;
        if (query.FirstUserName is { } firstName)
        {
            var key = SipCredentialRules.KeyOf(firstName);
            firstId = await credentials.Where(c => c.UserNameKey == key).Select(c => c.Id)
                .FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
            if (firstId == 0)
                return ProvisioningError.Invalid(ErrorCodes.BadPage, $"page '{firstName}' is neither an ID nor a user name of the realm");
        }

        if (query.UserNameFragment is { } fragment)
        {
            var key = SipCredentialRules.KeyOf(fragment);
            credentials = credentials.Where(c => c.UserNameKey.Contains(key));
        }

        if (query.ApplicationNameFragment is { } applicationFragment)
        {
            var key = ApplicationRules.KeyOf(applicationFragment);
            credentials = credentials.Where(c => c.Application!.NameKey.Contains(key));
        }

        var found = await credentials.Where(c => c.Id >= firstId).OrderBy(c => c.Id).Take(query.Size + 1)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        var nextId = found.Count > query.Size ? found[^1].Id : (long?)null;
        return new SipCredentialPage([.. found.Take(query.Size).Select(c => Described(c, realm.Fqdn))], nextId);
    }

    private static IQueryable<SipCredential> Matching(ProvisioningContext database, RealmDetails realm, string reference)
    {
        var id = long.TryParse(reference, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : 0;
        return database.SipCredentials.Where(c => c.Id == id && c.RealmId == realm.Id);
    }

    private static SipCredential Stored(NewSipCredential entry, RealmDetails realm) => new()
    {
        RealmId = realm.Id,
        UserName = entry.UserName!,
        UserNameKey = SipCredentialRules.KeyOf(entry.UserName!),
        Hash1 = HashText.Normalise(entry.Hash1!),
        Hash1b = NormaliseOptional(entry.Hash1b),
        Sha = HashText.Normalise(entry.Sha),
        HashRevision = 1,
        ApplicationId = SipCredentialRules.ApplicationOf(entry.HttpVoiceV2AppId),
    };

    private static View.CredentialSecret Secret(SipCredential c) =>
        new(c.Id, c.RealmId, c.HashRevision, HashText.Parse(c.Hash1), HashText.Parse(c.Hash1b));

    private static string? NormaliseOptional(string? hash) => string.IsNullOrEmpty(hash) ? null : HashText.Normalise(hash);
}
