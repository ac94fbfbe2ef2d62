namespace Sipstead.Media.Rtp;

/// <summary>
/// Makes key presses of telephone-event packets: one for each timestamp, whichever of its packets came first, so that a lost start or end loses no key and
/// a repeated end doubles none (RFC 4733 2.5.2). A press longer than a duration can tell goes on under a second timestamp, and stays one.
/// </summary>
internal sealed class DigitReceiver
{
    /// <summary>Seconds that a packet may be behind the newest press and still be of an old one. Further back, the timestamps began anew.</summary>
    private const int OldestRepeat = 10;

    private bool _hasEvent;
    private uint _timestamp;
    private byte _event;
    private bool _hasEnded;

    /// <summary>Forgets the last key: a new source has its own timestamps.</summary>
    public void Reset() => _hasEvent = false;

    /// <summary>Takes a packet. Returns the key when it is a new press, else null.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="clockRate">Units of its timestamp a second.</param>
    public char? Take(in RtpPacket packet, int clockRate)
    {
        if (!TelephoneEvent.TryRead(packet.Payload, out var read) || read.Event >= TelephoneEvent.Keys.Length) return null;
        var ahead = (int)(packet.Timestamp - _timestamp);
        if (_hasEvent && ahead <= 0 && ahead > -OldestRepeat * clockRate)
        {
            _hasEnded |= ahead == 0 && read.IsEnd;
            return null;
        }

        // The next segment of a long press begins where the longest duration of the last one ends (RFC 4733 2.5.1.3).
        var goesOn = _hasEvent && !_hasEnded && !packet.Marker && read.Event == _event && ahead == ushort.MaxValue;
        _hasEvent = true;
        _timestamp = packet.Timestamp;
        _event = read.Event;
        _hasEnded = read.IsEnd;
        return goesOn ? null : TelephoneEvent.Keys[read.Event];
    }
}
