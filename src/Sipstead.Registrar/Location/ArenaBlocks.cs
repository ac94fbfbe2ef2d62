using System.Runtime.InteropServices;

namespace Sipstead.Registrar.Location;

/// <summary>
/// Gives the arenas of all shards their chunks, out of large blocks that the kernel may back with huge pages: records are read in no order, and for pages of
/// four kilobytes the processor's walk to the page costs more than the record. Thread-safe. Chunks are not taken back: arenas use them again.
/// </summary>
internal sealed partial class ArenaBlocks
{
    private const int HugePage = 2 * 1024 * 1024;
    private const int BlockLength = 2 * HugePage;

    /// <summary>MADV_HUGEPAGE.</summary>
    private const int AdviseHugePages = 14;

    private readonly Lock _lock = new();
    private byte[] _block = [];
    private int _used;
    private int _end;

    /// <summary>A chunk: an array that the garbage collector does not move, and where in it the chunk starts.</summary>
    /// <param name="length">Octets; a block's length is a multiple of it.</param>
    public (byte[] Octets, int Start) Take(int length)
    {
        lock (_lock)
        {
            if (_used == _end) Begin();
            var start = _used;
            _used += length;
            return (_block, start);
        }
    }

    private void Begin()
    {
        _block = GC.AllocateUninitializedArray<byte>(BlockLength + HugePage, pinned: true);
        var address = Marshal.UnsafeAddrOfPinnedArrayElement(_block, 0);
        _used = (int)(-address & (HugePage - 1));
        _end = _used + BlockLength;
        _ = Advise(address + _used, BlockLength, AdviseHugePages); // where it is refused, the pages are small
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nint length, int advice);
}
