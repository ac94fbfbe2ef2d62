namespace Sipstead.Registrar.Journal;

/// <summary>The disk of this machine.</summary>
internal sealed class Disk : IDisk
{
    public IDiskFile Create(string path) => new DiskFile(path);

    public void Flush(string path)
    {
        using var handle = File.OpenHandle(path, access: FileAccess.ReadWrite, share: FileShare.ReadWrite);
        RandomAccess.FlushToDisk(handle);
    }
}
