using System.Globalization;
using System.Security.Cryptography;
using Sipstead.Registrar.Journal;
using Sipstead.Server.Admin;
using Sipstead.Server.Composition;
using Sipstead.Server.Configuration;

namespace Sipstead.Server.Backup;

/// <summary>
/// <c>sipstead restore</c>: a data folder from an archive. It is unpacked and checked beside the folder, whose place it then takes by renaming: whole or not at all.
/// </summary>
internal static class RestoreCommand
{
    /// <summary>Restores. Throws <see cref="BackupException"/> and <see cref="StartupException"/>.</summary>
    /// <param name="replace">Whether a folder that holds data is put aside.</param>
    public static async Task<AdminAnswer> RunAsync(ServerSettings settings, string file, bool replace, CancellationToken cancellationToken)
    {
        var (archive, data) = (Path.GetFullPath(file), Path.TrimEndingDirectorySeparator(settings.DataDirectory));
        if (!File.Exists(archive)) throw new BackupException($"There is no file {archive}.");
        BackupFiles.RefuseLink(new DirectoryInfo(data));
        using var folder = DataFolder.Open(data); // no server may use it, nor begin to
        var isEmpty = !Directory.EnumerateFileSystemEntries(data).Any(path => Path.GetFileName(path) != DataFolder.LockFile);
        if (!isEmpty && !replace)
            throw new BackupException($"The data folder {data} is not empty. Give --replace to put it aside and the backup in its place, or set Sipstead__DataDirectory to another folder.");

        var fresh = $"{data}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}.restoring";
        try
        {
            PrivateFolder.Create(fresh);
            var manifest = await ArchiveReader.UnpackAsync(archive, fresh, cancellationToken);
            var former = PutInPlace(data, fresh, isEmpty);
            return new AdminAnswer(true, Told(data, manifest, former));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new BackupException($"The data folder {data} cannot be restored: {failure.Message}", failure);
        }
        finally
        {
            if (Directory.Exists(fresh)) Directory.Delete(fresh, recursive: true);
        }
    }

    /// <summary>Puts the fresh folder in the place of the other. Returns where that is now; null when it was empty.</summary>
    private static string? PutInPlace(string data, string fresh, bool isEmpty)
    {
        var former = $"{data}.before-{TimeProvider.System.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}";
        Directory.Move(data, former);
        try
        {
            Directory.Move(fresh, data);
        }
        catch
        {
            Directory.Move(former, data);
            throw;
        }

        FolderFlush.Run(Path.GetDirectoryName(data)!);
        if (!isEmpty) return former;
        Directory.Delete(former, recursive: true); // it held the lock alone
        return null;
    }

    private static string Told(string data, BackupManifest manifest, string? former) =>
        string.Create(CultureInfo.InvariantCulture, $"{data} is as it was at {manifest.Time.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC. Start the server.")
        + (former is null ? "" : $"\nWhat was there before is in {former}; delete it once you do not need it.")
        + (manifest.HasDatabase ? "" : "\nThe database was not in the backup, since it is a server of its own: restore it with pg_restore before you start.");
}
