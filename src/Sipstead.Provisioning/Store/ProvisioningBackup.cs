using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Sipstead.Provisioning.Store;

/// <summary>The database's part of a backup.</summary>
public sealed class ProvisioningBackup
{
    private readonly ProvisioningStore _store;

    internal ProvisioningBackup(ProvisioningStore store) => _store = store;

    /// <summary>The name of the database's file in the data folder.</summary>
    public static string FileName => SqliteDatabase.FileName;

    /// <summary>
    /// Writes a copy of the database into a file that is empty or not there, as of one moment; the server goes on meanwhile. False when the database is
    /// not in the data folder: it has its own means for that. Throws <see cref="IOException"/>.
    /// </summary>
    public Task<bool> TryCopyAsync(string path, CancellationToken cancellationToken) => TranslateAsync(() => _store.TryCopyAsync(path, cancellationToken));

    /// <summary>The same of a data folder that no server uses; its schema stays as it is.</summary>
    public static Task<bool> TryCopyAsync(ProvisioningOptions options, string path, CancellationToken cancellationToken) => TranslateAsync(async () =>
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!File.Exists(Path.Combine(options.DataDirectory, FileName))) return false;
        using var database = ProvisioningDatabase.Of(options, NullLoggerFactory.Instance);
        return await database.TryCopyAsync(path, cancellationToken).ConfigureAwait(false);
    });

    private static async Task<bool> TranslateAsync(Func<Task<bool>> copy)
    {
        try
        {
            return await Task.Run(copy).ConfigureAwait(false); // SQLite does not give its thread away
        }
        catch (SqliteException failure)
        {
            throw new IOException($"the database cannot be copied: {failure.Message}", failure);
        }
    }
}
