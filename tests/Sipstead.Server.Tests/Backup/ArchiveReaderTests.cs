using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sipstead.Server.Backup;
using Sipstead.Testing;

namespace Sipstead.Server.Tests.Backup;

/// <summary>Archives that somebody else has made: nothing of them gets out of the folder, or is believed.</summary>
public sealed class ArchiveReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ArchiveReaderTests() => Directory.CreateDirectory(Target);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Target => _folder["inner/target"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Archive_AsItShouldBe_IsUnpacked()
    {
        await UnpackAsync(Write([Of("tokens.key", "k"), Of("bindings/0000000007.snapshot", "s"), Of("keys/key-7c3e2c4e-4c1e-4f5e-9a58-0d4f0c5c6c11.xml", "x")]));
        Assert.Equal("s", await File.ReadAllTextAsync(Path.Combine(Target, "bindings/0000000007.snapshot"), Cancel));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Target, "tokens.key")));
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("/tmp/outside")]
    [InlineData("bindings/../../outside")]
    [InlineData("bindings/0000000001.snapshot/../../../x")]
    [InlineData("./tokens.key")]
    [InlineData("tokens.key/")]
    [InlineData("TOKENS.KEY")]
    [InlineData("bindings\\0000000001.snapshot")]
    [InlineData("bindings/1.snapshot")]
    [InlineData("bindings/٠٠٠٠٠٠٠٠٠١.snapshot")]
    [InlineData("keys/key-..%2f.xml")]
    [InlineData("keys/../tokens.key")]
    [InlineData("lock")]
    [InlineData("admin.sock")]
    [InlineData("sipstead.db-wal")]
    [InlineData("")]
    [InlineData("tokens.key\0")]
    public async Task S_42_OtherNamesThanABackupHas_AreRefused(string name) => await RefuseAsync(Write([Of(name, "x")], entryName: "tokens.key"), "which no backup has");

    [Fact]
    public async Task S_42_EntriesThatAreNoFiles_AreRefused()
    {
        foreach (var type in (TarEntryType[])[TarEntryType.SymbolicLink, TarEntryType.HardLink, TarEntryType.Directory, TarEntryType.Fifo])
            await RefuseAsync(Write([Of("tokens.key", "x")], type: type), "tokens.key is missing");
        Assert.Empty(Directory.GetFileSystemEntries(Target));
    }

    [Fact]
    public async Task WhatTheManifestDoesNotSay_IsRefused()
    {
        await RefuseAsync(Write([Of("tokens.key", "x")], entryName: "nonce.key"), "tokens.key is missing");
        await RefuseAsync(Write([Of("tokens.key", "x") with { Sha256 = new string('0', 64) }]), "is not what was backed up");
        await RefuseAsync(Write([Of("tokens.key", "x") with { Length = 2 }]), "has another length");
        await RefuseAsync(Write([Of("tokens.key", "x")], more: "nonce.key"), "more than its manifest names");
        await RefuseAsync(Write([Of("tokens.key", "x"), Of("tokens.key", "x")]), "one twice");
        await RefuseAsync(Write([Of("tokens.key", "x") with { Length = 1L << 40 }]), "which no backup has");
        await RefuseAsync(Write([Of("sipstead.db", "x") with { Length = 1L << 60 }]), "make room");
        await RefuseAsync(Write([Of("tokens.key", "x")], format: 2), "has format 2, which this version does not read");
        await RefuseAsync(WriteRaw(tar => tar.WriteEntry(Entry("other.txt", "x"))), "is no backup of Sipstead");
        await RefuseAsync(WriteRaw(_ => { }), "The backup");
        await RefuseAsync(WriteRaw(tar => tar.WriteEntry(Entry("manifest.json", "{}"))), "cannot be unpacked");
        await RefuseAsync(WriteRaw(tar => tar.WriteEntry(Entry("manifest.json", new string(' ', 2_000_000)))), "is no backup of Sipstead");
    }

    private static BackupFile Of(string name, string content) =>
        new(name, content.Length, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content))));

    private static PaxTarEntry Entry(string name, string content) =>
        new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) };

    /// <summary>An archive whose files hold what <see cref="Of"/> was given in these tests: one letter.</summary>
    private string Write(BackupFile[] files, TarEntryType type = TarEntryType.RegularFile, string? entryName = null, string? more = null, int format = 1) => WriteRaw(tar =>
    {
        var manifest = new BackupManifest(format, "0.1.0", DateTimeOffset.UnixEpoch, true, files);
        tar.WriteEntry(Entry(BackupManifest.Name, JsonSerializer.Serialize(manifest, BackupJson.Default.BackupManifest)));
        foreach (var file in files)
        {
            var letter = file.Sha256 == Of("", "s").Sha256 ? "s" : file.Sha256 == Of("", "k").Sha256 ? "k" : "x";
            if (type == TarEntryType.RegularFile) tar.WriteEntry(Entry(entryName ?? file.Name, letter));
            else if (type is TarEntryType.SymbolicLink or TarEntryType.HardLink) tar.WriteEntry(new PaxTarEntry(type, file.Name) { LinkName = "/etc/passwd" });
            else tar.WriteEntry(new PaxTarEntry(type, file.Name));
        }

        if (more is not null) tar.WriteEntry(Entry(more, "x"));
    });

    private string WriteRaw(Action<TarWriter> write)
    {
        var path = _folder[$"{Guid.NewGuid():N}.tar.gz"];
        using var packed = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        using var tar = new TarWriter(packed, TarEntryFormat.Pax);
        write(tar);
        return path;
    }

    private Task<BackupManifest> UnpackAsync(string archive) => ArchiveReader.UnpackAsync(archive, Target, Cancel);

    private async Task RefuseAsync(string archive, string words)
    {
        var before = Directory.GetFileSystemEntries(_folder.Path, "*", SearchOption.AllDirectories).Where(path => !path.StartsWith(Target, StringComparison.Ordinal)).ToList();
        var refused = await Assert.ThrowsAsync<BackupException>(() => UnpackAsync(archive));
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
        Assert.Equal(before, Directory.GetFileSystemEntries(_folder.Path, "*", SearchOption.AllDirectories).Where(path => !path.StartsWith(Target, StringComparison.Ordinal)));
        foreach (var left in Directory.GetFiles(Target, "*", SearchOption.AllDirectories)) File.Delete(left);
    }
}
