using Microsoft.Win32.SafeHandles;

namespace Sipstead.Registrar.Journal;

/// <summary>One file being appended to.</summary>
internal sealed class JournalFile : IDisposable
{
    private readonly SafeFileHandle _handle;

    public JournalFile(string path, long number)
    {
        Path = path;
        Number = number;
        _handle = File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.Read);
        Append(JournalFormat.FileMark, fsync: false);
    }

    public string Path { get; }

    public long Number { get; }

    public long Length { get; private set; }

    /// <summary>Appends all octets or none: what a failed write left is cut off again.</summary>
    public void Append(ReadOnlySpan<byte> octets, bool fsync)
    {
        try
        {
            RandomAccess.Write(_handle, octets, Length);
            if (fsync) RandomAccess.FlushToDisk(_handle);
        }
        catch (IOException)
        {
            RandomAccess.SetLength(_handle, Length);
            throw;
        }

        Length += octets.Length;
    }

    /// <summary>Returns when the disk has all that was appended.</summary>
    public void Flush() => RandomAccess.FlushToDisk(_handle);

    public void Dispose()
    {
        if (_handle.IsClosed) return;
        RandomAccess.FlushToDisk(_handle);
        _handle.Dispose();
    }
}
