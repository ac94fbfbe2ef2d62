using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;

namespace Sipstead.Server.Backup;

/// <summary>Writes an archive: a compressed tar file that begins with its manifest.</summary>
internal static class ArchiveWriter
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static async Task WriteAsync(BackupStage stage, Stream output, CancellationToken cancellationToken)
    {
        await using var packed = new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true);
        await using var tar = new TarWriter(packed, TarEntryFormat.Pax, leaveOpen: true);
        using var manifest = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(stage.Manifest, BackupJson.Default.BackupManifest));
        await AddAsync(BackupManifest.Name, manifest);
        foreach (var file in stage.Manifest.Files)
        {
            await using var content = File.OpenRead(Path.Combine(stage.Folder, file.Name));
            await AddAsync(file.Name, content);
        }

        Task AddAsync(string name, Stream content) => tar.WriteEntryAsync(
            new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = content, Mode = Private, ModificationTime = stage.Manifest.Time }, cancellationToken);
    }
}
