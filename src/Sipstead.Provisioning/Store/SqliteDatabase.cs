using System.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Logging;
using SQLitePCL;

namespace Sipstead.Provisioning.Store;

/// <summary>The SQLite file in the data folder, whose lock keeps other servers out.</summary>
internal sealed class SqliteDatabase : ProvisioningDatabase
{
    public const string FileName = "sipstead.db";

    /// <summary>How long another program may lock the file before a statement fails, in seconds.</summary>
    private const int BusyTimeout = 10;

    private readonly string _path;
    private readonly string _connectionString;
    private readonly PooledDbContextFactory<SqliteProvisioningContext> _contexts;

    public SqliteDatabase(string dataDirectory, ILoggerFactory loggers)
    {
        _path = Path.GetFullPath(Path.Combine(dataDirectory, FileName));
        _connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = _path, ForeignKeys = true, DefaultTimeout = BusyTimeout, Mode = SqliteOpenMode.ReadWrite,
        }.ToString();
        _contexts = new PooledDbContextFactory<SqliteProvisioningContext>(
            new DbContextOptionsBuilder<SqliteProvisioningContext>()
                .UseSqlite(_connectionString)
                .UseLoggerFactory(loggers)
                .AddInterceptors(new SqliteDurability())
                .ConfigureWarnings(events => events.Log((RelationalEventId.CommandExecuted, LogLevel.Debug)))
                .Options);
    }

    public override string Name => _path;

    /// <summary>Open connections go on without a name in the folder: what they wrote would be gone with the next start.</summary>
    /// <exception cref="StoreUnavailableException">The file is gone.</exception>
    public override ProvisioningContext CreateContext() => File.Exists(_path)
        ? _contexts.CreateDbContext()
        : throw new StoreUnavailableException("the file is gone; put it back, or stop the server and restore a backup");

    public override async Task<StoreTransaction> BeginAsync(CancellationToken cancellationToken)
    {
        var database = CreateContext();
        try
        {
            var transaction = await database.Database.BeginTransactionAsync(IsolationLevel.Serializable, cancellationToken).ConfigureAwait(false);
            return new StoreTransaction(database, transaction);
        }
        catch
        {
            await database.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public override async Task PrepareAsync(CancellationToken cancellationToken)
    {
        try
        {
            CreateFile();
            var database = CreateContext();
            await using (database.ConfigureAwait(false))
            {
                await RefuseNewerSchemaAsync(database, cancellationToken).ConfigureAwait(false);
                await MigrateAsync(database, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception failure) when (failure is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new ProvisioningStoreException($"The database {_path} cannot be opened: {failure.Message}", failure);
        }
    }

    /// <summary>Writes the file anew, without the pages that are not in use, and empties the journal.</summary>
    public override async Task RewriteAsync(ProvisioningContext database, CancellationToken cancellationToken)
    {
        await database.Database.ExecuteSqlRawAsync("VACUUM;", cancellationToken).ConfigureAwait(false);
        await database.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE);", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads and writes go on meanwhile.</summary>
    public override async Task<bool> TryCopyAsync(string path, CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder(_connectionString) { Pooling = false }.ToString());
        await using (connection.ConfigureAwait(false))
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            var command = connection.CreateCommand();
            await using (command.ConfigureAwait(false))
            {
                command.CommandText = "VACUUM INTO $path;";
                command.Parameters.AddWithValue("$path", path);
                await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        return true;
    }

    public override void Dispose()
    {
        using var connection = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(connection);
    }

    protected override bool IsUnavailable(Exception failure) => failure is SqliteException
    {
        SqliteErrorCode: raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_READONLY or raw.SQLITE_IOERR or raw.SQLITE_FULL or raw.SQLITE_CANTOPEN
            or raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB
    };

    /// <summary>
    /// The file holds password equivalents: nobody but the server's user reads it, nor its -wal and -shm, which inherit the mode.
    /// </summary>
    private void CreateFile()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(_path, options);
    }

    private static async Task MigrateAsync(ProvisioningContext database, CancellationToken cancellationToken)
    {
        await database.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL;", cancellationToken).ConfigureAwait(false);
        var pending = await database.Database.GetPendingMigrationsAsync(cancellationToken).ConfigureAwait(false);
        if (!pending.Any()) return;

        // EF Core waits for ever on the lock that a killed migration left; the data folder's own lock keeps other servers out.
        await database.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\";", cancellationToken).ConfigureAwait(false);
        await database.Database.MigrateAsync(cancellationToken).ConfigureAwait(false);
    }
}
