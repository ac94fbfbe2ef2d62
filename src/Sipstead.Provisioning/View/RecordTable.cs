using System.Numerics;

namespace Sipstead.Provisioning.View;

/// <summary>How a <see cref="RecordTable{TKey}"/> hashes and compares its records.</summary>
internal interface IRecordKey<TSelf>
    where TSelf : struct, IRecordKey<TSelf>, allows ref struct
{
    static abstract TSelf Of(ReadOnlySpan<byte> record);

    ulong Hash();

    bool Matches(ReadOnlySpan<byte> record);
}

/// <summary>
/// A sharded open-addressing set of records. Readers take no lock and allocate nothing: a slot is one reference, read and written
/// atomically, and a shard that grows publishes a new array. Writers must be serialised by the owner. Shards keep growth short.
/// </summary>
internal sealed class RecordTable<TKey>
    where TKey : struct, IRecordKey<TKey>, allows ref struct
{
    private const int ShardBits = 6;
    private const int InitialSlots = 8;

    /// <summary>Stands where a record was removed, so that a search goes on past it.</summary>
    private static readonly byte[] Removed = [];

    private readonly Shard[] _shards = new Shard[1 << ShardBits];

    public RecordTable()
    {
        for (var i = 0; i < _shards.Length; i++) _shards[i] = new Shard();
    }

    public byte[]? Find(TKey key)
    {
        var hash = key.Hash();
        var slots = ShardOf(hash).Slots;
        var at = SlotOf(hash, slots);
        return Probe(slots, ref at, key);
    }

    /// <summary>Adds a record, or replaces the one with the same key.</summary>
    public void Set(byte[] record)
    {
        var key = TKey.Of(record);
        var hash = key.Hash();
        var shard = ShardOf(hash);
        var at = SlotOf(hash, shard.Slots);
        if (Probe(shard.Slots, ref at, key) is null)
        {
            if ((shard.Used + 1) * 4 > shard.Slots.Length * 3)
            {
                Rebuild(shard);
                at = SlotOf(hash, shard.Slots);
                Probe(shard.Slots, ref at, key);
            }

            shard.Used++;
            shard.Live++;
        }

        Volatile.Write(ref shard.Slots[at], record);
    }

    public bool Remove(TKey key)
    {
        var hash = key.Hash();
        var shard = ShardOf(hash);
        var at = SlotOf(hash, shard.Slots);
        if (Probe(shard.Slots, ref at, key) is null) return false;
        Volatile.Write(ref shard.Slots[at], Removed);
        shard.Live--;
        return true;
    }

    private static int SlotOf(ulong hash, byte[]?[] slots) => (int)(hash >> ShardBits) & (slots.Length - 1);

    /// <summary>Walks from <paramref name="at"/> to the record or to the first free slot, where it leaves <paramref name="at"/>.</summary>
    private static byte[]? Probe(byte[]?[] slots, ref int at, TKey key)
    {
        while (Volatile.Read(ref slots[at]) is { } record)
        {
            if (record.Length != 0 && key.Matches(record)) return record;
            at = (at + 1) & (slots.Length - 1);
        }

        return null;
    }

    /// <summary>Makes room: drops the marks of removed records and keeps between a third and two thirds of the slots in use.</summary>
    private static void Rebuild(Shard shard)
    {
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(InitialSlots, (shard.Live + 1) * 3 / 2));
        var slots = new byte[]?[size];
        foreach (var record in shard.Slots)
        {
            if (record is not { Length: > 0 }) continue;
            var at = SlotOf(TKey.Of(record).Hash(), slots);
            while (slots[at] is not null) at = (at + 1) & (size - 1);
            slots[at] = record;
        }

        shard.Used = shard.Live;
        shard.Slots = slots;
    }

    private Shard ShardOf(ulong hash) => _shards[hash & ((1 << ShardBits) - 1)];

    private sealed class Shard
    {
        private volatile byte[]?[] _slots = new byte[]?[InitialSlots];

        public byte[]?[] Slots
        {
            get => _slots;
            set => _slots = value;
        }

        /// <summary>Slots that hold a record or the mark of a removed one.</summary>
        public int Used { get; set; }

        public int Live { get; set; }
    }
}
