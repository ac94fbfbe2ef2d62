using System.Runtime.CompilerServices;

namespace Sipstead.Registrar.Location;

/// <summary>
/// Finds records by credential: open addressing, each slot a reference and 32 bits of the hash, so that only the record sought is touched. Nothing in it is
/// an object.
/// </summary>
internal sealed class RecordIndex(RecordArena arena)
{
    private const int FirstBits = 4;
    private const int HashBits = 32;

    /// <summary>The hash in the upper half, the reference in the lower; 0 for an empty slot.</summary>
    private ulong[] _slots = new ulong[1 << FirstBits];

    public int Count { get; private set; }

    /// <summary>The record of a credential; 0 when there is none.</summary>
    public int Find(long credentialId)
    {
        var slots = _slots;
        var hash = HashOf(credentialId);
        for (var i = HomeOf(hash, slots); slots[i] != 0; i = (i + 1) & (slots.Length - 1))
        {
            var reference = (int)slots[i];
            if ((uint)(slots[i] >> HashBits) == hash && arena[reference].CredentialId == credentialId) return reference;
        }

        return 0;
    }

    /// <summary>Adds a record that is not there yet.</summary>
    public void Add(long credentialId, int reference)
    {
        if ((Count + 1) * 4L > _slots.Length * 3L) Grow();
        Put(_slots, ((ulong)HashOf(credentialId) << HashBits) | (uint)reference);
        Count++;
    }

    /// <summary>Notes that a record is elsewhere now.</summary>
    public void Move(long credentialId, int from, int to)
    {
        var at = SlotOf(credentialId, from);
        _slots[at] = (_slots[at] & ~(ulong)uint.MaxValue) | (uint)to;
    }

    public void Remove(long credentialId, int reference)
    {
        var slots = _slots;
        var mask = slots.Length - 1;
        var hole = SlotOf(credentialId, reference);
        Count--;
        for (var i = (hole + 1) & mask; slots[i] != 0; i = (i + 1) & mask)
        {
            // What follows moves up, unless its home lies behind the hole.
            if (((i - HomeOf((uint)(slots[i] >> HashBits), slots)) & mask) < ((i - hole) & mask)) continue;
            slots[hole] = slots[i];
            hole = i;
        }

        slots[hole] = 0;
    }

    private static uint HashOf(long credentialId) => (uint)(((ulong)credentialId * 0x9E3779B97F4A7C15) >> HashBits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int HomeOf(uint hash, ulong[] slots) => (int)(((ulong)hash * (uint)slots.Length) >> HashBits);

    private static void Put(ulong[] slots, ulong slot)
    {
        var i = HomeOf((uint)(slot >> HashBits), slots);
        while (slots[i] != 0) i = (i + 1) & (slots.Length - 1);
        slots[i] = slot;
    }

    private int SlotOf(long credentialId, int reference)
    {
        var i = HomeOf(HashOf(credentialId), _slots);
        while ((int)_slots[i] != reference) i = (i + 1) & (_slots.Length - 1);
        return i;
    }

    private void Grow()
    {
        var larger = new ulong[_slots.Length * 2];
        foreach (var slot in _slots)
        {
            if (slot != 0) Put(larger, slot);
        }

        _slots = larger;
    }
}
