using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sipstead.Registrar.Location;

/// <summary>
/// The memory of a shard's records: chunks in which records lie one behind the other, and which the garbage collector neither moves nor looks into. A record
/// is told by a 32-bit reference, never 0. Space that records leave is won back by moving what is left of a chunk, so that a third of it is unused at most.
/// </summary>
internal sealed class RecordArena(ArenaBlocks blocks)
{
    /// <summary>Records start at, and take, multiples of it.</summary>
    public const int Unit = 8;

    private const int ChunkLength = 32 * 1024;
    private const int UnitsOfChunk = ChunkLength / Unit;

    /// <summary>Longer records get a chunk of their own, so that the end of a chunk that none fits into is short.</summary>
    private const int MaxShared = ChunkLength / 4;

    /// <summary>Where a record has the length of its bindings, a free piece has <see cref="FreeMark"/>.</summary>
    private const int MarkOffset = 4;
    private const int FreeMark = -1;

    /// <summary>Chunks without records, for many records to come.</summary>
    private readonly Stack<int> _free = new();

    /// <summary>Numbers of chunks that were of one long record, and are no more.</summary>
    private readonly Stack<int> _unused = new();
    private readonly Queue<int> _sparse = new();
    private Chunk[] _chunks = [];
    private int _count;
    private int _current = -1;

    /// <summary>Part of the memory.</summary>
    private struct Chunk
    {
        /// <summary>The array that it lies in.</summary>
        public byte[] Octets;

        /// <summary>Where in it.</summary>
        public int Start;
        public int Length;

        /// <summary>Octets that have been given out.</summary>
        public int Used;

        /// <summary>Octets of records that are still there.</summary>
        public int Live;

        public bool IsSparse;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly Span<byte> From(int offset) => new(Octets, Start + offset, Length - offset);
    }

    /// <summary>Octets of all chunks.</summary>
    public long Capacity
    {
        get
        {
            long capacity = 0;
            for (var i = 0; i < _count; i++) capacity += _chunks[i].Length;
            return capacity;
        }
    }

    public AorRecord this[int reference]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var octets = _chunks[ChunkOf(reference)].From(OffsetOf(reference));
            return new AorRecord(octets[..MemoryMarshal.Read<int>(octets)]);
        }
    }

    /// <summary>All records. None may be added meanwhile.</summary>
    public Enumerator GetEnumerator() => new(this, 0, int.MaxValue);

    /// <summary>Space for a record; its size is set, the rest of its header is nothing.</summary>
    public int Take(int length)
    {
        var size = SizeOf(length);
        var chunk = size > MaxShared ? AddChunk(GC.AllocateUninitializedArray<byte>(size, pinned: true)) : ChunkWithRoomFor(size);
        ref var taken = ref _chunks[chunk];
        var offset = taken.Used;
        taken.Used += size;
        taken.Live += size;
        MemoryMarshal.Write(taken.From(offset), new AorHeader { Size = size });
        return ((chunk + 1) * UnitsOfChunk) + (offset / Unit);
    }

    /// <summary>Makes a record longer where it is. False when there is no room behind it.</summary>
    public bool TryExtend(int reference, int length)
    {
        var size = SizeOf(length);
        var chunk = ChunkOf(reference);
        ref var part = ref _chunks[chunk];
        ref var header = ref this[reference].Header;
        var more = size - header.Size;
        if (more <= 0) return true;
        if (chunk != _current || OffsetOf(reference) + header.Size != part.Used || more > part.Length - part.Used) return false;
        part.Used += more;
        part.Live += more;
        header.Size = size;
        return true;
    }

    /// <summary>Gives back what a record that has become shorter no longer takes.</summary>
    public void Cut(int reference, int length)
    {
        var size = SizeOf(length);
        ref var header = ref this[reference].Header;
        var rest = header.Size - size;
        if (rest <= 0) return;
        header.Size = size;
        MarkFree(ChunkOf(reference), OffsetOf(reference) + size, rest);
    }

    public void Free(int reference) => MarkFree(ChunkOf(reference), OffsetOf(reference), this[reference].Header.Size);

    /// <summary>Tells a chunk whose records are to be moved, each with <see cref="Take"/> and <see cref="Free"/>. False when none is.</summary>
    public bool TryTakeSparse(out int chunk)
    {
        while (_sparse.TryDequeue(out chunk))
        {
            if (_chunks[chunk].IsSparse) return true; // else it has become free meanwhile
        }

        return false;
    }

    /// <summary>The records of one chunk.</summary>
    public Enumerator RecordsOf(int chunk) => new(this, chunk, chunk + 1);

    private static int ChunkOf(int reference) => (reference / UnitsOfChunk) - 1;

    private static int OffsetOf(int reference) => reference % UnitsOfChunk * Unit;

    private static int SizeOf(int length) => (length + Unit - 1) / Unit * Unit;

    private int ChunkWithRoomFor(int size)
    {
        if (_current >= 0 && _chunks[_current].Length - _chunks[_current].Used >= size) return _current;
        var full = _current;
        _current = -1;
        if (full >= 0) Review(full);
        return _current = AddChunk(null);
    }

    /// <summary>Adds a chunk of its own for a long record, or one for many.</summary>
    private int AddChunk(byte[]? own)
    {
        if (own is null && _free.TryPop(out var free)) return free;
        if (!_unused.TryPop(out var chunk))
        {
            if (_count == _chunks.Length) Array.Resize(ref _chunks, Math.Max(4, _count * 2));
            chunk = _count++;
        }

        var (octets, start) = own is null ? blocks.Take(ChunkLength) : (own, 0);
        _chunks[chunk] = new Chunk { Octets = octets, Start = start, Length = own?.Length ?? ChunkLength };
        return chunk;
    }

    private void MarkFree(int chunk, int offset, int size)
    {
        var octets = _chunks[chunk].From(offset)[..Unit];
        MemoryMarshal.Write(octets, size);
        MemoryMarshal.Write(octets[MarkOffset..], FreeMark);
        _chunks[chunk].Live -= size;
        Review(chunk);
    }

    private void Review(int chunk)
    {
        ref var part = ref _chunks[chunk];
        if (chunk == _current) return;
        if (part.Live == 0)
        {
            (part.Length == ChunkLength ? _free : _unused).Push(chunk);
            part = part.Length == ChunkLength ? part with { Used = 0, IsSparse = false } : default;
        }
        else if (!part.IsSparse && part.Live < part.Length / 3 * 2)
        {
            part.IsSparse = true;
            _sparse.Enqueue(chunk);
        }
    }

    /// <summary>Walks the references of records, chunk by chunk.</summary>
    public struct Enumerator(RecordArena arena, int chunk, int end)
    {
        private int _chunk = chunk;
        private int _offset;
        private int _size;

        public readonly int Current => ((_chunk + 1) * UnitsOfChunk) + (_offset / Unit);

        public readonly Enumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            _offset += _size;
            for (; _chunk < end && _chunk < arena._count; _chunk++, _offset = 0)
            {
                ref readonly var part = ref arena._chunks[_chunk];
                while (_offset < part.Used)
                {
                    var octets = part.From(_offset);
                    _size = MemoryMarshal.Read<int>(octets);
                    if (MemoryMarshal.Read<int>(octets[MarkOffset..]) != FreeMark) return true;
                    _offset += _size;
                }
            }

            _size = 0;
            return false;
        }
    }
}
