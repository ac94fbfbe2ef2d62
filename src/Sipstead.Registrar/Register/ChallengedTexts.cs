using System.Runtime.InteropServices;
using Sipstead.Sip.Parsing;

namespace Sipstead.Registrar.Register;

/// <summary>
/// REGISTERs without credentials that were read whole and challenged, by <see cref="RegisterText.Hash"/>: what says the same is challenged again. That is true
/// for as long as the server runs, whatever becomes of realm and user. Of a fixed size, whose pages cost nothing until they are used; a text that another
/// one pushed out is read whole once more. Shared by all receiving loops, without locks: what two of them do to one line at once may lose a text, and makes none.
/// </summary>
internal sealed class ChallengedTexts
{
    /// <summary>Texts there is room for.</summary>
    public const int Capacity = 1 << 19;

    /// <summary>Places of one text, on one cache line. The hash is keyed, so that nobody can aim at the line of another's.</summary>
    private const int Ways = 8;

    private readonly RegistrarMetrics _metrics;
    private readonly ulong[] _places = GC.AllocateArray<ulong>(Capacity + Ways, pinned: true);

    /// <summary>Where a cache line begins.</summary>
    private readonly int _start;

    public ChallengedTexts(RegistrarMetrics metrics)
    {
        _metrics = metrics;
        _start = (int)(-Marshal.UnsafeAddrOfPinnedArrayElement(_places, 0) & ((Ways * sizeof(ulong)) - 1)) / sizeof(ulong);
    }

    /// <summary>True for a text that was added, and not pushed out since.</summary>
    public bool Contains(ulong hash) => hash != 0 && LineOf(hash).Contains(hash);

    /// <summary>Adds a text; 0 stands for none. The oldest of its line makes room: a phone that restarts has a new text, and the old one never comes again.</summary>
    public void Add(ulong hash)
    {
        var line = LineOf(hash);
        if (hash == 0 || line.Contains(hash)) return;
        if (line[^1] != 0) _metrics.ChallengedTextEvicted();
        line[..^1].CopyTo(line[1..]);
        line[0] = hash;
    }

    private Span<ulong> LineOf(ulong hash) => _places.AsSpan(_start + ((int)(hash % (Capacity / Ways)) * Ways), Ways);
}
