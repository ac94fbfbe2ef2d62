namespace Sipstead.Media.Codecs;

/// <summary>
/// G.711 (ITU-T, 11/88), both laws, as tables. Negative samples are quantised by their one's complement, as in the ITU-T software tool library (G.191), so
/// that the results are bit exact with it.
/// </summary>
public static class G711
{
    private const int MuLawBias = 33;
    private const int MuLawBits = 14;
    private const int ALawBits = 12;

    /// <summary>What A-law inverts on the line: every second bit.</summary>
    private const int ALawToggle = 0x55;

    private static readonly short[] MuLawSamples = Table(256, code => ExpandMuLaw((byte)code));
    private static readonly short[] ALawSamples = Table(256, code => ExpandALaw((byte)code));
    private static readonly byte[] MuLawCodes = Table(1 << MuLawBits, i => CompressMuLaw(Signed(i, MuLawBits)));
    private static readonly byte[] ALawCodes = Table(1 << ALawBits, i => CompressALaw(Signed(i, ALawBits)));

    /// <summary>The sample that a mu-law octet stands for.</summary>
    public static short DecodeMuLaw(byte code) => MuLawSamples[code];

    /// <summary>The sample that an A-law octet stands for.</summary>
    public static short DecodeALaw(byte code) => ALawSamples[code];

    /// <summary>The mu-law octet of a sample; its upper 14 bits count.</summary>
    public static byte EncodeMuLaw(short sample) => MuLawCodes[(ushort)sample >> (16 - MuLawBits)];

    /// <summary>The A-law octet of a sample; its upper 12 bits count, beside the sign.</summary>
    public static byte EncodeALaw(short sample) => ALawCodes[(ushort)sample >> (16 - ALawBits)];

    /// <summary>Decodes mu-law; <paramref name="samples"/> must have room for each octet.</summary>
    public static void DecodeMuLaw(ReadOnlySpan<byte> codes, Span<short> samples)
    {
        for (var i = 0; i < codes.Length; i++) samples[i] = MuLawSamples[codes[i]];
    }

    /// <summary>Decodes A-law; <paramref name="samples"/> must have room for each octet.</summary>
    public static void DecodeALaw(ReadOnlySpan<byte> codes, Span<short> samples)
    {
        for (var i = 0; i < codes.Length; i++) samples[i] = ALawSamples[codes[i]];
    }

    /// <summary>Encodes mu-law; <paramref name="codes"/> must have room for each sample.</summary>
    public static void EncodeMuLaw(ReadOnlySpan<short> samples, Span<byte> codes)
    {
        for (var i = 0; i < samples.Length; i++) codes[i] = EncodeMuLaw(samples[i]);
    }

    /// <summary>Encodes A-law; <paramref name="codes"/> must have room for each sample.</summary>
    public static void EncodeALaw(ReadOnlySpan<short> samples, Span<byte> codes)
    {
        for (var i = 0; i < samples.Length; i++) codes[i] = EncodeALaw(samples[i]);
    }

    /// <summary>Segment and step of a 14-bit value: a biased magnitude m lies in segment s when m >> (s + 5) is 1 (G.711 table 2).</summary>
    private static byte CompressMuLaw(int value)
    {
        var magnitude = Math.Min((value < 0 ? ~value : value) + MuLawBias, 0x1FFF);
        var segment = int.Log2(magnitude) - 5;
        var code = (segment << 4) | ((magnitude >> (segment + 1)) & 0xF);
        return (byte)(~code & (value < 0 ? 0x7F : 0xFF));
    }

    private static short ExpandMuLaw(byte code)
    {
        var inverted = ~code;
        var segment = (inverted >> 4) & 7;
        var magnitude = ((((inverted & 0xF) << 1) + MuLawBias) << segment) - MuLawBias;
        return (short)((code & 0x80) == 0 ? -magnitude << 2 : magnitude << 2);
    }

    /// <summary>Segment and step of a 12-bit value; the first two segments have the same step (G.711 table 1).</summary>
    private static byte CompressALaw(int value)
    {
        var magnitude = value < 0 ? ~value : value;
        var segment = Math.Max(int.Log2(magnitude | 1) - 3, 0);
        var step = segment < 2 ? magnitude & 0xF : (magnitude >> (segment - 1)) & 0xF;
        return (byte)(((segment << 4) | step | (value < 0 ? 0 : 0x80)) ^ ALawToggle);
    }

    private static short ExpandALaw(byte code)
    {
        var plain = code ^ ALawToggle;
        var segment = (plain >> 4) & 7;
        var middle = ((plain & 0xF) << 4) + 8; // the middle of the step
        var magnitude = segment == 0 ? middle : (middle + 0x100) << (segment - 1);
        return (short)((plain & 0x80) == 0 ? -magnitude : magnitude);
    }

    private static int Signed(int index, int bits) => index << (32 - bits) >> (32 - bits);

    private static T[] Table<T>(int length, Func<int, T> entry)
    {
        var table = new T[length];
        for (var i = 0; i < length; i++) table[i] = entry(i);
        return table;
    }
}
