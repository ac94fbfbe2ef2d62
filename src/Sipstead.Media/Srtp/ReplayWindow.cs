namespace Sipstead.Media.Srtp;

/// <summary>Which packet numbers came (RFC 3711 3.3.2): the highest, and those of the 63 before it.</summary>
internal struct ReplayWindow
{
    private const int Size = 64;
    private ulong _seen;

    /// <summary>The highest number taken; 0 before there was any.</summary>
    public ulong Highest { get; private set; }

    public readonly bool IsEmpty => _seen == 0;

    /// <summary>True for a number that was not taken, and is not too old to know.</summary>
    public readonly bool IsNew(ulong index)
    {
        if (IsEmpty || index > Highest) return true;
        var behind = Highest - index;
        return behind < Size && (_seen & (1UL << (int)behind)) == 0;
    }

    /// <summary>Notes a number that is new and authentic.</summary>
    public void Take(ulong index)
    {
        if (IsEmpty) (Highest, _seen) = (index, 1);
        else if (index > Highest)
        {
            var ahead = index - Highest;
            _seen = ahead >= Size ? 1 : (_seen << (int)ahead) | 1;
            Highest = index;
        }
        else _seen |= 1UL << (int)(Highest - index);
    }
}
