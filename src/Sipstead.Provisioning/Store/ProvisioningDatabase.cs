using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using SQLitePCL;

namespace Sipstead.Provisioning.Store;

/// <summary>The SQLite file: where it is, and how it is made ready.</summary>
internal sealed class ProvisioningDatabase : IDisposable
{
    public const string FileName = "sipstead.db";

    /// <summary>How long another program may lock the file before a statement fails, in seconds.</summary>
    private const int BusyTimeout = 10;

    private readonly string _path;

    public ProvisioningDatabase(string dataDirectory)
    {
        _path = Path.GetFullPath(Path.Combine(dataDirectory, FileName));
        ConnectionString = new SqliteConnectionStringBuilder
        {
            DataSource = _path, ForeignKeys = true, DefaultTimeout = BusyTimeout, Mode = SqliteOpenMode.ReadWrite,
        }.ToString();
    }

    public string ConnectionString { get; }

    /// <summary>The database as an operator knows it.</summary>
    public string Name => _path;

    /// <summary>Why the database cannot be used for now, if that is what an exception says; null when it says something else.</summary>
    public static string? WhyUnavailable(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause is StoreUnavailableException || IsUnavailable(cause)) return cause.Message;
        }

        return null;
    }

    public async Task PrepareAsync(ProvisioningContext database, CancellationToken cancellationToken)
    {
        try
        {
            CreateFile();
            await RefuseNewerSchemaAsync(database, cancellationToken).ConfigureAwait(false);
            await MigrateAsync(database, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new ProvisioningStoreException($"The database {_path} cannot be opened: {failure.Message}", failure);
        }
    }

    /// <summary>Writes the file anew, without the pages that are not in use, and empties the journal.</summary>
    public static async Task RewriteAsync(ProvisioningContext database, CancellationToken cancellationToken)
    {
        await database.Database.ExecuteSqlRawAsync("VACUUM;", cancellationToken).ConfigureAwait(false);
        await database.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE);", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes the database of one moment into a file that is empty or not there; reads and writes go on meanwhile.</summary>
    public async Task CopyToAsync(string path, CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder(ConnectionString) { Pooling = false }.ToString());
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
    }

    public void Dispose()
    {
        using var connection = new SqliteConnection(ConnectionString);
        SqliteConnection.ClearPool(connection);
    }

    /// <summary>Open connections go on without a name in the folder: what they wrote would be gone with the next start.</summary>
    /// <exception cref="StoreUnavailableException">The file is gone.</exception>
    public void RequireFile()
    {
        if (!File.Exists(_path)) throw new StoreUnavailableException("the file is gone; put it back, or stop the server and restore a backup");
    }

    private static bool IsUnavailable(Exception failure) => failure is SqliteException
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

    private async Task RefuseNewerSchemaAsync(ProvisioningContext database, CancellationToken cancellationToken)
    {
        var applied = await database.Database.GetAppliedMigrationsAsync(cancellationToken).ConfigureAwait(false);
        if (applied.Except(database.Database.GetMigrations()).LastOrDefault() is { } unknown)
        {
            throw new ProvisioningStoreException(
                $"The database {_path} was written by a newer version (schema {unknown}); start that version, or restore a backup.");
        }
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
