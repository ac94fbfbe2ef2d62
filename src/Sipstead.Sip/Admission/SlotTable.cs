using System.Numerics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Sipstead.Sip.Admission;

/// <summary>What a <see cref="SlotTable{TSlot}"/> keeps of one peer. All zero is a peer of whom nothing is known.</summary>
public interface ITableSlot
{
    /// <summary>Ticks; of the slots that a new peer may take, the one with the least goes.</summary>
    long Worth { get; }
}

/// <summary>
/// What is known of peers, by a key of 64 bits, in memory of a fixed size and without locks. A key has eight places, chosen with a multiplier that is secret and
/// of this run, so that nobody can aim at the places of another (S-26). Two threads that make room at the same moment may mix up two peers once:
/// good enough for counts, which is what it is for.
/// </summary>
/// <param name="capacity">Peers; rounded up to a power of two.</param>
/// <param name="onEvicted">Called when a peer makes room for another; null for nothing.</param>
public sealed class SlotTable<TSlot>(int capacity, Action? onEvicted = null)
    where TSlot : struct, ITableSlot
{
    /// <summary>Places of one key: their keys are one cache line.</summary>
    private const int Ways = 8;

    /// <summary>A place that is being given to another key.</summary>
    private const ulong Moving = ulong.MaxValue;

    /// <summary>Stands for the two keys that mean something else here.</summary>
    private const ulong Substitute = 0x9E37_79B9_7F4A_7C15;

    private readonly ulong[] _keys = new ulong[CapacityOf(capacity)];
    private readonly TSlot[] _slots = new TSlot[CapacityOf(capacity)];
    private readonly int _shift = 64 - BitOperations.Log2((uint)CapacityOf(capacity) / Ways);
    private readonly ulong _multiplier = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)) | 1;
    private int _used;

    /// <summary>Places that hold a peer.</summary>
    public int Count => Volatile.Read(ref _used);

    /// <summary>Places there are.</summary>
    public int Capacity => _keys.Length;

    /// <summary>What is known of a peer; a null reference (<see cref="Unsafe.IsNullRef{T}"/>) when it is none of these.</summary>
    public ref TSlot Find(ulong key)
    {
        if (Count == 0) return ref Unsafe.NullRef<TSlot>();
        key = Usable(key);
        var first = FirstPlace(key);
        var at = _keys.AsSpan(first, Ways).IndexOf(key);
        return ref at < 0 ? ref Unsafe.NullRef<TSlot>() : ref _slots[first + at];
    }

    /// <summary>What is known of a peer; when it is none of these, it takes the place of the one worth least.</summary>
    public ref TSlot FindOrAdd(ulong key)
    {
        key = Usable(key);
        var first = FirstPlace(key);
        var at = _keys.AsSpan(first, Ways).IndexOf(key);
        return ref at < 0 ? ref Add(key, first) : ref _slots[first + at];
    }

    private static int CapacityOf(int capacity) => (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(capacity, 2 * Ways));

    private static ulong Usable(ulong key) => key is 0 or Moving ? Substitute : key;

    private int FirstPlace(ulong key) => (int)((key * _multiplier) >> _shift) * Ways;

    private ref TSlot Add(ulong key, int first)
    {
        var place = LeastIn(first);
        var old = Volatile.Read(ref _keys[place]);

        // Who else is changing the place just now has made it fresh, and a count that is shared once does no harm.
        if (old == Moving || Interlocked.CompareExchange(ref _keys[place], Moving, old) != old) return ref _slots[place];
        _slots[place] = default;
        Volatile.Write(ref _keys[place], key);
        if (old == 0) Interlocked.Increment(ref _used);
        else onEvicted?.Invoke();
        return ref _slots[place];
    }

    private int LeastIn(int first)
    {
        var least = first;
        for (var place = first; place < first + Ways; place++)
        {
            if (_keys[place] == 0) return place;
            if (_slots[place].Worth < _slots[least].Worth) least = place;
        }

        return least;
    }
}
