using Sipstead.Media.Codecs;
using Sipstead.Media.Rtp;
using Sipstead.Media.Srtp;

namespace Sipstead.Media.Sdp;

/// <summary>What offer and answer agreed on for one party's audio. Immutable: the media clock takes a new one whole.</summary>
internal sealed class NegotiatedMedia
{
    /// <summary>Payload types there are (7 bits).</summary>
    private const int PayloadTypes = 128;

    private readonly PayloadUse[] _uses = new PayloadUse[PayloadTypes];

    /// <summary>Where the party's description wants RTP; none when it is on hold by an unspecified address.</summary>
    public MediaAddress Remote { get; init; }

    /// <summary>Where it wants RTCP; equal to <see cref="Remote"/> with rtcp-mux.</summary>
    public MediaAddress RemoteRtcp { get; init; }

    /// <summary>RTP and RTCP on one port (RFC 5761).</summary>
    public bool IsRtcpMux { get; init; }

    /// <summary>Keys of SRTP; null for media in clear.</summary>
    public SrtpKeys? Keys { get; init; }

    /// <summary>False while the party holds us.</summary>
    public bool MaySend { get; init; }

    /// <summary>False while the party said that it sends nothing.</summary>
    public bool MayReceive { get; init; }

    /// <summary>True while media goes both ways: nobody is on hold.</summary>
    public bool IsTalk => MaySend && MayReceive;

    /// <summary>What we send: codec, payload type, and what the party wants of it.</summary>
    public required CodecFormat Format { get; init; }

    public AudioCodec Codec => Format.Codec;

    /// <summary>Payload type of what we send.</summary>
    public byte Payload => Format.Payload;

    /// <summary>Telephone-event that we send; null when it was not agreed on.</summary>
    public EventFormat? Event { get; init; }

    /// <summary>Samples of a packet that we send: 80 to 480 (ptime 10 to 60).</summary>
    public required int PacketSamples { get; init; }

    /// <summary>What a payload type that comes in stands for.</summary>
    public PayloadUse UseOf(byte payload) => _uses[payload & (PayloadTypes - 1)];

    /// <summary>Adds a payload type that may come in; the first use of a number counts.</summary>
    public NegotiatedMedia Expect(int payload, PayloadUse use)
    {
        if (_uses[payload].Kind == PayloadKind.None) _uses[payload] = use;
        return this;
    }
}

/// <summary>What a payload type is for.</summary>
internal enum PayloadKind : byte
{
    None,
    Audio,
    Event,
    ComfortNoise,
}

/// <summary>What a payload type carries.</summary>
/// <param name="Kind">What it is for.</param>
/// <param name="ClockRate">Units of its timestamps a second.</param>
/// <param name="Codec">The codec of audio; else null.</param>
internal readonly record struct PayloadUse(PayloadKind Kind, int ClockRate, AudioCodec? Codec = null)
{
    /// <summary>Noise for pauses, always at 8 kHz (RFC 3389 4).</summary>
    public static PayloadUse ComfortNoise => new(PayloadKind.ComfortNoise, AudioCodec.Pcmu.ClockRate);

    public static PayloadUse Of(AudioCodec codec) => new(PayloadKind.Audio, codec.ClockRate, codec);

    public static PayloadUse Of(EventFormat telephoneEvent) => new(PayloadKind.Event, telephoneEvent.ClockRate);
}
