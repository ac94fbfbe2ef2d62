namespace Sipstead.Media.Rtp;

/// <summary>Sequence numbers, loss and jitter of one source (RFC 3550 6.4.1, A.1, A.3, A.8).</summary>
internal sealed class ReceptionStatistics
{
    /// <summary>Numbers that a source may skip before it counts as restarted.</summary>
    private const int MaxDropout = 3000;

    /// <summary>Numbers that a packet may be behind: as many as are remembered for duplicates.</summary>
    private const int MaxMisorder = 64;

    /// <summary>Numbers are counted from one round up, so that a packet before the first one is not negative.</summary>
    private const uint FirstRound = 0x10000;

    private uint _base;
    private uint _highest;
    private ulong _seen;
    private ushort _restart;
    private bool _mayRestart;
    private TimeSpan _lastArrival;
    private uint _lastTimestamp;
    private int _clockRate;
    private double _jitter;
    private long _expectedBefore;
    private long _receivedBefore;
    private long _received;

    /// <summary>Jitter in units of the clock.</summary>
    public uint Jitter => (uint)_jitter;

    /// <summary>Jitter as time.</summary>
    public TimeSpan JitterTime => _clockRate == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds((double)Jitter / _clockRate);

    /// <summary>Highest sequence number, with how often the numbers began anew in the upper half.</summary>
    public uint HighestSequence => _highest - FirstRound;

    /// <summary>Packets expected less those that came; duplicates count as come only once.</summary>
    public long Lost => _received == 0 ? 0 : Expected - _received;

    private long Expected => (long)_highest - _base + 1;

    /// <summary>Begins anew for another source.</summary>
    public void Reset()
    {
        _received = 0;
        _receivedBefore = 0;
        _expectedBefore = 0;
        _jitter = 0;
        _lastArrival = default;
        _mayRestart = false;
    }

    /// <summary>Counts a packet. False for a duplicate, and for a first packet far from the others: only a second one in line proves a restart.</summary>
    public bool TryCount(ushort sequence)
    {
        if (_received == 0) Begin(sequence);
        else
        {
            var ahead = (short)(sequence - (ushort)_highest);
            if (ahead is > MaxDropout or <= -MaxMisorder)
            {
                if (!_mayRestart || sequence != _restart)
                {
                    _restart = (ushort)(sequence + 1);
                    _mayRestart = true;
                    return false;
                }

                Reset();
                Begin(sequence);
            }
            else if (!TryMark(ahead)) return false;
        }

        _mayRestart = false;
        _received++;
        return true;
    }

    /// <summary>Measures jitter by the spacing of a packet against that of its timestamps. Under another clock, it begins anew.</summary>
    public void Measure(uint timestamp, int clockRate, TimeSpan arrival)
    {
        if (clockRate != _clockRate)
        {
            _clockRate = clockRate;
            _jitter = 0;
            _lastArrival = default;
        }

        if (arrival != default && _lastArrival != default)
        {
            var spacing = (arrival - _lastArrival).TotalSeconds * clockRate;
            _jitter += (Math.Abs(spacing - (int)(timestamp - _lastTimestamp)) - _jitter) / 16;
        }

        _lastArrival = arrival;
        _lastTimestamp = timestamp;
    }

    /// <summary>Share of packets lost since the last call, in 1/256 (RFC 3550 A.3).</summary>
    public byte TakeFractionLost()
    {
        var expected = Expected - _expectedBefore;
        var lost = expected - (_received - _receivedBefore);
        _expectedBefore = Expected;
        _receivedBefore = _received;
        return expected <= 0 || lost <= 0 ? (byte)0 : (byte)Math.Min((lost << 8) / expected, 255);
    }

    private void Begin(ushort sequence)
    {
        _base = FirstRound + sequence;
        _highest = _base;
        _seen = 1;
    }

    /// <summary>Notes a number near the highest: bit n of what was seen stands for n below it.</summary>
    private bool TryMark(short ahead)
    {
        if (ahead > 0)
        {
            _highest += (uint)ahead;
            _seen = ahead >= MaxMisorder ? 1 : (_seen << ahead) | 1;
            return true;
        }

        var bit = 1UL << -ahead;
        if ((_seen & bit) != 0) return false;
        _seen |= bit;
        _base = Math.Min(_base, (uint)(_highest + ahead));
        return true;
    }
}
