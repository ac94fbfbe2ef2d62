using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Sipstead.Provisioning.Store;

/// <summary>
/// Where the tables are: what opening, upgrading, writing and failing mean there. One derived class per provider; what its SQL alone can
/// do stands in the provider's <see cref="ProvisioningContext"/>.
/// </summary>
internal abstract class ProvisioningDatabase : IDisposable
{
    /// <summary>The database as an operator knows it; without a password.</summary>
    public abstract string Name { get; }

    /// <summary>The database that the settings name.</summary>
    public static ProvisioningDatabase Of(ProvisioningOptions options, ILoggerFactory loggers) => options.Database is { } connection
        ? new PostgresDatabase(connection, loggers)
        : new SqliteDatabase(options.DataDirectory, loggers);

    /// <summary>A context for reads; any number may be in use.</summary>
    public abstract ProvisioningContext CreateContext();

    /// <summary>Begins the one write that runs at a time.</summary>
    public abstract Task<StoreTransaction> BeginAsync(CancellationToken cancellationToken);

    /// <summary>Takes the database for this server alone, and creates or upgrades its tables.</summary>
    /// <exception cref="ProvisioningStoreException">It cannot be used.</exception>
    public abstract Task PrepareAsync(CancellationToken cancellationToken);

    /// <summary>Writes anew what holds the applications, so that nothing keeps what stood there before.</summary>
    public abstract Task RewriteAsync(ProvisioningContext database, CancellationToken cancellationToken);

    /// <summary>Sees to it that writes go on once the database is back. Not while a write runs.</summary>
    public virtual Task HoldAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Why the database cannot be used for now, if that is what an exception says; null when it says something else.</summary>
    public string? WhyUnavailable(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause is StoreUnavailableException || IsUnavailable(cause)) return cause.Message;
        }

        return null;
    }

    /// <summary>
    /// Writes a copy of the database, as of one moment, into a file that is empty or not there. False when it lies in a server of its own, which has its own
    /// means for that.
    /// </summary>
    public virtual Task<bool> TryCopyAsync(string path, CancellationToken cancellationToken) => Task.FromResult(false);

    public abstract void Dispose();

    /// <summary>Whether an exception of the provider says that the database is away, locked or full, and not that a statement is wrong.</summary>
    protected abstract bool IsUnavailable(Exception failure);

    protected async Task RefuseNewerSchemaAsync(ProvisioningContext database, CancellationToken cancellationToken)
    {
        var applied = await database.Database.GetAppliedMigrationsAsync(cancellationToken).ConfigureAwait(false);
        if (applied.Except(database.Database.GetMigrations()).LastOrDefault() is { } unknown)
        {
            throw new ProvisioningStoreException(
                $"The database {Name} was written by a newer version (schema {unknown}); start that version, or restore a backup.");
        }
    }
}
