using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sipstead.Provisioning.View;

/// <summary>
/// Leads from the hash of a key to the references of records. A slot holds a reference beside 32 bits of the hash, so that a search
/// touches hardly any record but the one it looks for, and an index grows without reading records. Eight slots, a cache line, are
/// searched before the next eight. Readers take no lock: a slot is written atomically, a shard that grows is swapped. Writers must be
/// serialised by the owner.
/// </summary>
internal sealed class RecordIndex
{
    private const int ShardBits = 6;
    private const int KeyBits = 32;

    private readonly Slots[] _shards = new Slots[1 << ShardBits];

    public RecordIndex()
    {
        foreach (ref var shard in _shards.AsSpan()) shard = Slots.Create(0);
    }

    /// <summary>The references that may be of the hash.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Search Find(ulong hash) => new(Volatile.Read(ref _shards[ShardOf(hash)]), KeyOf(hash));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ulong hash, uint reference)
    {
        ref var shard = ref _shards[ShardOf(hash)];
        if (shard.IsFull) Volatile.Write(ref shard, shard.Rebuilt());
        shard.Add(Entry(KeyOf(hash), reference));
    }

    /// <summary>Lets an entry lead to another record.</summary>
    public void Replace(ulong hash, uint from, uint to) =>
        _shards[ShardOf(hash)].Replace(Entry(KeyOf(hash), from), Entry(KeyOf(hash), to));

    public void Remove(ulong hash, uint reference)
    {
        ref var shard = ref _shards[ShardOf(hash)];
        shard.Remove(Entry(KeyOf(hash), reference));
        if (shard.IsSparse) Volatile.Write(ref shard, shard.Rebuilt());
    }

    private static int ShardOf(ulong hash) => (int)(hash >> (64 - ShardBits));

    private static uint KeyOf(ulong hash) => (uint)(hash >> (64 - ShardBits - KeyBits));

    private static ulong Entry(uint key, uint reference) => ((ulong)key << KeyBits) | reference;

    /// <summary>Goes through the slots in which an entry of one key may stand.</summary>
    internal ref struct Search
    {
        private readonly Slots _slots;
        private readonly uint _key;
        private Position _position;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Search(Slots slots, uint key)
        {
            _slots = slots;
            _key = key;
            _position = slots.First(key);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool TryNext(out uint reference)
        {
            for (; Volatile.Read(ref _slots[_position]) is var entry and not Slots.Empty; _position = _slots.After(_position))
            {
                if ((uint)(entry >> KeyBits) != _key || entry == Slots.Removed) continue;
                reference = (uint)entry;
                _position = _slots.After(_position);
                return true;
            }

            reference = 0;
            return false;
        }
    }

    /// <param name="At">The slot.</param>
    /// <param name="Left">How many slots of its line were not looked at before it.</param>
    internal readonly record struct Position(int At, int Left);

    /// <summary>
    /// The slots of a shard. An entry stands where its key's hash points to, or, if that was taken, in the first slot after it that was
    /// not; no slot between the two is <see cref="Empty"/>.
    /// </summary>
    internal sealed class Slots
    {
        public const ulong Empty = 0;

        /// <summary>Stands where an entry was removed, so that a search goes on past it.</summary>
        public const ulong Removed = 1;

        private const int LineBits = 3;
        private const int Line = 1 << LineBits;

        /// <summary>Pinned.</summary>
        private readonly ulong[] _slots;

        /// <summary>Where a cache line begins.</summary>
        private readonly int _start;

        private readonly int _bits;
        private int _used;
        private int _live;

        private Slots(int bits)
        {
            _bits = bits;
            _slots = GC.AllocateArray<ulong>((1 << bits) + Line, pinned: true);
            _start = (int)(-Marshal.UnsafeAddrOfPinnedArrayElement(_slots, 0) & ((Line * sizeof(ulong)) - 1)) / sizeof(ulong);
        }

        public bool IsFull => (_used + 1) * 4 > Count * 3;

        public bool IsSparse => Count > Line && _live * 8 < Count;

        private int Count => 1 << _bits;

        public ref ulong this[Position position]
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_slots), _start + position.At);
        }

        /// <summary>With a third to two thirds of the slots in use by so many entries.</summary>
        public static Slots Create(int entries) => new(Math.Max(LineBits, BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)entries * 3 / 2))));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Position First(uint key) => new((int)(((ulong)key << _bits) >> KeyBits), Line);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Position After(Position position)
        {
            var next = NextInLine(position.At);
            return position.Left > 1 ? new(next, position.Left - 1) : new((next + Line) & (Count - 1), Line);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Add(ulong entry)
        {
            var position = First((uint)(entry >> KeyBits));
            while (this[position] > Removed) position = After(position);
            if (this[position] == Empty) _used++;
            _live++;
            Volatile.Write(ref this[position], entry);
        }

        public void Replace(ulong from, ulong to) => Volatile.Write(ref Find(from, out _), to);

        public void Remove(ulong entry)
        {
            ref var slot = ref Find(entry, out var position);
            var isEnd = this[new Position(NextInLine(position.At), Line)] == Empty; // then no search goes past this slot
            Volatile.Write(ref slot, isEnd ? Empty : Removed);
            if (isEnd) _used--;
            _live--;
        }

        /// <summary>Makes room: more slots, or fewer, without the marks of removed entries.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public Slots Rebuilt()
        {
            var slots = Create(_live + 1);
            for (var at = 0; at < Count; at++)
            {
                var entry = this[new Position(at, Line)];
                if (entry > Removed) slots.Add(entry);
            }

            return slots;
        }

        private static int NextInLine(int at) => (at & ~(Line - 1)) | ((at + 1) & (Line - 1));

        private ref ulong Find(ulong entry, out Position position)
        {
            position = First((uint)(entry >> KeyBits));
            while (this[position] != entry)
            {
                if (this[position] == Empty) throw new InvalidOperationException("The entry is not in the index.");
                position = After(position);
            }

            return ref this[position];
        }
    }
}
