using System.Diagnostics.CodeAnalysis;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Sipstead.Provisioning.Store;

/// <summary>A table that is copied from one database to another, row by row, with its ids.</summary>
internal abstract class StoreTable
{
    /// <summary>Rows that are inserted together.</summary>
    protected const int BatchSize = 5000;

    /// <summary>All tables; those that others refer to come first.</summary>
    public static IReadOnlyList<StoreTable> All { get; } =
    [
        new Rows<Account>("accounts"),
        new Rows<ApiUser>("API users"),
        new Rows<ApiUserRole>("roles"),
        new Rows<Application>("applications"),
        new Rows<Realm>("realms"),
        new Rows<RealmSerial>("serials"),
        new Credentials(),
        new Rows<Site>("sites"),
        new Rows<Location>("locations"),
        new Rows<PhoneNumber>("numbers"),
        new Rows<Trunk>("trunks"),
        new Rows<TrunkRoute>("routes of trunks"),
        new Rows<AuditEntry>("audit entries"),
        new Rows<Recording>("recordings"),
    ];

    /// <summary>What its rows are, for a person.</summary>
    public abstract string Title { get; }

    public abstract Type RowType { get; }

    public abstract Task<long> CountAsync(ProvisioningContext database, CancellationToken cancellationToken);

    /// <summary>Copies every row, and tells now and then how many are done.</summary>
    /// <returns>How many there were.</returns>
    public abstract Task<long> CopyAsync(ProvisioningContext source, ProvisioningContext target, Action<long> tell, CancellationToken cancellationToken);

    /// <summary>Has the copy give ids from where the original would go on.</summary>
    public async Task ContinueIdsAsync(ProvisioningContext source, ProvisioningContext target, CancellationToken cancellationToken)
    {
        var type = source.Model.FindEntityType(RowType)!;
        if (type.FindPrimaryKey()!.Properties is not [{ ValueGenerated: ValueGenerated.OnAdd }]) return;
        var table = type.GetTableName()!;
        var last = await source.LastIdAsync(table, cancellationToken).ConfigureAwait(false);
        if (last > 0) await target.ContinueAfterAsync(table, last, cancellationToken).ConfigureAwait(false);
    }

    private class Rows<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] T>(string title) : StoreTable
        where T : class
    {
        public override string Title => title;

        public override Type RowType => typeof(T);

        public override Task<long> CountAsync(ProvisioningContext database, CancellationToken cancellationToken) =>
            database.Set<T>().LongCountAsync(cancellationToken);

        public override async Task<long> CopyAsync(
            ProvisioningContext source, ProvisioningContext target, Action<long> tell, CancellationToken cancellationToken)
        {
            var copied = 0L;
            var batch = new List<T>(BatchSize);
            await foreach (var row in source.Set<T>().AsNoTracking().AsAsyncEnumerable().WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                batch.Add(row);
                if (batch.Count < BatchSize) continue;
                await InsertAsync(target, batch, cancellationToken).ConfigureAwait(false);
                tell(copied += batch.Count);
                batch.Clear();
            }

            await InsertAsync(target, batch, cancellationToken).ConfigureAwait(false);
            return copied + batch.Count;
        }

        protected virtual async Task InsertAsync(ProvisioningContext target, List<T> batch, CancellationToken cancellationToken)
        {
            target.AddRange(batch);
            await target.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
            target.ChangeTracker.Clear();
        }
    }

    /// <summary>The many, past the change tracker.</summary>
    private sealed class Credentials() : Rows<SipCredential>("credentials")
    {
        protected override Task InsertAsync(ProvisioningContext target, List<SipCredential> batch, CancellationToken cancellationToken) =>
            target.InsertAsync(batch, cancellationToken);
    }
}
