using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Sipstead.Provisioning.Store;

namespace Sipstead.Provisioning.Credentials;

/// <summary>
/// The queries behind tables of credentials. Filter, count and order need nothing but what an index holds; the rows themselves are
/// read for one page alone.
/// </summary>
internal static class SipCredentialQueries
{
    private const int ExportPage = 1000;

    public static async Task<SipCredentialRows> SearchAsync(
        ProvisioningContext database, long accountId, SipCredentialSearch search, CancellationToken cancellationToken)
    {
        var groups = await GroupsAsync(database, accountId, search, cancellationToken).ConfigureAwait(false);
        if (search.Descending) groups.Reverse();
        var ids = await PageAsync(groups, search, cancellationToken).ConfigureAwait(false);
        var rows = await Rows(database.SipCredentials.Where(c => EF.Parameter(ids).Contains(c.Id)))
            .ToDictionaryAsync(row => row.Credential.Id, cancellationToken).ConfigureAwait(false);
        return new SipCredentialRows([.. ids.Where(rows.ContainsKey).Select(id => rows[id])], groups.Sum(group => group.Count));
    }

    /// <summary>One realm after the other, each by id in pages, so that no read lasts long.</summary>
    public static async IAsyncEnumerable<SipCredentialRow> ExportAsync(
        ProvisioningStore store, long accountId, SipCredentialSearch search, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var realms = await store.ReadAsync(
            (database, cancel) => RealmsAsync(database, accountId, search, cancel), cancellationToken).ConfigureAwait(false);
        foreach (var realmId in realms)
        {
            List<SipCredentialRow> page;
            var last = 0L;
            do
            {
                page = await store.ReadAsync(
                    (database, cancel) => Rows(
                            Matching(database, search, c => c.RealmId == realmId).Where(c => c.Id > last)
                                .OrderBy(c => c.Id).Take(ExportPage))
                        .ToListAsync(cancel),
                    cancellationToken).ConfigureAwait(false);
                foreach (var row in page) yield return row;
                if (page.Count > 0) last = page[^1].Credential.Id;
            }
            while (page.Count == ExportPage);
        }
    }

    public static IQueryable<SipCredentialRow> Rows(IQueryable<SipCredential> credentials) => credentials.Select(
        c => new SipCredentialRow(SipCredentialChanges.Described(c, c.Realm!.Fqdn, c.Realm.DigestAlgorithms), c.Application!.Name));

    /// <summary>
    /// What the search finds, cut where another realm or application begins if it is ordered by these: they come in the order of their
    /// names, which no index of credentials has, and within each the index has the order.
    /// </summary>
    private static async Task<List<Group>> GroupsAsync(
        ProvisioningContext database, long accountId, SipCredentialSearch search, CancellationToken cancellationToken)
    {
        var realms = await RealmsAsync(database, accountId, search, cancellationToken).ConfigureAwait(false);
        Expression<Func<SipCredential, bool>> isInRealm = realms is [var only]
            ? c => c.RealmId == only
            : c => EF.Parameter(realms).Contains(c.RealmId); // one parameter, however many realms an account has
        var matching = Matching(database, search, isInRealm);
        return search.Sort switch
        {
            SipCredentialSort.Realm => await ByRealmAsync(database, matching, realms, search, cancellationToken).ConfigureAwait(false),
            SipCredentialSort.Application =>
                await ByApplicationAsync(database, matching, accountId, cancellationToken).ConfigureAwait(false),
            _ => [new Group(matching, await matching.CountAsync(cancellationToken).ConfigureAwait(false))],
        };
    }

    private static async Task<List<Group>> ByRealmAsync(
        ProvisioningContext database,
        IQueryable<SipCredential> matching,
        List<long> realms,
        SipCredentialSearch search,
        CancellationToken cancellationToken)
    {
        var counts = await matching.GroupBy(c => c.RealmId).Select(g => new { g.Key, Count = g.Count() })
            .ToDictionaryAsync(g => g.Key, g => g.Count, cancellationToken).ConfigureAwait(false);
        return [.. realms.Where(counts.ContainsKey).Select(id => new Group(Matching(database, search, c => c.RealmId == id), counts[id]))];
    }

    private static async Task<List<Group>> ByApplicationAsync(
        ProvisioningContext database, IQueryable<SipCredential> matching, long accountId, CancellationToken cancellationToken)
    {
        // By realm as well: in this order they stand in the index, and nothing has to be sorted for it.
        var parts = await matching.GroupBy(c => new { c.RealmId, c.ApplicationId })
            .Select(g => new { Id = g.Key.ApplicationId ?? Guid.Empty, Count = g.Count() })
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        var counts = parts.GroupBy(part => part.Id).ToDictionary(g => g.Key, g => g.Sum(part => part.Count));
        var applications = await database.Applications.Where(a => a.AccountId == accountId).OrderBy(a => a.NameKey).ThenBy(a => a.Id)
            .Select(a => a.Id).ToListAsync(cancellationToken).ConfigureAwait(false);
        var groups = applications.Where(counts.ContainsKey).Select(id => new Group(matching.Where(c => c.ApplicationId == id), counts[id]));
        return counts.TryGetValue(Guid.Empty, out var unbound)
            ? [new Group(matching.Where(c => c.ApplicationId == null), unbound), .. groups]
            : [.. groups];
    }

    private static async Task<List<long>> PageAsync(List<Group> groups, SipCredentialSearch search, CancellationToken cancellationToken)
    {
        var skip = Math.Max(search.Skip, 0);
        var take = Math.Clamp(search.Take, 0, SipCredentialSearch.MaximumTake);
        var ids = new List<long>(take);
        foreach (var group in groups)
        {
            var count = Math.Min(take - ids.Count, group.Count - skip);
            if (count > 0) ids.AddRange(await SliceAsync(group, search, skip, count, cancellationToken).ConfigureAwait(false));
            skip = Math.Max(0, skip - group.Count);
        }

        return ids;
    }

    private static async Task<List<long>> SliceAsync(
        Group group, SipCredentialSearch search, int skip, int take, CancellationToken cancellationToken)
    {
        // What lies before a page is read too: one of the second half is reached from the other end.
        var isFromEnd = skip > group.Count / 2;
        var ids = await Ordered(group.Credentials, search.Sort, search.Descending != isFromEnd)
            .Select(c => c.Id).Skip(isFromEnd ? group.Count - skip - take : skip).Take(take)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        if (isFromEnd) ids.Reverse();
        return ids;
    }

    /// <summary>The realms that a search may look into, by name.</summary>
    private static Task<List<long>> RealmsAsync(
        ProvisioningContext database, long accountId, SipCredentialSearch search, CancellationToken cancellationToken) =>
        database.Realms.Where(r => r.AccountId == accountId && (search.RealmId == null || r.Id == search.RealmId))
            .OrderBy(r => r.Fqdn).Select(r => r.Id).ToListAsync(cancellationToken);

    private static IQueryable<SipCredential> Matching(
        ProvisioningContext database, SipCredentialSearch search, Expression<Func<SipCredential, bool>> isInRealm)
    {
        var credentials = database.SipCredentials.Where(isInRealm);
        if (search.ApplicationId is { } application) credentials = credentials.Where(c => c.ApplicationId == application);
        if (string.IsNullOrEmpty(search.Text)) return credentials;
        var key = SipCredentialRules.KeyOf(search.Text);
        return credentials.Where(c => c.UserNameKey.Contains(key));
    }

    private static IOrderedQueryable<SipCredential> Ordered(
        IQueryable<SipCredential> credentials, SipCredentialSort sort, bool isDescending) => (sort, isDescending) switch
    {
        (SipCredentialSort.Id, false) => credentials.OrderBy(c => c.Id),
        (SipCredentialSort.Id, true) => credentials.OrderByDescending(c => c.Id),
        (_, false) => credentials.OrderBy(c => c.UserNameKey).ThenBy(c => c.Id),
        (_, true) => credentials.OrderByDescending(c => c.UserNameKey).ThenByDescending(c => c.Id),
    };

    private sealed record Group(IQueryable<SipCredential> Credentials, int Count);
}
