using System.Runtime.CompilerServices;

namespace Sipstead.Provisioning.View;

/// <summary>
/// Records without references of their own to other objects, found by a 32-bit reference: the size class and the number of its place.
/// Most records fit into one cache line. Readers take no lock (<see cref="RecordEra"/>); writers must be serialised by the owner.
/// </summary>
internal sealed class RecordStore
{
    /// <summary>The most octets of a record.</summary>
    public const int MaximumLength = Step * (Classes - 1);

    /// <summary>Smaller than any reference.</summary>
    public const uint FirstReference = SmallestClass << IndexBits;

    private const int Step = 32;
    private const int Classes = 16;
    private const int SmallestClass = 2;
    private const int IndexBits = 28;
    private const uint IndexMask = (1u << IndexBits) - 1;

    private readonly RecordSlab[] _slabs = new RecordSlab[Classes];

    /// <param name="moved">Told that a record (its old reference first) is to be read by another reference (second) from now on.</param>
    public RecordStore(Action<uint, uint> moved)
    {
        for (var size = SmallestClass; size < Classes; size++)
        {
            var prefix = (uint)size << IndexBits;
            _slabs[size] = new RecordSlab(size * Step, Era, (from, to) => moved(prefix | (uint)from, prefix | (uint)to));
        }
    }

    public RecordEra Era { get; } = new();

    /// <summary>The place of a record, which may be longer than the record; empty when the reference is of a former era.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Read(uint reference) => _slabs[reference >> IndexBits][(int)(reference & IndexMask)];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public uint Add(ReadOnlySpan<byte> record)
    {
        var size = Math.Max(SmallestClass, (record.Length + Step - 1) / Step);
        return ((uint)size << IndexBits) | (uint)_slabs[size].Add(record);
    }

    /// <summary>Takes the place of a record back that is in no index any more. This may move other records.</summary>
    public void Retire(uint reference) => _slabs[reference >> IndexBits].Retire((int)(reference & IndexMask));
}
