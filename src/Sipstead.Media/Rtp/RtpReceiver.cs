using Sipstead.Media.Codecs;
using Sipstead.Media.Sdp;

namespace Sipstead.Media.Rtp;

/// <summary>Takes the party's packets: checks them, counts them, and makes frames and key presses of them.</summary>
internal sealed class RtpReceiver(SourceLatch latch) : IDisposable
{
    /// <summary>Key presses that may come at once, and of those that go on coming one for each frame: 50 a second. Nobody presses more.</summary>
    private const int MaxDigits = 16;

    private readonly JitterBuffer _jitter = new();
    private readonly DigitReceiver _events = new();
    private readonly char[] _digits = new char[MaxDigits];
    private uint _nextSsrc;
    private ushort _nextSequence;
    private bool _hasNext;
    private int _digitsAllowed = MaxDigits;

    /// <summary>Packets that were no audio: the numbers of audio are in line without them.</summary>
    private ushort _others;

    /// <summary>What was agreed on; null before that, and nothing is taken.</summary>
    public NegotiatedMedia? Media { get; set; }

    public ReceptionStatistics Statistics { get; } = new();

    /// <summary>The source that is taken.</summary>
    public uint Ssrc { get; private set; }

    public bool HasSource { get; private set; }

    public long Packets { get; private set; }

    /// <summary>Octets of payload.</summary>
    public long Octets { get; private set; }

    /// <summary>Packets of audio that came too late.</summary>
    public long Late => _jitter.Late;

    /// <summary>Samples that were made up because packets were lost or late.</summary>
    public long Concealed => _jitter.Concealed;

    /// <summary>Key presses since they were last taken.</summary>
    public int DigitCount { get; private set; }

    /// <summary>Takes a datagram; the result says why it was dropped, or that it was not.</summary>
    public PacketFate Take(ReadOnlySpan<byte> octets, MediaAddress source, TimeSpan arrival)
    {
        if (!RtpPacket.TryRead(octets, out var packet)) return PacketFate.Malformed;
        if (Media is not { } media) return PacketFate.Unexpected;
        var use = media.UseOf(packet.PayloadType);
        if (use.Kind == PayloadKind.None) return PacketFate.PayloadType;
        if (!latch.Accepts(packet, source)) return PacketFate.Source;
        if (!media.MayReceive) return PacketFate.Unexpected;
        if (!IsSource(packet)) return PacketFate.Source;
        if (!Statistics.TryCount(packet.Sequence)) return PacketFate.Duplicate;
        Packets++;
        Octets += packet.Payload.Length;
        if (use.Codec is { } codec) return TakeAudio(packet, codec, arrival);
        _others++;
        return use.Kind == PayloadKind.Event ? TakeEvent(packet, use.ClockRate) : TakeNoise(packet);
    }

    /// <summary>Fills the next frame; false before there was any packet.</summary>
    public bool Read(Span<short> frame)
    {
        if (_digitsAllowed < MaxDigits) _digitsAllowed++;
        return _jitter.Read(frame);
    }

    /// <summary>Takes the key presses, into at least <see cref="DigitCount"/> places.</summary>
    public int TakeDigits(Span<char> digits)
    {
        var count = DigitCount;
        _digits.AsSpan(0, count).CopyTo(digits);
        DigitCount = 0;
        return count;
    }

    public void Dispose() => _jitter.Dispose();

    private PacketFate TakeEvent(in RtpPacket packet, int clockRate)
    {
        if (_events.Take(packet, clockRate) is not { } digit) return PacketFate.Taken;
        if (_digitsAllowed == 0) return PacketFate.Flood;
        _digitsAllowed--;
        _digits[DigitCount++] = digit;
        return PacketFate.Taken;
    }

    private PacketFate TakeNoise(in RtpPacket packet)
    {
        _jitter.WriteNoise(packet.Timestamp, packet.Payload);
        return PacketFate.Taken;
    }

    private PacketFate TakeAudio(in RtpPacket packet, AudioCodec codec, TimeSpan arrival)
    {
        Statistics.Measure(packet.Timestamp, codec.ClockRate, arrival);
        _jitter.Write((ushort)(packet.Sequence - _others), packet.Timestamp, packet.Payload, codec, packet.Marker);
        return PacketFate.Taken;
    }

    /// <summary>A new SSRC becomes the source with its second packet in line: phones change it on transfer or restart, a stray packet must not.</summary>
    private bool IsSource(in RtpPacket packet)
    {
        if (HasSource && packet.Ssrc == Ssrc)
        {
            _hasNext = false;
            return true;
        }

        if (HasSource && !(_hasNext && packet.Ssrc == _nextSsrc && packet.Sequence == _nextSequence))
        {
            _hasNext = true;
            _nextSsrc = packet.Ssrc;
            _nextSequence = (ushort)(packet.Sequence + 1);
            return false;
        }

        HasSource = true;
        _hasNext = false;
        Ssrc = packet.Ssrc;
        Statistics.Reset();
        _events.Reset();
        _jitter.Reset();
        return true;
    }
}

/// <summary>What became of a packet.</summary>
internal enum PacketFate
{
    Taken,

    /// <summary>Not readable as what its first octet says.</summary>
    Malformed,

    /// <summary>Of a payload type that was not agreed on.</summary>
    PayloadType,

    /// <summary>Not from the party.</summary>
    Source,

    /// <summary>Came before, or far out of line.</summary>
    Duplicate,

    /// <summary>Nothing is to come now.</summary>
    Unexpected,

    /// <summary>STUN or DTLS, which were not agreed on, or nothing known.</summary>
    Kind,

    /// <summary>Encrypted media whose tag is wrong: forged, damaged, or of another key.</summary>
    Authentication,

    /// <summary>Encrypted media that came before, or is too old to know.</summary>
    Replay,

    /// <summary>Key presses faster than anybody presses.</summary>
    Flood,
}
