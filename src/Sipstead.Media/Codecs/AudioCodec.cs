using Sipstead.Media.Audio;

namespace Sipstead.Media.Codecs;

/// <summary>An audio codec that calls may use: what it is in SDP and RTP, and the maker of its streams' encoders and decoders.</summary>
internal sealed class AudioCodec
{
    private readonly Func<string?, IPayloadEncoder> _createEncoder;
    private readonly Func<IPayloadDecoder> _createDecoder;

    private AudioCodec(string name, Func<string?, IPayloadEncoder> createEncoder, Func<IPayloadDecoder> createDecoder)
    {
        Name = name;
        _createEncoder = createEncoder;
        _createDecoder = createDecoder;
    }

    /// <summary>G.711 mu-law (RFC 3551 4.5.14).</summary>
    public static AudioCodec Pcmu { get; } = new("PCMU", _ => G711Codec.MuLaw(), G711Codec.MuLaw) { Payload = 0, IsStatic = true };

    /// <summary>G.711 A-law (RFC 3551 4.5.14).</summary>
    public static AudioCodec Pcma { get; } = new("PCMA", _ => G711Codec.ALaw(), G711Codec.ALaw) { Payload = 8, IsStatic = true };

    /// <summary>G.722 at 64 kbit/s. It samples at 16 kHz, but its RTP clock is 8 kHz, by an old error that stays (RFC 3551 4.5.2).</summary>
    public static AudioCodec G722 { get; } = new("G722", _ => new G722Encoder(), () => new G722Decoder()) { Payload = 9, IsStatic = true };

    /// <summary>Opus (RFC 7587), by libopus; see <see cref="OpusLibrary.IsAvailable"/>.</summary>
    public static AudioCodec Opus { get; } = new("opus", parameters => new OpusEncoder(OpusParameters.Read(parameters)), () => new OpusDecoder())
    {
        Payload = 111, ClockRate = 48_000, Channels = 2, Parameters = OpusParameters.Ours, PacketTimes = [60, 40, 20, 10], CountSamples = OpusPacket.SamplesIn,
    };

    /// <summary>All codecs there are.</summary>
    public static IReadOnlyList<AudioCodec> All { get; } = [Pcmu, Pcma, G722, Opus];

    /// <summary>Name in rtpmap.</summary>
    public string Name { get; }

    /// <summary>Payload type that we offer it with.</summary>
    public byte Payload { get; private init; }

    /// <summary>True when the payload type needs no rtpmap.</summary>
    public bool IsStatic { get; private init; }

    /// <summary>Units of its RTP timestamps a second; telephone-event beside it has the same (RFC 4733 2.1).</summary>
    public int ClockRate { get; private init; } = AudioFormat.SampleRate;

    /// <summary>Channels in rtpmap.</summary>
    public int Channels { get; private init; } = 1;

    /// <summary>What we say in fmtp; null for nothing.</summary>
    public string? Parameters { get; private init; }

    /// <summary>Units of its clock for each sample of ours.</summary>
    public int ClockStep => ClockRate / AudioFormat.SampleRate;

    /// <summary>Counts the samples in a payload; the others have one in each octet.</summary>
    private Func<ReadOnlySpan<byte>, int> CountSamples { get; init; } = payload => payload.Length;

    /// <summary>Milliseconds that a packet may have, longest first: Opus knows no 30 and 50 (RFC 6716 2.1.4).</summary>
    private int[] PacketTimes { get; init; } = [60, 50, 40, 30, 20, 10];

    /// <summary>Finds a codec by its name in rtpmap (case-insensitive, RFC 8866 6.6).</summary>
    public static AudioCodec? Find(string name)
    {
        foreach (var codec in All)
            if (AsciiText.EqualsIgnoreCase(name, codec.Name)) return codec;
        return null;
    }

    /// <summary>True when an rtpmap names it.</summary>
    public bool IsNamed(string name, int clockRate, int channels) =>
        clockRate == ClockRate && channels == Channels && AsciiText.EqualsIgnoreCase(name, Name);

    /// <summary>Samples of our packets where the party asks for so many milliseconds: no more than that, and 10 ms at least.</summary>
    public int PacketSamples(int milliseconds) =>
        Array.Find(PacketTimes, time => time <= Math.Max(milliseconds, PacketTimes[^1])) * AudioFormat.SampleRate / 1000;

    /// <summary>Samples at our rate in a payload, which may be anything; none when it is of no use.</summary>
    public int SamplesIn(ReadOnlySpan<byte> payload) => CountSamples(payload);

    /// <summary>Makes the encoder of a stream.</summary>
    /// <param name="parameters">What the party says in fmtp; null for nothing.</param>
    public IPayloadEncoder CreateEncoder(string? parameters) => _createEncoder(parameters);

    /// <summary>Makes the decoder of a stream.</summary>
    public IPayloadDecoder CreateDecoder() => _createDecoder();
}
