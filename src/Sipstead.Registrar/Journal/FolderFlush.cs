using System.Runtime.InteropServices;

namespace Sipstead.Registrar.Journal;

/// <summary>fsync of a folder, which the framework does not offer: without it the name of a new file may be lost with the power, and the file with it.</summary>
public static partial class FolderFlush
{
    private const int ReadOnly = 0;

    /// <summary>Returns when the disk has the names of the folder's files. Throws <see cref="IOException"/>.</summary>
    public static void Run(string folder)
    {
        if (!OperatingSystem.IsLinux()) return;
        var descriptor = Open(folder, ReadOnly);
        if (descriptor < 0) throw new IOException($"{folder} cannot be opened: {Marshal.GetLastPInvokeErrorMessage()}");
        try
        {
            if (Sync(descriptor) != 0) throw new IOException($"{folder} cannot be flushed: {Marshal.GetLastPInvokeErrorMessage()}");
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
