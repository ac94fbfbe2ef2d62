using System.Security.Cryptography;
using Sipstead.Provisioning.Store;
using Sipstead.Registrar;
using Sipstead.Registrar.Journal;
using Sipstead.Server.Admin;
using Sipstead.Server.Commands;
using Sipstead.Server.Composition;
using Sipstead.Server.Configuration;

namespace Sipstead.Server.Backup;

/// <summary><c>sipstead backup</c>: an archive of what a running server has, or of the folder of a stopped one.</summary>
internal static class BackupCommand
{
    /// <summary>Makes the archive: written beside, checked, and renamed once the disk has it. Throws <see cref="BackupException"/> and <see cref="StartupException"/>.</summary>
    public static async Task<AdminAnswer> RunAsync(ServerSettings settings, string file, CancellationToken cancellationToken)
    {
        var path = Path.GetFullPath(file);
        if (Path.Exists(path)) throw new BackupException($"{path} is there already; give the backup another name.");
        var unfinished = $"{path}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}.unfinished";
        try
        {
            await using (var output = PrivateFile.Create(unfinished))
            {
                if (!await AdminClient.TryDownloadAsync(settings, AdminEndpoints.Backup, output, cancellationToken)) await WriteHereAsync(settings, output, cancellationToken);
                output.Flush(flushToDisk: true);
            }

            var manifest = await ArchiveReader.CheckAsync(unfinished, cancellationToken);
            File.Move(unfinished, path, overwrite: false);
            FolderFlush.Run(Path.GetDirectoryName(path)!);
            return new AdminAnswer(true, Told(path, manifest));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or HttpRequestException)
        {
            throw new BackupException($"The backup {path} cannot be written: {failure.Message}", failure);
        }
        finally
        {
            if (File.Exists(unfinished)) File.Delete(unfinished);
        }
    }

    private static string Told(string path, BackupManifest manifest) =>
        FormattableString.Invariant($"{path}: {Math.Ceiling(new FileInfo(path).Length / 1000.0):N0} kB, {manifest.Files.Count} files. It holds keys and hashes: keep it as you keep passwords.")
        + "\nRecordings are not in it: copy the folder 'recordings' of the data folder beside it."
        + (manifest.HasDatabase ? "" : "\nThe database is not in it, since it is a server of its own: back it up with pg_dump.");

    private static async Task WriteHereAsync(ServerSettings settings, Stream output, CancellationToken cancellationToken)
    {
        var data = settings.DataDirectory;
        if (!Directory.Exists(data)) throw new BackupException($"There is no data folder {data}; set Sipstead__DataDirectory, or run this where the server runs.");
        using var folder = DataFolder.Open(data);
        using var stage = await BackupStage.TakeAsync(
            data, bindings => RegistrarService.CopyBindings(data, bindings), (database, cancel) => ProvisioningBackup.TryCopyAsync(settings.Provisioning, database, cancel),
            TimeProvider.System.GetUtcNow(), cancellationToken);
        await ArchiveWriter.WriteAsync(stage, output, cancellationToken);
    }
}
