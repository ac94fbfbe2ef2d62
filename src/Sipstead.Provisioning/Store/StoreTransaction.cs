using Microsoft.EntityFrameworkCore.Storage;

namespace Sipstead.Provisioning.Store;

/// <summary>The transaction of one write, with the context that it runs in. Disposed without a commit, it leaves everything as it was.</summary>
internal class StoreTransaction(ProvisioningContext database, IDbContextTransaction transaction) : IAsyncDisposable
{
    public ProvisioningContext Database => database;

    /// <summary>Commits, then has the change shown.</summary>
    public virtual async Task CommitAsync(Action show)
    {
        // From here on the caller's leaving must not part the view from the database.
        await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
        show();
    }

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync().ConfigureAwait(false);
        await database.DisposeAsync().ConfigureAwait(false);
    }
}
