namespace Sipstead.Media.Rtp;

/// <summary>
/// Decides whose packets are the party's, and where ours go (MED-04). The address in the party's description comes first. Another one, behind NAT, is taken
/// only in a short window after offer and answer, after three packets in a row of one source that fit what was agreed on, and only from the host that the
/// description or the signalling names, which for a party on this machine is loopback too; any host will do only where the description's address means
/// nothing to us (private, loopback) and the signalling's is not known. Then it is locked: others are dropped. A new offer and answer opens the window again, but a source that goes on sending keeps the lock.
/// </summary>
internal sealed class SourceLatch(TimeProvider time, MediaAddress local)
{
    private const int ProofPackets = 3;

    /// <summary>How long another source than the described one may be learned.</summary>
    public static TimeSpan Window { get; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a locked source must have been silent before a new offer and answer lets another take its place.</summary>
    private static readonly TimeSpan GoneAfter = TimeSpan.FromSeconds(1);

    private MediaAddress _described;
    private MediaAddress _locked;
    private MediaAddress _candidate;
    private uint _candidateSsrc;
    private ushort _candidateSequence;
    private int _candidatePackets;
    private long _openedAt;
    private long _heardAt;
    private bool _wasOpened;

    /// <summary>Where the party's signalling comes from; none when that is not known.</summary>
    public MediaAddress Signalling { get; set; }

    /// <summary>The source whose packets are taken; none before it is known.</summary>
    public MediaAddress Locked => _locked;

    /// <summary>Where our packets go. None while the described address cannot be the party's as seen from here, and its source is not known yet.</summary>
    public MediaAddress Destination => !_locked.IsNone ? _locked : CanReach(_described) ? _described : default;

    /// <summary>True while another source may be learned.</summary>
    public bool IsOpen => _wasOpened && time.GetElapsedTime(_openedAt) < Window;

    /// <summary>Takes the address of a new description, and opens the window.</summary>
    public void Open(MediaAddress described)
    {
        if (described != _described) _locked = default;
        _described = described;
        _candidatePackets = 0;
        _openedAt = time.GetTimestamp();
        _wasOpened = true;
    }

    /// <summary>True when a packet of this source could be the party's at all; changes nothing.</summary>
    public bool MayAccept(MediaAddress source) => !source.IsNone
        && (source == _locked || (source == _described ? _locked.IsNone || IsOpen : IsOpen && MayBeParty(source)));

    /// <summary>True when a packet of an agreed payload type is the party's.</summary>
    public bool Accepts(in RtpPacket packet, MediaAddress source)
    {
        if (source.IsNone || (source != _locked && !TryLock(packet, source))) return false;
        _heardAt = time.GetTimestamp();
        return true;
    }

    private bool TryLock(in RtpPacket packet, MediaAddress source)
    {
        if (source != _described)
        {
            if (!IsOpen || !MayBeParty(source) || !IsProven(packet, source)) return false;
        }
        else if (!_locked.IsNone && !IsOpen)
        {
            return false;
        }

        _locked = source;
        return true;
    }

    private bool MayBeParty(MediaAddress source)
    {
        if (!_locked.IsNone && time.GetElapsedTime(_heardAt) < GoneAfter) return false;
        if (_described.IsNone) return false;
        if (source.HasSameHost(_described) || IsThisMachine(source)) return true;
        return Signalling.IsNone ? _described.IsPrivate || _described.IsLoopback : source.HasSameHost(Signalling);
    }

    /// <summary>
    /// A party whose signalling came to our loopback address is on this machine. When it signals from one of the machine's other addresses, the system still
    /// has its media leave from loopback.
    /// </summary>
    private bool IsThisMachine(MediaAddress source) => local.IsLoopback && source.IsLoopback && !Signalling.IsNone && !Signalling.IsLoopback;

    private bool IsProven(in RtpPacket packet, MediaAddress source)
    {
        var follows = source == _candidate && packet.Ssrc == _candidateSsrc && packet.Sequence == (ushort)(_candidateSequence + 1);
        _candidatePackets = follows && _candidatePackets > 0 ? _candidatePackets + 1 : 1;
        _candidate = source;
        _candidateSsrc = packet.Ssrc;
        _candidateSequence = packet.Sequence;
        return _candidatePackets >= ProofPackets;
    }

    /// <summary>Nothing is sent to a loopback or private address of a network that we are not part of: it would reach somebody else, or ourselves.</summary>
    private bool CanReach(MediaAddress address)
    {
        if (address.IsNone) return false;
        if (local.IsAny || local.IsLoopback) return true;
        return !address.IsLoopback && (!address.IsPrivate || local.IsPrivate);
    }
}
