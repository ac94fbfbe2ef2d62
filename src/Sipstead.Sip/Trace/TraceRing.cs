namespace Sipstead.Sip.Trace;

/// <summary>
/// A ring of octets in segments, which are allocated when they are first needed. Positions only rise, so that one is still there exactly when it is not
/// below <see cref="Tail"/>. No part spans two segments; the oldest segment is given up whole. Belongs to whoever holds the trace's lock.
/// </summary>
internal sealed class TraceRing
{
    /// <summary>Octets of a segment: large enough for the heap whose objects are not moved.</summary>
    public const int SegmentSize = 256 * 1024;

    private readonly byte[]?[] _segments;
    private readonly int[] _used;
    private long _head;

    /// <param name="capacity">Octets; at least two segments are taken.</param>
    public TraceRing(int capacity)
    {
        _segments = new byte[Math.Max(2, capacity / SegmentSize)][];
        _used = new int[_segments.Length];
    }

    /// <summary>The oldest position that is still there.</summary>
    public long Tail { get; private set; }

    /// <summary>Octets that it may hold.</summary>
    public long Capacity => (long)_segments.Length * SegmentSize;

    /// <summary>Octets in use of the segment at <see cref="Tail"/>.</summary>
    public int OldestUsed => _used[SlotOf(Tail)];

    /// <summary>True when <see cref="Append"/> takes the place of the oldest segment, which must be dropped first.</summary>
    public bool MustDropFor(int length) => PlaceFor(length) >= Tail + Capacity;

    /// <summary>Gives the oldest segment up.</summary>
    public void DropOldest()
    {
        _used[SlotOf(Tail)] = 0;
        Tail += SegmentSize;
    }

    /// <summary>Takes a place for at most a segment's octets.</summary>
    public Span<byte> Append(int length, out long position)
    {
        position = PlaceFor(length);
        _head = position + length;
        var slot = SlotOf(position);
        _used[slot] += length;
        _segments[slot] ??= GC.AllocateUninitializedArray<byte>(SegmentSize);
        return At(position, length);
    }

    /// <summary>The octets at a position that is still there.</summary>
    public Span<byte> At(long position, int length) => _segments[SlotOf(position)].AsSpan((int)(position % SegmentSize), length);

    private int SlotOf(long position) => (int)(position / SegmentSize % _segments.Length);

    private long PlaceFor(int length)
    {
        var left = SegmentSize - (_head % SegmentSize);
        return length <= left ? _head : _head + left;
    }
}
