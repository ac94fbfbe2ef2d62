using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Sipstead.Registrar.Journal;

/// <summary>sync_file_range, which the framework does not offer.</summary>
internal static partial class WriteBack
{
    /// <summary>SYNC_FILE_RANGE_WRITE</summary>
    private const uint Write = 2;

    /// <summary>Begins to send a part of a file to the disk. It is a hint: a failure shows when the file is flushed.</summary>
    public static void Begin(SafeFileHandle file, long at, long length) => _ = SyncRange(file, at, length, Write);

    [LibraryImport("libc", EntryPoint = "sync_file_range")]
    private static partial int SyncRange(SafeFileHandle file, long at, long length, uint flags);
}
