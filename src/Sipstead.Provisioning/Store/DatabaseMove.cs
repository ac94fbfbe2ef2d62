using Microsoft.Extensions.Logging.Abstractions;

namespace Sipstead.Provisioning.Store;

/// <summary>How far a move is.</summary>
/// <param name="Rows">What is being copied, such as credentials.</param>
/// <param name="Copied">How many of them are.</param>
/// <param name="Total">How many there are.</param>
public sealed record DatabaseMoveProgress(string Rows, long Copied, long Total);

/// <summary>
/// Copies everything from one database to another, also of another provider, while no server runs on either. The target holds all of it
/// or, after a failure, none; the source stays as it is. Ids are kept, and the target goes on where the source would.
/// </summary>
public static class DatabaseMove
{
    /// <summary>Moves.</summary>
    /// <param name="from">Settings with the database that is read.</param>
    /// <param name="to">Settings with the database that is written; it must hold nothing.</param>
    /// <param name="progress">Told every few thousand rows.</param>
    /// <param name="cancellationToken">Ends it; the target then holds nothing.</param>
    /// <returns>How many rows of each kind were copied.</returns>
    /// <exception cref="ProvisioningStoreException">It cannot be done; the message is one line.</exception>
    public static async Task<IReadOnlyList<(string Rows, long Count)>> RunAsync(
        ProvisioningOptions from, ProvisioningOptions to, Action<DatabaseMoveProgress> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        ArgumentNullException.ThrowIfNull(progress);
        using var source = ProvisioningDatabase.Of(from, NullLoggerFactory.Instance);
        using var target = ProvisioningDatabase.Of(to, NullLoggerFactory.Instance);
        await source.PrepareAsync(cancellationToken).ConfigureAwait(false);
        await target.PrepareAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await CopyAsync(source, target, progress, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is System.Data.Common.DbException or Microsoft.EntityFrameworkCore.DbUpdateException or IOException
            || source.WhyUnavailable(failure) is not null || target.WhyUnavailable(failure) is not null)
        {
            throw new ProvisioningStoreException($"Nothing was moved to {target.Name}: {failure.GetBaseException().Message}", failure);
        }
    }

    private static async Task<IReadOnlyList<(string Rows, long Count)>> CopyAsync(
        ProvisioningDatabase source, ProvisioningDatabase target, Action<DatabaseMoveProgress> progress, CancellationToken cancellationToken)
    {
        var counts = new List<(string, long)>();
        var reading = source.CreateContext();
        await using (reading.ConfigureAwait(false))
        {
            var writing = await target.BeginAsync(cancellationToken).ConfigureAwait(false);
            await using (writing.ConfigureAwait(false))
            {
                await RefuseContentAsync(target.Name, writing.Database, cancellationToken).ConfigureAwait(false);
                foreach (var table in StoreTable.All)
                {
                    var total = await table.CountAsync(reading, cancellationToken).ConfigureAwait(false);
                    var copied = await table.CopyAsync(
                        reading, writing.Database, count => progress(new DatabaseMoveProgress(table.Title, count, total)), cancellationToken)
                        .ConfigureAwait(false);
                    await table.ContinueIdsAsync(reading, writing.Database, cancellationToken).ConfigureAwait(false);
                    counts.Add((table.Title, copied));
                }

                await writing.CommitAsync(() => { }).ConfigureAwait(false);
            }
        }

        return counts;
    }

    private static async Task RefuseContentAsync(string name, ProvisioningContext database, CancellationToken cancellationToken)
    {
        foreach (var table in StoreTable.All)
        {
            if (await table.CountAsync(database, cancellationToken).ConfigureAwait(false) is var count and > 0)
            {
                throw new ProvisioningStoreException(
                    $"The database {name} is not empty, it has {count} {table.Title}: nothing was moved. Empty it or put it elsewhere first.");
            }
        }
    }
}
