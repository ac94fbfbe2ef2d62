using System.Buffers.Binary;
using System.Net;

namespace Sipstead.MediaLoad;

/// <summary>
/// One party: it sends a pattern of its own, fifty packets a second, and looks at what it hears. Its peer's pattern is what it hears first for a while.
/// </summary>
internal sealed class Leg
{
    public const int PacketLength = HeaderLength + FrameLength;

    private const int HeaderLength = 12;
    private const int FrameLength = 160;
    private const byte Silence = 0xFF;

    /// <summary>Frames in a row that make what is heard the peer's pattern.</summary>
    private const int FramesToBelieve = 10;

    private readonly byte[] _packet = new byte[PacketLength];
    private ushort _sequence;
    private uint _timestamp;
    private int _heard = -1;
    private int _heardFrames;
    private ushort _lastSequence;
    private long _lastAt;
    private long _sent, _received, _wrong, _gaps, _longestWait;

    public Leg(int number)
    {
        _packet[0] = 0x80;
        BinaryPrimitives.WriteInt32BigEndian(_packet.AsSpan(8), number + 1);
        _packet.AsSpan(HeaderLength).Fill((byte)(0x90 + (number * 7 % 0x60))); // mu-law codes that are far from silence
    }

    /// <summary>Where the server wants its media.</summary>
    public required SocketAddress Remote { get; set; }

    /// <summary>True once it heard anything at all.</summary>
    public bool HearsAnything => Volatile.Read(ref _received) > FramesToBelieve;

    /// <summary>True once it knows its peer.</summary>
    public bool HearsPeer => Volatile.Read(ref _heardFrames) >= FramesToBelieve;

    public MediaCounts Counts => new(
        1, Volatile.Read(ref _sent), Volatile.Read(ref _received), Volatile.Read(ref _gaps), Volatile.Read(ref _wrong),
        TimeProvider.System.GetElapsedTime(0, Interlocked.Exchange(ref _longestWait, 0)));

    /// <summary>The next packet.</summary>
    public ReadOnlySpan<byte> Next()
    {
        _packet[1] = (byte)(_sent == 0 ? 0x80 : 0);
        BinaryPrimitives.WriteUInt16BigEndian(_packet.AsSpan(2), ++_sequence);
        BinaryPrimitives.WriteUInt32BigEndian(_packet.AsSpan(4), _timestamp += FrameLength);
        _sent++;
        return _packet;
    }

    public void Take(ReadOnlySpan<byte> packet, long now)
    {
        if (packet.Length != PacketLength || (packet[1] & 0x7F) != 0) return;
        var sequence = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        if (_received++ > 0)
        {
            if ((ushort)(sequence - _lastSequence) is var step and > 1 and < 0x8000) _gaps += step - 1;
            if (now - _lastAt > Volatile.Read(ref _longestWait)) Volatile.Write(ref _longestWait, now - _lastAt);
        }

        (_lastSequence, _lastAt) = (sequence, now);
        Judge(packet[HeaderLength..]);
    }

    private void Judge(ReadOnlySpan<byte> frame)
    {
        var code = frame[0];
        var isPattern = code != Silence && !frame.ContainsAnyExcept(code);
        if (_heardFrames >= FramesToBelieve)
        {
            if (!isPattern || code != _heard) _wrong++;
            return;
        }

        _heardFrames = isPattern && code == _heard ? _heardFrames + 1 : 0;
        _heard = isPattern ? code : -1;
    }
}

/// <summary>What parties sent and heard.</summary>
/// <param name="Gaps">Sequence numbers that never came, or came late.</param>
/// <param name="Wrong">Frames that were not the peer's.</param>
/// <param name="LongestWait">From one packet to the next, of any party, since it was asked last.</param>
internal readonly record struct MediaCounts(int Legs, long Sent, long Received, long Gaps, long Wrong, TimeSpan LongestWait)
{
    public static MediaCounts operator +(MediaCounts a, MediaCounts b) => new(
        a.Legs + b.Legs, a.Sent + b.Sent, a.Received + b.Received, a.Gaps + b.Gaps, a.Wrong + b.Wrong, a.LongestWait > b.LongestWait ? a.LongestWait : b.LongestWait);

    /// <summary>What came after an earlier count of the same parties.</summary>
    public static MediaCounts operator -(MediaCounts a, MediaCounts b) =>
        a with { Sent = a.Sent - b.Sent, Received = a.Received - b.Received, Gaps = a.Gaps - b.Gaps, Wrong = a.Wrong - b.Wrong };
}
