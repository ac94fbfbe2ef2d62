using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Sipstead.Provisioning.Store;

/// <summary>A database of a PostgreSQL server. Reads come from a pool of sessions; writes go through the one that holds it.</summary>
internal sealed class PostgresDatabase : ProvisioningDatabase
{
    private readonly NpgsqlDataSource _readers;
    private readonly PostgresHold _hold;
    private readonly PooledDbContextFactory<PostgresProvisioningContext> _readContexts;
    private readonly PooledDbContextFactory<PostgresProvisioningContext> _writeContexts;
    private readonly string _user;

    public PostgresDatabase(string connectionString, ILoggerFactory loggers)
    {
        var connection = PostgresConnection.Read(connectionString);
        _user = connection.Username ?? "";
        Name = $"{connection.Database} of PostgreSQL at {connection.Host}:{connection.Port}";
        _readers = NpgsqlDataSource.Create(connection);
        _hold = new PostgresHold(connection);
        _readContexts = Contexts(loggers, options => options.UseNpgsql(_readers));
        _writeContexts = Contexts(loggers, options => options.UseNpgsql(_hold.Connection));
    }

    public override string Name { get; }

    public override ProvisioningContext CreateContext() => _readContexts.CreateDbContext();

    public override async Task<StoreTransaction> BeginAsync(CancellationToken cancellationToken)
    {
        await EnsureAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await BeginOnHoldAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (!_hold.IsOpen && WhyUnavailable(failure) is not null)
        {
            // The session had ended unnoticed, and nothing has happened yet.
            await EnsureAsync(cancellationToken).ConfigureAwait(false);
            return await BeginOnHoldAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public override async Task PrepareAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _hold.TakeAsync(cancellationToken).ConfigureAwait(false);
            var database = CreateContext();
            await using (database.ConfigureAwait(false))
            {
                await RefuseNewerSchemaAsync(database, cancellationToken).ConfigureAwait(false);
                await database.Database.MigrateAsync(cancellationToken).ConfigureAwait(false);
            }

            await _hold.SignAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (StoreUnavailableException failure)
        {
            throw new ProvisioningStoreException($"The database {Name} is in use by another running server. Stop that one, or set Sipstead__Database.", failure);
        }
        catch (Exception failure) when (failure.GetBaseException() is NpgsqlException or IOException or TimeoutException or System.Net.Sockets.SocketException)
        {
            throw new ProvisioningStoreException(Describe(failure), failure);
        }
    }

    public override Task RewriteAsync(ProvisioningContext database, CancellationToken cancellationToken) =>
        database.Database.ExecuteSqlRawAsync("VACUUM FULL \"Applications\";", cancellationToken);

    public override async Task HoldAsync(CancellationToken cancellationToken)
    {
        if (!await _hold.LivesAsync(cancellationToken).ConfigureAwait(false)) await EnsureAsync(cancellationToken).ConfigureAwait(false);
    }

    public override void Dispose()
    {
        _hold.Dispose();
        _readers.Dispose();
    }

    protected override bool IsUnavailable(Exception failure) => failure switch
    {
        PostgresException refused => refused.IsTransient || refused.SqlState is PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.ReadOnlySqlTransaction
            or PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification or PostgresErrorCodes.InvalidCatalogName,
        NpgsqlException => true, // of the connection: no answer, a time-out, an end
        _ => false,
    };

    private async Task<StoreTransaction> BeginOnHoldAsync(CancellationToken cancellationToken)
    {
        var database = _writeContexts.CreateDbContext();
        try
        {
            var transaction = await database.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken).ConfigureAwait(false);
            var number = await _hold.NumberTransactionAsync(cancellationToken).ConfigureAwait(false);
            return new PostgresTransaction(database, transaction, _hold, number);
        }
        catch
        {
            await database.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Has the hold; if it was lost, the sessions for reads are lost too.</summary>
    private async Task EnsureAsync(CancellationToken cancellationToken)
    {
        if (_hold.IsOpen) return;
        await _hold.RetakeAsync(cancellationToken).ConfigureAwait(false);
        _readers.Clear();
    }

    private static PooledDbContextFactory<PostgresProvisioningContext> Contexts(
        ILoggerFactory loggers, Action<DbContextOptionsBuilder<PostgresProvisioningContext>> connect)
    {
        var options = new DbContextOptionsBuilder<PostgresProvisioningContext>()
            .UseLoggerFactory(loggers)
            .AddInterceptors(new PostgresTexts())
            .ConfigureWarnings(events => events.Log((RelationalEventId.CommandExecuted, LogLevel.Debug)));
        connect(options);
        return new PooledDbContextFactory<PostgresProvisioningContext>(options.Options);
    }

    /// <summary>One line for the operator.</summary>
    private string Describe(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause is PostgresException refused) return Describe(refused);
        }

        return $"The database {Name} cannot be reached: {failure.GetBaseException().Message}. Is PostgreSQL running there, and does Sipstead__Database name it rightly?";
    }

    private string Describe(PostgresException refused) => refused.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            $"The database {Name} refuses the user {_user}: {refused.MessageText}. Correct Sipstead__Database, or pg_hba.conf of PostgreSQL.",
        PostgresErrorCodes.InvalidCatalogName =>
            $"The database {Name} does not exist; make it with: createdb --owner={_user} --encoding=UTF8 --template=template0 NAME",
        PostgresErrorCodes.InsufficientPrivilege =>
            $"The user {_user} may not make tables in the database {Name}: {refused.MessageText}. Let the user own the database.",
        _ => $"The database {Name} cannot be opened: {refused.MessageText}",
    };
}
