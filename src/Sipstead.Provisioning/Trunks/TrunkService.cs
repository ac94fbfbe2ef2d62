using System.Globalization;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Sipstead.Provisioning.Applications;
using Sipstead.Provisioning.Store;
using Sipstead.Provisioning.View;

namespace Sipstead.Provisioning.Trunks;

/// <summary>
/// The rules of trunks, by which calls go to telephone numbers and come from them (ruling 27). The caller has checked that the user may
/// act in the account. References are ids as text.
/// </summary>
public sealed class TrunkService
{
    private const char Separator = ' ';

    private readonly ProvisioningStore _store;

    internal TrunkService(ProvisioningStore store) => _store = store;

    /// <summary>The account's trunks, the oldest first.</summary>
    public async Task<IReadOnlyList<TrunkDetails>> ListAsync(long accountId, CancellationToken cancellationToken)
    {
        var trunks = await _store.ReadAsync(
            (database, cancel) => database.Trunks.Include(t => t.Routes).Where(t => t.AccountId == accountId).OrderBy(t => t.Id).ToListAsync(cancel),
            cancellationToken).ConfigureAwait(false);
        return trunks.ConvertAll(Described);
    }

    /// <summary>A trunk.</summary>
    public async Task<ProvisioningResult<TrunkDetails>> FindAsync(long accountId, string reference, CancellationToken cancellationToken)
    {
        var trunk = await _store.ReadAsync((database, cancel) => FindAsync(database, accountId, reference, cancel), cancellationToken)
            .ConfigureAwait(false);
        return trunk is null ? NotFound(reference) : Described(trunk);
    }

    /// <summary>Makes a trunk.</summary>
    public async Task<ProvisioningResult<TrunkDetails>> CreateAsync(long accountId, NewTrunk wish, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wish);
        if (TrunkRules.Check(wish) is { } error) return error;
        if (wish is { UserName: not null, Password: null }) return PasswordRequired;
        return await _store.WriteAsync((write, cancel) => CreateAsync(write, accountId, wish, cancel), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes a trunk what the wish says; only the password stays when it is missing and the user name is the same.</summary>
    public async Task<ProvisioningResult<TrunkDetails>> UpdateAsync(
        long accountId, string reference, NewTrunk wish, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wish);
        if (TrunkRules.Check(wish) is { } error) return error;
        return await _store.WriteAsync((write, cancel) => UpdateAsync(write, accountId, reference, wish, cancel), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Removes a trunk.</summary>
    public Task<ProvisioningResult<TrunkDetails>> DeleteAsync(
        long accountId, string reference, CancellationToken cancellationToken) => _store.WriteAsync<ProvisioningResult<TrunkDetails>>(
        async (write, cancel) =>
        {
            var trunk = await FindAsync(write.Database, accountId, reference, cancel).ConfigureAwait(false);
            if (trunk is null) return NotFound(reference);
            write.Database.Trunks.Remove(trunk);
            write.OnCommitted(view => view.RemoveTrunk(accountId, trunk.Id));
            return Described(trunk);
        },
        cancellationToken);

    /// <summary>What the view holds of a trunk.</summary>
    /// <param name="trunk">Its row.</param>
    /// <param name="password">Its password, open; null when there is none, or it cannot be opened.</param>
    internal static TrunkEntry EntryOf(Trunk trunk, string? password) => new()
    {
        Id = trunk.Id,
        AccountId = trunk.AccountId,
        Name = trunk.Name,
        IsEnabled = trunk.IsEnabled,
        Priority = trunk.Priority,
        Host = trunk.Host,
        Port = trunk.Port,
        Transport = trunk.Transport,
        Credentials = trunk.UserName is { } userName && password is not null ? new CallbackCredentials(userName, password) : null,
        Sources = [.. Split(trunk.Sources).Select(source => TrunkRules.TryParseSource(source, out var network) ? network : default)],
        Outbound = Patterns(trunk.Outbound),
        CallerIds = Patterns(trunk.CallerIds),
        Routes = [.. trunk.Routes.OrderBy(r => r.Ordinal).Select(RouteOf)],
    };

    /// <summary>What the sealed password belongs to.</summary>
    internal static string OwnerOf(Trunk trunk) => string.Create(CultureInfo.InvariantCulture, $"trunk {trunk.Id}/{nameof(Trunk.Password)}");

    private static ProvisioningError PasswordRequired { get; } = ProvisioningError.Invalid(null, "password is required with another userName");

    private async Task<ProvisioningResult<TrunkDetails>> CreateAsync(
        StoreWrite write, long accountId, NewTrunk wish, CancellationToken cancellationToken)
    {
        var database = write.Database;
        if (await database.Trunks.CountAsync(t => t.AccountId == accountId, cancellationToken).ConfigureAwait(false) >= TrunkRules.MaximumTrunks)
            return ProvisioningError.Conflict(null, $"The account has {TrunkRules.MaximumTrunks} trunks, which is the most");
        if (await CheckReferencesAsync(database, accountId, wish, cancellationToken).ConfigureAwait(false) is { } error) return error;
        var trunk = new Trunk { AccountId = accountId, Name = wish.Name!, Host = wish.Host!, Sources = "", Outbound = "", CallerIds = "" };
        Set(trunk, wish);
        database.Trunks.Add(trunk);
        await database.SaveChangesAsync(cancellationToken).ConfigureAwait(false); // the password is sealed for the id
        return Completed(write, trunk, wish.Password);
    }

    private async Task<ProvisioningResult<TrunkDetails>> UpdateAsync(
        StoreWrite write, long accountId, string reference, NewTrunk wish, CancellationToken cancellationToken)
    {
        var trunk = await FindAsync(write.Database, accountId, reference, cancellationToken).ConfigureAwait(false);
        if (trunk is null) return NotFound(reference);
        var password = wish.Password ?? (wish.UserName == trunk.UserName ? _store.OpenPassword(trunk) : null);
        if (wish.UserName is not null && password is null) return PasswordRequired;
        if (await CheckReferencesAsync(write.Database, accountId, wish, cancellationToken).ConfigureAwait(false) is { } error) return error;
        trunk.Routes.Clear();
        await write.Database.SaveChangesAsync(cancellationToken).ConfigureAwait(false); // a new route may have the place of an old one
        Set(trunk, wish);
        return Completed(write, trunk, password);
    }

    private TrunkDetails Completed(StoreWrite write, Trunk trunk, string? password)
    {
        trunk.Password = password is null ? null : _store.SealPassword(trunk, password);
        var entry = EntryOf(trunk, password);
        write.OnCommitted(view => view.SetTrunk(entry));
        return Described(trunk);
    }

    /// <summary>
    /// Applications and locations are the account's, and no other account has a trunk with one of the sources: who comes from there would
    /// be a guess.
    /// </summary>
    private static async Task<ProvisioningError?> CheckReferencesAsync(
        ProvisioningContext database, long accountId, NewTrunk wish, CancellationToken cancellationToken)
    {
        Guid[] applications = [.. wish.Routes.Where(r => r.ApplicationId is not null).Select(r => Guid.ParseExact(r.ApplicationId!, "D")).Distinct()];
        var knownApplications = await database.Applications
            .Where(a => a.AccountId == accountId && a.ServiceType == ApplicationServiceType.Voice && EF.Parameter(applications).Contains(a.Id))
            .Select(a => a.Id).ToListAsync(cancellationToken).ConfigureAwait(false);
        if (applications.Except(knownApplications).Cast<Guid?>().FirstOrDefault() is { } noApplication)
            return ProvisioningError.Invalid(null, $"Application with id '{noApplication}' not found");

        long[] locations = [.. wish.Routes.Select(r => r.LocationId).OfType<long>().Distinct()];
        var knownLocations = await database.Locations.Where(l => l.Site!.AccountId == accountId && EF.Parameter(locations).Contains(l.Id))
            .Select(l => l.Id).ToListAsync(cancellationToken).ConfigureAwait(false);
        if (locations.Except(knownLocations).Cast<long?>().FirstOrDefault() is { } noLocation)
            return ProvisioningError.Invalid(null, $"SipPeer '{noLocation}' does not exist");

        if (wish.Sources.Count == 0) return null;
        var others = await database.Trunks.Where(t => t.AccountId != accountId).Select(t => t.Sources).ToListAsync(cancellationToken)
            .ConfigureAwait(false);
        var taken = others.SelectMany(Split).Select(Parsed).ToList();
        return wish.Sources.FirstOrDefault(source => taken.Exists(network => TrunkRules.Overlap(network, Parsed(source)))) is { } used
            ? ProvisioningError.Conflict(null, $"Source '{used}' belongs to a trunk of another account")
            : null;

        static IPNetwork Parsed(string source) => TrunkRules.TryParseSource(source, out var network) ? network : default;
    }

    private static void Set(Trunk trunk, NewTrunk wish)
    {
        (trunk.Name, trunk.IsEnabled, trunk.Priority) = (wish.Name!, wish.IsEnabled, wish.Priority);
        (trunk.Host, trunk.Port, trunk.Transport) = (wish.Host!, wish.Port, TrunkRules.TransportOf(wish.Transport));
        trunk.UserName = wish.UserName;
        trunk.Sources = string.Join(Separator, wish.Sources);
        trunk.Outbound = string.Join(Separator, wish.Outbound);
        trunk.CallerIds = string.Join(Separator, wish.CallerIds);
        trunk.Routes.AddRange(wish.Routes.Select((route, i) => new Store.TrunkRoute
        {
            Ordinal = i,
            Pattern = route.Pattern!,
            ApplicationId = route.ApplicationId is { } id ? Guid.ParseExact(id, "D") : null,
            LocationId = route.LocationId,
        }));
    }

    private static Task<Trunk?> FindAsync(
        ProvisioningContext database, long accountId, string reference, CancellationToken cancellationToken)
    {
        var id = long.TryParse(reference, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : 0;
        return database.Trunks.Include(t => t.Routes).FirstOrDefaultAsync(t => t.Id == id && t.AccountId == accountId, cancellationToken);
    }

    private static TrunkDetails Described(Trunk t) => new()
    {
        Id = t.Id,
        Name = t.Name,
        IsEnabled = t.IsEnabled,
        Priority = t.Priority,
        Host = t.Host,
        Port = t.Port,
        Transport = t.Transport,
        UserName = t.UserName,
        Sources = Split(t.Sources),
        Outbound = Split(t.Outbound),
        CallerIds = Split(t.CallerIds),
        Routes = [.. t.Routes.OrderBy(r => r.Ordinal).Select(r => new TrunkRouteDetails(r.Pattern, r.ApplicationId, r.LocationId))],
    };

    private static TrunkEntryRoute RouteOf(Store.TrunkRoute route) =>
        new(NumberPattern.TryParse(route.Pattern, out var pattern) ? pattern : throw new InvalidDataException(route.Pattern), route.ApplicationId, route.LocationId);

    private static string[] Split(string list) => list.Split(Separator, StringSplitOptions.RemoveEmptyEntries);

    private static NumberPattern[] Patterns(string list) =>
        [.. Split(list).Select(text => NumberPattern.TryParse(text, out var pattern) ? pattern : null).OfType<NumberPattern>()];

    private static ProvisioningError NotFound(string reference) => ProvisioningError.NotFound(null, $"Trunk [{reference}] not found");
}
