using Microsoft.EntityFrameworkCore;
using Sipstead.Provisioning.Store;
using Sipstead.Provisioning.View;

namespace Sipstead.Provisioning.Realms;

/// <summary>The queries behind tables of realms: the rows of one page alone are read.</summary>
internal static class RealmQueries
{
    /// <summary>The realms of an account whose full name contains a text, in any case; null or empty for all.</summary>
    public static IQueryable<Realm> Matching(ProvisioningContext database, long accountId, string? text)
    {
        var key = string.IsNullOrEmpty(text) ? null : text.ToLowerInvariant();
        return database.Realms.Where(r => r.AccountId == accountId && (key == null || r.Fqdn.Contains(key)));
    }

    public static async Task<RealmRows> SearchAsync(
        ProvisioningContext database, CredentialTable credentials, long accountId, RealmSearch search, CancellationToken cancellationToken)
    {
        var matching = Matching(database, accountId, search.Text);
        var (skip, take) = (Math.Max(search.Skip, 0), Math.Clamp(search.Take, 0, RealmSearch.MaximumTake));
        if (search.Sort == RealmSort.Credentials)
            return await ByCredentialsAsync(matching, credentials, search.Descending, skip, take, cancellationToken).ConfigureAwait(false);

        var total = await matching.CountAsync(cancellationToken).ConfigureAwait(false);
        var rows = take == 0 ? [] : await Ordered(matching, search).Skip(skip).Take(take).Select(r => RealmService.Described(r))
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return new RealmRows(rows, total);
    }

    /// <summary>The database does not know how many they are: all ids, which are small, are put in order here.</summary>
    private static async Task<RealmRows> ByCredentialsAsync(
        IQueryable<Realm> matching, CredentialTable credentials, bool isDescending, int skip, int take, CancellationToken cancellationToken)
    {
        var ids = await matching.OrderBy(r => r.Name).Select(r => r.Id).ToListAsync(cancellationToken).ConfigureAwait(false);
        var ordered = isDescending ? ids.OrderByDescending(credentials.CountOf) : ids.OrderBy(credentials.CountOf);
        long[] page = [.. ordered.Skip(skip).Take(take)];
        var rows = await matching.Where(r => EF.Parameter(page).Contains(r.Id)).Select(r => RealmService.Described(r))
            .ToDictionaryAsync(r => r.Id, cancellationToken).ConfigureAwait(false);
        return new RealmRows([.. page.Where(rows.ContainsKey).Select(id => rows[id])], ids.Count);
    }

    private static IOrderedQueryable<Realm> Ordered(IQueryable<Realm> realms, RealmSearch search) => (search.Sort, search.Descending) switch
    {
        (RealmSort.DefaultFirst, _) => realms.OrderByDescending(r => r.IsDefault).ThenBy(r => r.Name),
        (_, true) => realms.OrderByDescending(r => r.Name),
        _ => realms.OrderBy(r => r.Name),
    };
}
