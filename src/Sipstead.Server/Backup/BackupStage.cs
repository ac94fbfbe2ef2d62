using System.Reflection;
using System.Security.Cryptography;
using Sipstead.Provisioning.Store;
using Sipstead.Server.Composition;

namespace Sipstead.Server.Backup;

/// <summary>Copies of the files of one moment, in a folder of their own until an archive is made of them.</summary>
internal sealed class BackupStage : IDisposable
{
    private BackupStage(string folder, BackupManifest manifest) => (Folder, Manifest) = (folder, manifest);

    public string Folder { get; }

    public BackupManifest Manifest { get; }

    /// <summary>
    /// Takes the copies. The bindings come before the database: one whose credential has changed between them is dropped at the start, as it has to be.
    /// </summary>
    /// <param name="dataDirectory">The data folder.</param>
    /// <param name="copyBindings">Copies the bindings into a folder.</param>
    /// <param name="copyDatabase">Copies the database into a file; false when there is none in the data folder.</param>
    /// <param name="now">The time of the backup.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<BackupStage> TakeAsync(
        string dataDirectory, Action<string> copyBindings, Func<string, CancellationToken, Task<bool>> copyDatabase, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(dataDirectory, "backup.unfinished");
        try
        {
            Remove(folder); // of a backup that a crash ended
            PrivateFolder.Create(folder);
            var bindings = PrivateFolder.Create(Path.Combine(folder, BackupFiles.Bindings)).FullName;
            await Task.Run(() => copyBindings(bindings), cancellationToken);
            var database = Path.Combine(folder, ProvisioningBackup.FileName);
            await PrivateFile.Create(database).DisposeAsync(); // SQLite would give it the mode of the umask
            var hasDatabase = await copyDatabase(database, cancellationToken);
            if (!hasDatabase) File.Delete(database);
            foreach (var name in BackupFiles.SmallIn(dataDirectory)) Copy(dataDirectory, name, folder);
            return new BackupStage(folder, await DescribeAsync(folder, hasDatabase, now, cancellationToken));
        }
        catch (Exception failure)
        {
            Remove(folder);
            if (failure is IOException or UnauthorizedAccessException) throw new BackupException($"The backup cannot be made: {failure.Message}", failure);
            throw;
        }
    }

    public void Dispose() => Remove(Folder);

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    private static void Copy(string dataDirectory, string name, string folder)
    {
        var target = Path.Combine(folder, name);
        PrivateFolder.Create(Path.GetDirectoryName(target)!);
        using var from = File.OpenRead(Path.Combine(dataDirectory, name));
        using var to = PrivateFile.Create(target);
        from.CopyTo(to);
    }

    private static async Task<BackupManifest> DescribeAsync(string folder, bool hasDatabase, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var files = new List<BackupFile>();
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            await using var file = File.OpenRead(path);
            var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
            files.Add(new BackupFile(Path.GetRelativePath(folder, path), file.Length, hash));
        }

        var version = typeof(BackupStage).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
        return new BackupManifest(BackupManifest.CurrentFormat, version, now, hasDatabase, files);
    }
}
