using Sipstead.Media.Codecs;

namespace Sipstead.Media.Rtp;

/// <summary>A payload that waits to be heard.</summary>
/// <param name="Timestamp">Of its first sample.</param>
/// <param name="Sequence">Its place among the packets of audio.</param>
/// <param name="Codec">Its codec; null for comfort noise.</param>
/// <param name="Samples">Samples in it.</param>
internal readonly record struct WaitingPayload(uint Timestamp, ushort Sequence, AudioCodec? Codec, int Samples)
{
    /// <summary>Where its octets lie.</summary>
    public int Start { get; init; }

    /// <summary>How many octets it has.</summary>
    public int Length { get; init; }
}

/// <summary>
/// Payloads in the order in which they came, in one ring of octets. Its room is for more than the jitter buffer lets wait; where it does not do, the oldest
/// go, and are told.
/// </summary>
internal sealed class PayloadQueue
{
    /// <summary>Payloads at most; more than a third of a second in packets of 2.5 ms.</summary>
    public const int Capacity = 144;

    /// <summary>Octets of all payloads: two seconds of G.711.</summary>
    private const int Octets = 16 * 1024;

    private readonly WaitingPayload[] _payloads = new WaitingPayload[Capacity];
    private readonly bool[] _isTaken = new bool[Capacity];
    private readonly byte[] _octets = new byte[Octets];

    /// <summary>Place of the oldest, and how many there are from there on, those that were taken out of turn included.</summary>
    private int _first;
    private int _count;

    /// <summary>Adds a payload. Returns how many that waited had to go for it.</summary>
    public int Add(WaitingPayload payload, ReadOnlySpan<byte> octets)
    {
        var gone = 0;
        int start;
        while (_count == Capacity || (start = FindRoom(octets.Length)) < 0)
        {
            if (!_isTaken[_first]) gone++;
            RemoveFirst();
        }

        octets.CopyTo(_octets.AsSpan(start));
        var place = (_first + _count++) % Capacity;
        _payloads[place] = payload with { Start = start, Length = octets.Length };
        _isTaken[place] = false;
        return gone;
    }

    /// <summary>Finds the payload whose timestamp is the earliest; -1 when none waits.</summary>
    /// <param name="now">A timestamp that they are near to.</param>
    public int FindEarliest(uint now)
    {
        var (found, least) = (-1, int.MaxValue);
        for (var i = 0; i < _count; i++)
        {
            var place = (_first + i) % Capacity;
            if (_isTaken[place] || (int)(_payloads[place].Timestamp - now) is var offset && offset >= least) continue;
            (found, least) = (place, offset);
        }

        return found;
    }

    public ref readonly WaitingPayload this[int place] => ref _payloads[place];

    /// <summary>The octets of a payload; valid until the next one is added.</summary>
    public ReadOnlySpan<byte> OctetsOf(int place) => _octets.AsSpan(_payloads[place].Start, _payloads[place].Length);

    /// <summary>Takes a payload out.</summary>
    public void Remove(int place)
    {
        _isTaken[place] = true;
        while (_count > 0 && _isTaken[_first]) RemoveFirst();
    }

    public void Clear() => _count = 0;

    private void RemoveFirst()
    {
        _first = (_first + 1) % Capacity;
        _count--;
    }

    /// <summary>Where so many octets fit in one piece behind the newest payload; -1 when nowhere.</summary>
    private int FindRoom(int length)
    {
        if (_count == 0) return length <= Octets ? 0 : -1;
        ref var newest = ref _payloads[(_first + _count - 1) % Capacity];
        var (begin, end) = (_payloads[_first].Start, newest.Start + newest.Length);
        if (newest.Start >= begin)
        {
            if (end + length <= Octets) return end;
            return length <= begin ? 0 : -1;
        }

        return end + length <= begin ? end : -1;
    }
}
