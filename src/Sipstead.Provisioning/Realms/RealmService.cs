using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Sipstead.Provisioning.Store;
using Sipstead.Provisioning.View;

namespace Sipstead.Provisioning.Realms;

/// <summary>
/// The rules of realms (contract 4). The caller has checked that the user may act in the account. Names of realms in
/// references are ids, fully qualified names or short names, in any case.
/// </summary>
public sealed class RealmService
{
    private readonly ProvisioningStore _store;
    private readonly ProvisioningView _view;
    private readonly RealmLifecycle _lifecycle;
    private readonly RealmFqdnTemplate _template;

    internal RealmService(ProvisioningStore store, ProvisioningView view, RealmLifecycle lifecycle, ProvisioningOptions options)
    {
        _store = store;
        _view = view;
        _lifecycle = lifecycle;
        _template = new RealmFqdnTemplate(options.RealmFqdn, options.BaseDomain);
    }

    /// <summary>The error for an account that may have neither realms nor credentials.</summary>
    internal static ProvisioningError SipNotEnabled { get; } =
        ProvisioningError.Invalid(ErrorCodes.SipNotEnabled, "Your account isn't setup for Sip Credentials.");

    /// <summary>The account's realms by id; with a fragment those whose fully qualified name contains it.</summary>
    public async Task<ProvisioningResult<IReadOnlyList<RealmDetails>>> ListAsync(
        long accountId, string? fragment, CancellationToken cancellationToken)
    {
        if (fragment is { Length: < RealmRules.MinimumFragmentLength })
        {
            return ProvisioningError.Invalid(
                ErrorCodes.RealmFragmentTooShort,
                $"realmfragment should contain at least {RealmRules.MinimumFragmentLength} characters.");
        }

        var realms = await _store.ReadAsync(
            (database, cancel) => Describe(RealmQueries.Matching(database, accountId, fragment).OrderBy(r => r.Id)).ToListAsync(cancel),
            cancellationToken).ConfigureAwait(false);
        return realms.ConvertAll(Shown);
    }

    /// <summary>A page of the account's realms, in any order, and how many there are.</summary>
    public async Task<RealmRows> SearchAsync(long accountId, RealmSearch search, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(search);
        var found = await _store.ReadAsync(
            (database, cancel) => RealmQueries.SearchAsync(database, _view.Credentials, accountId, search, cancel), cancellationToken).ConfigureAwait(false);
        return found with { Rows = [.. found.Rows.Select(Shown)] };
    }

    /// <summary>The realm that <paramref name="reference"/> names in the account; null when there is none.</summary>
    public async Task<RealmDetails?> FindAsync(long accountId, string reference, CancellationToken cancellationToken)
    {
        var realm = await _store.ReadAsync(
            (database, cancel) => FirstAsync(
                Matching(database, accountId, reference).Select(Describe), cancel),
            cancellationToken).ConfigureAwait(false);
        return realm is null ? null : Shown(realm);
    }

    /// <summary>Makes a realm; it is CREATE_PENDING in the answer and becomes ACTIVE at once after.</summary>
    public async Task<ProvisioningResult<RealmDetails>> CreateAsync(long accountId, NewRealm realm, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(realm);
        if (string.IsNullOrEmpty(realm.Name)) return ProvisioningError.Invalid(ErrorCodes.Required, "Realm is required");
        if (realm.IsDefault is null) return ProvisioningError.Invalid(ErrorCodes.Required, "Default is required");
        if (RealmRules.CheckName(realm.Name) is { } badName) return badName;
        if (RealmRules.CheckDescription(realm.Description) is { } badDescription) return badDescription;
        if (RealmRules.CheckAlgorithms(realm.DigestAlgorithms) is { } badAlgorithms) return badAlgorithms;

        var result = await _store.WriteAsync(
            (write, cancel) => CreateAsync(write, accountId, realm, cancel), cancellationToken).ConfigureAwait(false);
        if (result.IsSuccess) _lifecycle.Wake();
        return result;
    }

    /// <summary>
    /// Completes what is pending now: who makes a realm inside the server need not wait for the background to make it ACTIVE.
    /// </summary>
    public Task CompletePendingAsync(CancellationToken cancellationToken) => _lifecycle.CompletePendingAsync(cancellationToken);

    /// <summary>Replaces a realm's description and, when asked, makes it the default.</summary>
    public Task<ProvisioningResult<RealmDetails>> UpdateAsync(
        long accountId, string reference, RealmUpdate update, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(update);
        return _store.WriteAsync((write, cancel) => UpdateAsync(write, accountId, reference, update, cancel), cancellationToken);
    }

    /// <summary>Takes a realm out of service; its row goes at once after. It must have no credentials and not be the default.</summary>
    public async Task<ProvisioningResult<RealmDetails>> DeleteAsync(long accountId, string reference, CancellationToken cancellationToken)
    {
        var result = await _store.WriteAsync(
            (write, cancel) => DeleteAsync(write, accountId, reference, cancel), cancellationToken).ConfigureAwait(false);
        if (result.IsSuccess) _lifecycle.Wake();
        return result;
    }

    /// <summary>The error for a realm that is not there.</summary>
    public static ProvisioningError NotFound(string reference) =>
        ProvisioningError.NotFound(ErrorCodes.RealmNotFound, $"Realm '{reference}' was not found");

    private async Task<ProvisioningResult<RealmDetails>> CreateAsync(
        StoreWrite write, long accountId, NewRealm wish, CancellationToken cancellationToken)
    {
        var database = write.Database;
        var account = await database.Accounts.FindAsync([accountId], cancellationToken).ConfigureAwait(false);
        if (account is not { SipEnabled: true }) return SipNotEnabled;

        var fqdn = _template.Format(wish.Name!, account.Hex);
        if (await database.Realms.AnyAsync(r => (r.AccountId == accountId && r.Name == wish.Name) || r.Fqdn == fqdn, cancellationToken)
                .ConfigureAwait(false))
        {
            return ProvisioningError.Conflict(ErrorCodes.RealmExists, $"Realm '{wish.Name}' already exists");
        }

        if (wish.IsDefault == true) await DemoteDefaultAsync(write, accountId, cancellationToken).ConfigureAwait(false);
        var realm = new Realm
        {
            AccountId = accountId,
            Name = wish.Name!,
            Fqdn = fqdn,
            Description = NullIfEmpty(wish.Description),
            IsDefault = wish.IsDefault == true,
            Status = RealmStatus.CreatePending,
            DigestAlgorithms = wish.DigestAlgorithms,
            MediaEncryption = wish.MediaEncryption,
        };
        database.Realms.Add(realm);
        await database.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        write.OnCommitted(view => view.ReportRealm(accountId, realm.Id));
        return Described(realm);
    }

    private async Task<ProvisioningResult<RealmDetails>> UpdateAsync(
        StoreWrite write, long accountId, string reference, RealmUpdate update, CancellationToken cancellationToken)
    {
        var database = write.Database;
        var realm = await FirstAsync(Matching(database, accountId, reference), cancellationToken).ConfigureAwait(false);
        if (realm is null || realm.Status == RealmStatus.DeletePending) return NotFound(reference);
        if (!string.IsNullOrEmpty(update.Name) && !Names(realm, update.Name))
        {
            return ProvisioningError.Invalid(
                ErrorCodes.RealmNotChangeable, "Cannot update Realm value. Instead, you must delete and recreate it.");
        }

        if (update.IsDefault == false && realm.IsDefault)
            return ProvisioningError.Invalid(ErrorCodes.NotAllowed, "Default 'false' is not allowed. Make another Realm the default.");
        if (RealmRules.CheckDescription(update.Description) is { } badDescription) return badDescription;
        var algorithms = update.DigestAlgorithms ?? realm.DigestAlgorithms;
        if (RealmRules.CheckAlgorithms(algorithms) is { } badAlgorithms) return badAlgorithms;
        if (await RealmAlgorithms.CheckCredentialsAsync(database, realm, algorithms, cancellationToken).ConfigureAwait(false) is { } missing)
            return missing;

        realm.Description = NullIfEmpty(update.Description);
        realm.DigestAlgorithms = algorithms;
        realm.MediaEncryption = update.MediaEncryption ?? realm.MediaEncryption;
        if (update.IsDefault == true && !realm.IsDefault)
        {
            await DemoteDefaultAsync(write, accountId, cancellationToken).ConfigureAwait(false);
            realm.IsDefault = true;
        }

        await database.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        await database.Entry(realm).Reference(r => r.Account).LoadAsync(cancellationToken).ConfigureAwait(false);
        var entry = _store.EntryOf(realm);
        write.OnCommitted(view => view.SetRealm(entry));
        return Shown(Described(realm));
    }

    /// <summary>
    /// What a reference may mean, the likeliest first, each found through one index: an all-digit name yields to an id, and only a
    /// fully qualified name has a dot.
    /// </summary>
    private static IEnumerable<IQueryable<Realm>> Matching(ProvisioningContext database, long accountId, string reference)
    {
        var key = reference.ToLowerInvariant();
        var realms = database.Realms.Where(r => r.AccountId == accountId);
        if (long.TryParse(reference, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            yield return realms.Where(r => r.Id == id);
        yield return key.Contains('.', StringComparison.Ordinal) ? realms.Where(r => r.Fqdn == key) : realms.Where(r => r.Name == key);
    }

    private static async Task<T?> FirstAsync<T>(IEnumerable<IQueryable<T>> queries, CancellationToken cancellationToken)
        where T : class
    {
        foreach (var query in queries)
        {
            if (await query.FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false) is { } found) return found;
        }

        return null;
    }

    private static async Task<ProvisioningResult<RealmDetails>> DeleteAsync(
        StoreWrite write, long accountId, string reference, CancellationToken cancellationToken)
    {
        var database = write.Database;
        var realm = await FirstAsync(Matching(database, accountId, reference), cancellationToken).ConfigureAwait(false);
        if (realm is null) return NotFound(reference);
        if (await database.SipCredentials.AnyAsync(c => c.RealmId == realm.Id, cancellationToken).ConfigureAwait(false))
        {
            return ProvisioningError.Conflict(
                ErrorCodes.RealmInUse,
                "It is not possible to remove this Realm because it is in use on some provisioned SIP Credentials.");
        }

        if (realm.IsDefault)
        {
            return ProvisioningError.Conflict(
                ErrorCodes.RealmIsDefault, "Cannot delete default Realm. Please assign a new Realm to be the default.");
        }

        if (realm.Status == RealmStatus.Active)
        {
            var serial = await write.NextRealmSerialAsync(cancellationToken).ConfigureAwait(false);
            write.OnCommitted(view => view.RemoveRealm(realm.Id, serial));
        }

        realm.Status = RealmStatus.DeletePending;
        return Described(realm);
    }

    /// <summary>Written before the new default is: the index allows one an account at any moment.</summary>
    private static async Task DemoteDefaultAsync(StoreWrite write, long accountId, CancellationToken cancellationToken)
    {
        var current = await write.Database.Realms
            .FirstOrDefaultAsync(r => r.AccountId == accountId && r.IsDefault, cancellationToken).ConfigureAwait(false);
        if (current is null) return;
        current.IsDefault = false;
        await write.Database.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        write.OnCommitted(view => view.ReportRealm(accountId, current.Id));
    }

    private static bool Names(Realm realm, string name) =>
        string.Equals(name, realm.Name, StringComparison.OrdinalIgnoreCase)
        || string.Equals(name, realm.Fqdn, StringComparison.OrdinalIgnoreCase);

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static IQueryable<RealmDetails> Describe(IQueryable<Realm> realms) => realms.Select(r => Described(r));

    /// <summary>A stored realm as the API shows it, but for what the view knows.</summary>
    internal static RealmDetails Described(Realm r) =>
        new(r.Id, r.AccountId, r.Name, r.Fqdn, r.Description, r.IsDefault, SipCredentialCount: 0, r.Status)
        {
            DigestAlgorithms = r.DigestAlgorithms,
            MediaEncryption = r.MediaEncryption,
        };

    /// <summary>
    /// With how many credentials the view holds: the database would count them one by one. A realm is called ACTIVE only once the view holds
    /// it: who reads ACTIVE may register in the next moment.
    /// </summary>
    private RealmDetails Shown(RealmDetails realm) => realm with
    {
        SipCredentialCount = _view.Credentials.CountOf(realm.Id),
        Status = realm.Status == RealmStatus.Active && !_view.Realms.TryFind(realm.Id, out _) ? RealmStatus.CreatePending : realm.Status,
    };
}
