using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sipstead.Provisioning.View;

/// <summary>
/// Places for records of one length, in pages that the garbage collector neither moves nor looks into. Places that become free are
/// used again, or filled with the last records so that pages can go: memory follows the content. One writer at a time.
/// </summary>
/// <param name="length">Octets of a place.</param>
/// <param name="era">Ended before a place is used again.</param>
/// <param name="moved">Told that the record of one place (first) stands at another (second) too, from where it is to be read from now on.</param>
internal sealed class RecordSlab(int length, RecordEra era, Action<int, int> moved)
{
    private const int PageBits = 12;
    private const int PageMask = (1 << PageBits) - 1;

    /// <summary>So many places are retired before an era ends: readers seldom have to begin again.</summary>
    private const int Batch = 64;

    private const int CacheLine = 64;

    /// <summary>Places left by records that are in no index any more, but perhaps still read.</summary>
    private readonly List<int> _retired = new(Batch);

    /// <summary>Places that nobody reads.</summary>
    private readonly List<int> _free = [];

    private Page[] _pages = [];
    private int _count;

    /// <summary>A place; empty when it went with its page, after the record was moved.</summary>
    public ReadOnlySpan<byte> this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var pages = Volatile.Read(ref _pages);
            var page = index >> PageBits;
            return page < pages.Length ? Place(pages[page], index) : default;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Add(ReadOnlySpan<byte> record)
    {
        var index = Take();
        record.CopyTo(Place(_pages[index >> PageBits], index));
        return index;
    }

    /// <summary>Takes a place back whose record is in no index any more. This may move other records.</summary>
    public void Retire(int index)
    {
        _retired.Add(index);
        if (_retired.Count < Batch) return;
        Free();
        if (_free.Count > Batch) Compact();
    }

    private int Take()
    {
        if (_free.Count > 0)
        {
            var free = _free[^1];
            _free.RemoveAt(_free.Count - 1);
            return free;
        }

        if (_count >> PageBits == _pages.Length) Volatile.Write(ref _pages, [.. _pages, Page.Create(length)]);
        return _count++;
    }

    private void Free()
    {
        era.Next();
        _free.AddRange(_retired);
        _retired.Clear();
    }

    /// <summary>Moves the last records into the free places, the last one first, so that what is last is never free.</summary>
    private void Compact()
    {
        _free.Sort();
        for (var i = _free.Count - 1; i >= 0; i--)
        {
            var last = --_count;
            if (_free[i] == last) continue;
            this[last].CopyTo(Place(_pages[_free[i] >> PageBits], _free[i]));
            moved(last, _free[i]);
        }

        _free.Clear();
        era.Next(); // for the places at the end
        var needed = ((_count + PageMask) >> PageBits) + 1; // and one to grow into
        if (needed < _pages.Length) Volatile.Write(ref _pages, _pages[..needed]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Place(in Page page, int index) => MemoryMarshal.CreateSpan(
        ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(page.Octets), page.Start + ((index & PageMask) * length)), length);

    /// <param name="Octets">Pinned.</param>
    /// <param name="Start">Where a cache line begins.</param>
    private readonly record struct Page(byte[] Octets, int Start)
    {
        public static Page Create(int length)
        {
            var octets = GC.AllocateUninitializedArray<byte>((length << PageBits) + CacheLine, pinned: true);
            return new Page(octets, (int)(-Marshal.UnsafeAddrOfPinnedArrayElement(octets, 0) & (CacheLine - 1)));
        }
    }
}
