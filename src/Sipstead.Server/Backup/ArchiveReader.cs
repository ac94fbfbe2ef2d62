using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Sipstead.Server.Composition;

namespace Sipstead.Server.Backup;

/// <summary>
/// Reads an archive as something that anybody may have written: only names and lengths that a backup can have, each file once and as its manifest says, and
/// nothing else.
/// </summary>
internal static class ArchiveReader
{
    private const int MaximumFiles = 10_000;
    private const string Advice = "use another backup";

    /// <summary>Reads all of an archive and checks it. Throws <see cref="BackupException"/>.</summary>
    public static Task<BackupManifest> CheckAsync(string path, CancellationToken cancellationToken) => ReadAsync(path, null, cancellationToken);

    /// <summary>Unpacks an archive into an empty folder, and checks it. Throws <see cref="BackupException"/>; the folder is then of no use.</summary>
    public static Task<BackupManifest> UnpackAsync(string path, string folder, CancellationToken cancellationToken) => ReadAsync(path, folder, cancellationToken);

    private static async Task<BackupManifest> ReadAsync(string path, string? folder, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = File.OpenRead(path);
            await using var unpacked = new GZipStream(file, CompressionMode.Decompress);
            await using var tar = new TarReader(unpacked);
            var manifest = await ReadManifestAsync(path, tar, cancellationToken);
            if (folder is not null) CheckRoom(path, manifest, folder);
            foreach (var expected in manifest.Files)
            {
                var entry = await tar.GetNextEntryAsync(copyData: false, cancellationToken);
                if (entry is null || !IsFile(entry, expected.Name) || entry.Length != expected.Length) throw Damaged(path, $"{expected.Name} is missing or has another length");
                await TakeAsync(path, entry, expected, folder, cancellationToken);
            }

            if (await tar.GetNextEntryAsync(copyData: false, cancellationToken) is not null) throw Damaged(path, "it holds more than its manifest names");
            if (folder is not null) FlushFolders(folder);
            return manifest;
        }
        catch (Exception failure) when (failure is InvalidDataException or EndOfStreamException or FormatException or JsonException or NotSupportedException or ArgumentException)
        {
            throw Damaged(path, "it cannot be unpacked", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new BackupException($"The backup {path} cannot be read: {failure.Message}", failure);
        }
    }

    private static async Task<BackupManifest> ReadManifestAsync(string path, TarReader tar, CancellationToken cancellationToken)
    {
        var entry = await tar.GetNextEntryAsync(copyData: false, cancellationToken);
        if (entry is null || !IsFile(entry, BackupManifest.Name) || entry.Length is 0 or > BackupManifest.MaximumLength || entry.DataStream is null)
            throw new BackupException($"{path} is no backup of Sipstead: it does not begin with {BackupManifest.Name}.");
        var octets = new byte[entry.Length];
        await entry.DataStream.ReadExactlyAsync(octets, cancellationToken);
        var manifest = JsonSerializer.Deserialize(octets, BackupJson.Default.BackupManifest) ?? throw Damaged(path, "its manifest is empty");
        if (manifest.Format != BackupManifest.CurrentFormat)
            throw new BackupException($"The backup {path} has format {manifest.Format}, which this version does not read; restore it with version {Printable(manifest.Version)}.");
        if (manifest.Files.Count > MaximumFiles || manifest.Files.Select(file => file.Name).Distinct(StringComparer.Ordinal).Count() != manifest.Files.Count)
            throw Damaged(path, "its manifest names too many files, or one twice");
        if (manifest.Files.FirstOrDefault(file => !BackupFiles.IsAllowed(file.Name, file.Length)) is { } foreign)
            throw Damaged(path, $"its manifest names '{Printable(foreign.Name)}' with {foreign.Length} octets, which no backup has");
        return manifest;
    }

    /// <summary>No link, folder or device: a file, of this very name.</summary>
    private static bool IsFile(TarEntry entry, string name) => entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile && entry.Name == name;

    /// <summary>Lengths are those of the manifest, so that an archive cannot fill the disk before that is seen.</summary>
    private static void CheckRoom(string path, BackupManifest manifest, string folder)
    {
        var needed = manifest.Files.Sum(file => (decimal)file.Length);
        var free = new DriveInfo(folder).AvailableFreeSpace;
        if (needed > free) throw new BackupException($"The backup {path} needs {needed / 1_000_000:N0} MB, and {free / 1_000_000:N0} MB are free; make room.");
    }

    private static async Task TakeAsync(string path, TarEntry entry, BackupFile expected, string? folder, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var output = folder is null ? Stream.Null : Create(Path.Combine(folder, expected.Name));
        var buffer = new byte[128 * 1024];
        var length = 0L;
        while (entry.DataStream is { } content && await content.ReadAsync(buffer, cancellationToken) is var read and > 0)
        {
            length += read;
            if (length > expected.Length) break;
            hash.AppendData(buffer, 0, read);
            await output.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        if (length != expected.Length || Convert.ToHexStringLower(hash.GetHashAndReset()) != expected.Sha256) throw Damaged(path, $"{expected.Name} is not what was backed up");
        if (output is FileStream file) file.Flush(flushToDisk: true);
    }

    private static FileStream Create(string path)
    {
        PrivateFolder.Create(Path.GetDirectoryName(path)!);
        return PrivateFile.Create(path);
    }

    private static void FlushFolders(string folder)
    {
        foreach (var inner in Directory.EnumerateDirectories(folder)) Registrar.Journal.FolderFlush.Run(inner);
        Registrar.Journal.FolderFlush.Run(folder);
    }

    private static string Printable(string text) => string.Concat(text.Take(80).Select(c => char.IsAscii(c) && !char.IsControl(c) ? c : '?'));

    private static BackupException Damaged(string path, string how, Exception? failure = null) => new($"The backup {path} is damaged: {how}; {Advice}.", failure);
}
