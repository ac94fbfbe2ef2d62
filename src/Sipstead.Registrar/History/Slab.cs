namespace Sipstead.Registrar.History;

/// <summary>A value that a <see cref="Slab{T}"/> holds.</summary>
internal interface ISlabPlace
{
    /// <summary>The next place of a list: of its owner while it is taken, of the free ones else.</summary>
    int Next { get; set; }
}

/// <summary>
/// Values in chunks that the garbage collector neither moves nor, as they hold no objects, looks into. A free place is taken again first. Places have numbers
/// from 1 on; 0 is none. Not thread-safe.
/// </summary>
internal sealed class Slab<T>
    where T : unmanaged, ISlabPlace
{
    private const int PlacesOfChunk = 4096;

    private readonly List<T[]> _chunks = [];
    private int _free;
    private int _last;

    public ref T this[int place] => ref _chunks[(place - 1) / PlacesOfChunk][(place - 1) % PlacesOfChunk];

    /// <summary>A place, all zero.</summary>
    public int Take()
    {
        if (_free == 0)
        {
            if (_last == _chunks.Count * PlacesOfChunk) _chunks.Add(GC.AllocateArray<T>(PlacesOfChunk, pinned: true));
            return ++_last;
        }

        var place = _free;
        _free = this[place].Next;
        this[place] = default;
        return place;
    }

    public void Free(int place)
    {
        this[place].Next = _free;
        _free = place;
    }
}
