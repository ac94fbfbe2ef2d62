using Microsoft.Win32.SafeHandles;

namespace Sipstead.Registrar.Journal;

/// <summary>A new file on the disk.</summary>
internal sealed class DiskFile(string path) : IDiskFile
{
    private readonly SafeFileHandle _handle = File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.Read);

    public void Write(ReadOnlySpan<byte> octets, long at) => RandomAccess.Write(_handle, octets, at);

    public void SetLength(long length) => RandomAccess.SetLength(_handle, length);

    public void BeginFlush(long at, long length) => WriteBack.Begin(_handle, at, length);

    public void Flush() => RandomAccess.FlushToDisk(_handle);

    public void Dispose() => _handle.Dispose();
}
