using Sipstead.Provisioning.Audit;
using Sipstead.Provisioning.View;

namespace Sipstead.Provisioning.Store;

/// <summary>One change of the store: it is committed whole or not at all, and only then shown in the view.</summary>
internal sealed class StoreWrite(ProvisioningContext database, TimeProvider time)
{
    private readonly List<Action<ProvisioningView>> _committed = [];

    public ProvisioningContext Database => database;

    /// <summary>The entries that tell of this change; those of saved rows come by themselves.</summary>
    public AuditCollector Audit { get; } = new(database, time.GetUtcNow());

    /// <summary>Has the view changed after the commit, still inside the write: views change in the order of commits.</summary>
    public void OnCommitted(Action<ProvisioningView> change) => _committed.Add(change);

    /// <summary>The next serial of the realms, stored with this change.</summary>
    public async Task<long> NextRealmSerialAsync(CancellationToken cancellationToken)
    {
        var row = await database.RealmSerials.FindAsync([RealmSerial.RowId], cancellationToken).ConfigureAwait(false);
        if (row is null) database.RealmSerials.Add(row = new RealmSerial { Id = RealmSerial.RowId });
        row.Value = Math.Max(row.Value + 1, time.GetUtcNow().ToUnixTimeSeconds());
        await database.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        return row.Value;
    }

    public void Show(ProvisioningView view)
    {
        foreach (var change in _committed) change(view);
    }
}
