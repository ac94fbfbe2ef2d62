using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Sipstead.Provisioning.Store;

namespace Sipstead.Provisioning.Locations;

/// <summary>The rules of sites (contract 8). The caller has checked that the user may act in the account. References are ids as text.</summary>
public sealed class SiteService
{
    private readonly ProvisioningStore _store;

    internal SiteService(ProvisioningStore store) => _store = store;

    /// <summary>The account's sites, the oldest first.</summary>
    public async Task<IReadOnlyList<SiteDetails>> ListAsync(long accountId, CancellationToken cancellationToken)
    {
        var sites = await _store.ReadAsync(
            (database, cancel) => database.Sites.Where(s => s.AccountId == accountId).OrderBy(s => s.Id).ToListAsync(cancel),
            cancellationToken).ConfigureAwait(false);
        return sites.ConvertAll(Described);
    }

    /// <summary>A site.</summary>
    public async Task<ProvisioningResult<SiteDetails>> FindAsync(long accountId, string reference, CancellationToken cancellationToken)
    {
        var site = await _store.ReadAsync((database, cancel) => FindAsync(database, accountId, reference, cancel), cancellationToken)
            .ConfigureAwait(false);
        return site is null ? NotFound(reference) : Described(site);
    }

    /// <summary>Makes a site.</summary>
    public async Task<ProvisioningResult<SiteDetails>> CreateAsync(long accountId, NewPlace wish, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wish);
        if (PlaceRules.Check("Name", wish, current: null) is { } error) return error;
        return await _store.WriteAsync<ProvisioningResult<SiteDetails>>(
            async (write, cancel) =>
            {
                var site = new Site { AccountId = accountId, Name = wish.Name! };
                Set(site, wish);
                write.Database.Sites.Add(site);
                await write.Database.SaveChangesAsync(cancel).ConfigureAwait(false);
                write.OnCommitted(view => view.ReportLocations(accountId));
                return Described(site);
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Replaces what a site is; a name that is missing stays.</summary>
    public Task<ProvisioningResult<SiteDetails>> UpdateAsync(
        long accountId, string reference, NewPlace wish, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wish);
        return _store.WriteAsync<ProvisioningResult<SiteDetails>>(
            async (write, cancel) =>
            {
                var site = await FindAsync(write.Database, accountId, reference, cancel).ConfigureAwait(false);
                if (site is null) return NotFound(reference);
                if (PlaceRules.Check("Name", wish, site.Name) is { } error) return error;
                Set(site, wish);
                write.OnCommitted(view => view.ReportLocations(accountId));
                return Described(site);
            },
            cancellationToken);
    }

    /// <summary>Removes a site that has no locations.</summary>
    public Task<ProvisioningResult<SiteDetails>> DeleteAsync(
        long accountId, string reference, CancellationToken cancellationToken) => _store.WriteAsync<ProvisioningResult<SiteDetails>>(
        async (write, cancel) =>
        {
            var site = await FindAsync(write.Database, accountId, reference, cancel).ConfigureAwait(false);
            if (site is null) return NotFound(reference);
            if (await write.Database.Locations.AnyAsync(l => l.SiteId == site.Id, cancel).ConfigureAwait(false))
                return ProvisioningError.Conflict(null, $"Site '{reference}' has locations; remove them first");
            write.Database.Sites.Remove(site);
            write.OnCommitted(view => view.ReportLocations(accountId));
            return Described(site);
        },
        cancellationToken);

    internal static Task<Site?> FindAsync(
        ProvisioningContext database, long accountId, string reference, CancellationToken cancellationToken)
    {
        var id = IdOf(reference);
        return database.Sites.FirstOrDefaultAsync(s => s.Id == id && s.AccountId == accountId, cancellationToken);
    }

    internal static long IdOf(string reference) =>
        long.TryParse(reference, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0;

    internal static ProvisioningError NotFound(string reference) =>
        ProvisioningError.NotFound(ErrorCodes.SiteNotFound, $"Site '{reference}' does not exist");

    private static void Set(Site site, NewPlace wish)
    {
        site.Name = wish.Name ?? site.Name;
        site.Description = string.IsNullOrEmpty(wish.Description) ? null : wish.Description;
        site.OtherElements = wish.OtherElements;
    }

    private static SiteDetails Described(Site s) => new(s.Id, s.Name, s.Description, s.OtherElements);
}
