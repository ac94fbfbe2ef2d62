using Microsoft.EntityFrameworkCore;
using Sipstead.Provisioning.Applications;
using Sipstead.Provisioning.Store;

namespace Sipstead.Provisioning.Locations;

/// <summary>
/// The rules of locations (contract 8). The caller has checked that the user may act in the account. References are ids as text.
/// </summary>
public sealed class LocationService
{
    private readonly ProvisioningStore _store;

    internal LocationService(ProvisioningStore store) => _store = store;

    /// <summary>The locations of a site, the oldest first.</summary>
    public Task<ProvisioningResult<IReadOnlyList<LocationDetails>>> ListAsync(
        long accountId, string site, CancellationToken cancellationToken) => _store.ReadAsync<ProvisioningResult<IReadOnlyList<LocationDetails>>>(
        async (database, cancel) =>
        {
            var found = await SiteService.FindAsync(database, accountId, site, cancel).ConfigureAwait(false);
            if (found is null) return SiteService.NotFound(site);
            return await DescribedAsync(database.Locations.Where(l => l.SiteId == found.Id), cancel).ConfigureAwait(false);
        },
        cancellationToken);

    /// <summary>The locations whose numbers' calls an application of the account takes, the oldest first.</summary>
    public Task<LocationDetails[]> ListAsync(long accountId, Guid applicationId, CancellationToken cancellationToken) => _store.ReadAsync(
        (database, cancel) => DescribedAsync(
            database.Locations.Where(l => l.ApplicationId == applicationId && l.Site!.AccountId == accountId), cancel),
        cancellationToken);

    /// <summary>A location of a site.</summary>
    public async Task<ProvisioningResult<LocationDetails>> FindAsync(
        long accountId, string site, string reference, CancellationToken cancellationToken)
    {
        var found = await _store.ReadAsync((database, cancel) => FindAsync(database, accountId, site, reference, cancel), cancellationToken)
            .ConfigureAwait(false);
        return found is null ? NotFound(reference) : Described(found);
    }

    /// <summary>Makes a location. The first of a site is its default unless the wish says otherwise.</summary>
    public Task<ProvisioningResult<LocationDetails>> CreateAsync(
        long accountId, string site, NewPlace wish, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wish);
        return _store.WriteAsync((write, cancel) => CreateAsync(write, accountId, site, wish, cancel), cancellationToken);
    }

    /// <summary>Replaces what a location is; a name that is missing stays, and so does its application.</summary>
    public Task<ProvisioningResult<LocationDetails>> UpdateAsync(
        long accountId, string site, string reference, NewPlace wish, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wish);
        return _store.WriteAsync<ProvisioningResult<LocationDetails>>(
            async (write, cancel) =>
            {
                var location = await FindAsync(write.Database, accountId, site, reference, cancel).ConfigureAwait(false);
                if (location is null) return NotFound(reference);
                if (PlaceRules.Check("PeerName", wish, location.Name) is { } error) return error;
                if (wish.IsDefault == false && location.IsDefault)
                    return ProvisioningError.Invalid(ErrorCodes.NotAllowed, "IsDefaultPeer 'false' is not allowed. Make another SipPeer the default.");
                if (wish.IsDefault == true) await DemoteDefaultAsync(write.Database, location.SiteId, cancel).ConfigureAwait(false);
                Set(location, wish, wish.IsDefault ?? location.IsDefault);
                write.OnCommitted(view => view.ReportLocations(accountId));
                return Described(location);
            },
            cancellationToken);
    }

    /// <summary>Removes a location that has no numbers and that no trunk leads to.</summary>
    public Task<ProvisioningResult<LocationDetails>> DeleteAsync(
        long accountId, string site, string reference, CancellationToken cancellationToken) =>
        _store.WriteAsync<ProvisioningResult<LocationDetails>>(
            async (write, cancel) =>
            {
                var location = await FindAsync(write.Database, accountId, site, reference, cancel).ConfigureAwait(false);
                if (location is null) return NotFound(reference);
                if (await write.Database.PhoneNumbers.AnyAsync(n => n.LocationId == location.Id, cancel).ConfigureAwait(false))
                    return ProvisioningError.Conflict(null, $"SipPeer '{reference}' has telephone numbers; remove them first");
                if (await write.Database.TrunkRoutes.AnyAsync(r => r.LocationId == location.Id, cancel).ConfigureAwait(false))
                    return ProvisioningError.Conflict(null, $"SipPeer '{reference}' is where trunks lead to; change them first");
                write.Database.Locations.Remove(location);
                write.OnCommitted(view => view.SetLocation(accountId, location.Id, applicationId: null));
                return Described(location);
            },
            cancellationToken);

    /// <summary>Has an application take the calls of a location's numbers; null has none.</summary>
    public Task<ProvisioningResult<LocationDetails>> SetApplicationAsync(
        long accountId, string site, string reference, Guid? applicationId, CancellationToken cancellationToken) =>
        _store.WriteAsync<ProvisioningResult<LocationDetails>>(
            async (write, cancel) =>
            {
                var location = await FindAsync(write.Database, accountId, site, reference, cancel).ConfigureAwait(false);
                if (location is null) return NotFound(reference);
                if (applicationId is { } id && !await IsVoiceAsync(write.Database, accountId, id, cancel).ConfigureAwait(false))
                    return ProvisioningError.Invalid(ErrorCodes.ApplicationNotFound, $"Application with id '{id}' not found");
                location.ApplicationId = applicationId;
                write.OnCommitted(view => view.SetLocation(accountId, location.Id, applicationId));
                return Described(location);
            },
            cancellationToken);

    private static async Task<ProvisioningResult<LocationDetails>> CreateAsync(
        StoreWrite write, long accountId, string siteReference, NewPlace wish, CancellationToken cancellationToken)
    {
        var database = write.Database;
        var site = await SiteService.FindAsync(database, accountId, siteReference, cancellationToken).ConfigureAwait(false);
        if (site is null) return SiteService.NotFound(siteReference);
        if (PlaceRules.Check("PeerName", wish, current: null) is { } error) return error;
        var isDefault = wish.IsDefault
            ?? !await database.Locations.AnyAsync(l => l.SiteId == site.Id, cancellationToken).ConfigureAwait(false);
        if (isDefault) await DemoteDefaultAsync(database, site.Id, cancellationToken).ConfigureAwait(false);
        var location = new Location { SiteId = site.Id, Site = site, Name = wish.Name! };
        Set(location, wish, isDefault);
        database.Locations.Add(location);
        await database.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        write.OnCommitted(view => view.ReportLocations(accountId));
        return Described(location);
    }

    private static Task<bool> IsVoiceAsync(ProvisioningContext database, long accountId, Guid id, CancellationToken cancellationToken) =>
        database.Applications.AnyAsync(
            a => a.Id == id && a.AccountId == accountId && a.ServiceType == ApplicationServiceType.Voice, cancellationToken);

    private static async Task DemoteDefaultAsync(ProvisioningContext database, long siteId, CancellationToken cancellationToken)
    {
        var current = await database.Locations.Where(l => l.SiteId == siteId && l.IsDefault).ToListAsync(cancellationToken)
            .ConfigureAwait(false);
        foreach (var location in current) location.IsDefault = false;
    }

    private static Task<Location?> FindAsync(
        ProvisioningContext database, long accountId, string site, string reference, CancellationToken cancellationToken)
    {
        var (siteId, id) = (SiteService.IdOf(site), SiteService.IdOf(reference));
        return database.Locations.Include(l => l.Site)
            .FirstOrDefaultAsync(l => l.Id == id && l.SiteId == siteId && l.Site!.AccountId == accountId, cancellationToken);
    }

    private static async Task<LocationDetails[]> DescribedAsync(IQueryable<Location> locations, CancellationToken cancellationToken)
    {
        var found = await locations.Include(l => l.Site).OrderBy(l => l.Id).ToListAsync(cancellationToken).ConfigureAwait(false);
        return [.. found.Select(Described)];
    }

    private static void Set(Location location, NewPlace wish, bool isDefault)
    {
        location.Name = wish.Name ?? location.Name;
        location.Description = string.IsNullOrEmpty(wish.Description) ? null : wish.Description;
        location.OtherElements = wish.OtherElements;
        location.IsDefault = isDefault;
    }

    private static LocationDetails Described(Location l) =>
        new(l.Id, l.SiteId, l.Site!.Name, l.Name, l.Description, l.IsDefault, l.OtherElements, l.ApplicationId);

    private static ProvisioningError NotFound(string reference) => ProvisioningError.NotFound(null, $"SipPeer '{reference}' does not exist");
}
