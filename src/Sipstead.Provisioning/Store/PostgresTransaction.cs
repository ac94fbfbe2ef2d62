using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Sipstead.Provisioning.Store;

/// <summary>
/// A write on PostgreSQL. A commit whose answer is lost may have been carried out: the server is asked by the transaction's number, so
/// that the view never parts from the database.
/// </summary>
internal sealed class PostgresTransaction(ProvisioningContext database, IDbContextTransaction transaction, PostgresHold hold, string number)
    : StoreTransaction(database, transaction)
{
    private readonly IDbContextTransaction _transaction = transaction;

    public override async Task CommitAsync(Action show)
    {
        var isShown = false;
        try
        {
            await _transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure.GetBaseException() is not PostgresException || !hold.IsOpen)
        {
            await hold.ResolveAsync(number, () =>
            {
                show();
                isShown = true;
            }).ConfigureAwait(false);
            if (!isShown) throw;
            return;
        }

        show();
    }
}
