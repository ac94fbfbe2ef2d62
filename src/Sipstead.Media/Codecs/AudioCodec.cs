namespace Sipstead.Media.Codecs;

/// <summary>The audio codecs that calls may use, all at 8,000 Hz with one octet a sample.</summary>
internal enum AudioCodec : byte
{
    /// <summary>G.711 mu-law, static payload type 0 (RFC 3551 4.5.14).</summary>
    Pcmu,

    /// <summary>G.711 A-law, static payload type 8 (RFC 3551 4.5.14).</summary>
    Pcma,
}

/// <summary>What a codec is in SDP, and its work.</summary>
internal static class AudioCodecs
{
    /// <summary>Clock of every codec here, and of telephone-event beside them.</summary>
    public const int ClockRate = 8_000;

    /// <summary>All codecs, in the order in which we offer them.</summary>
    public static IReadOnlyList<AudioCodec> All { get; } = [AudioCodec.Pcmu, AudioCodec.Pcma];

    /// <summary>Name in rtpmap.</summary>
    public static string Name(this AudioCodec codec) => codec == AudioCodec.Pcmu ? "PCMU" : "PCMA";

    /// <summary>Payload type that needs no rtpmap.</summary>
    public static byte StaticPayload(this AudioCodec codec) => codec == AudioCodec.Pcmu ? (byte)0 : (byte)8;

    /// <summary>Octet of a sample of silence.</summary>
    public static byte Silence(this AudioCodec codec) => codec == AudioCodec.Pcmu ? (byte)0xFF : (byte)0xD5;

    /// <summary>Finds a codec by what an rtpmap says (case-insensitive, RFC 8866 6.6).</summary>
    public static AudioCodec? Find(string name, int clockRate, int channels)
    {
        if (clockRate != ClockRate || channels != 1) return null;
        foreach (var codec in All)
            if (AsciiText.EqualsIgnoreCase(name, codec.Name())) return codec;
        return null;
    }

    /// <summary>The codec of a static payload type.</summary>
    public static AudioCodec? Find(int payload)
    {
        foreach (var codec in All)
            if (codec.StaticPayload() == payload) return codec;
        return null;
    }

    public static void Decode(this AudioCodec codec, ReadOnlySpan<byte> codes, Span<short> samples)
    {
        if (codec == AudioCodec.Pcmu) G711.DecodeMuLaw(codes, samples);
        else G711.DecodeALaw(codes, samples);
    }

    public static void Encode(this AudioCodec codec, ReadOnlySpan<short> samples, Span<byte> codes)
    {
        if (codec == AudioCodec.Pcmu) G711.EncodeMuLaw(samples, codes);
        else G711.EncodeALaw(samples, codes);
    }
}
