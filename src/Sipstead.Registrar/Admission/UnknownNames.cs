using System.Runtime.CompilerServices;

namespace Sipstead.Registrar.Admission;

/// <summary>Hashes of the different unknown users that one source named within a window: as many as the limit needs, and no more.</summary>
internal struct UnknownNames
{
    /// <summary>Largest limit that there is room for.</summary>
    public const int MaxLimit = 30;

    private Names _names;
    private int _count;
    private long _since;

    /// <summary>
    /// Notes a name; one that is known takes the same work and leaves nothing, so that time does not tell which it was (S-02). True when more different names
    /// than the limit have come within the window.
    /// </summary>
    public bool Note(uint name, bool isUnknown, int limit, long now, long window)
    {
        if (now - _since > window) (_count, _since) = (0, now);
        Span<uint> names = _names;
        var isNew = names[.._count].IndexOf(name) < 0;
        names[MaxLimit + 1] = name;
        if (isNew && isUnknown && _count <= limit) names[_count++] = name;
        return isUnknown && _count > limit;
    }

    /// <summary>One more than the limit, and one that is written in vain.</summary>
    [InlineArray(MaxLimit + 2)]
    private struct Names
    {
        private uint _first;
    }
}
