using System.Buffers.Binary;
using System.Globalization;

namespace Sipstead.Media.Audio;

/// <summary>How a WAV file writes a sample.</summary>
internal enum WavEncoding
{
    Pcm8,
    Pcm16,
    Pcm24,
    Pcm32,
    Float32,
    MuLaw,
    ALaw,
}

/// <summary>What the <c>fmt </c> chunk of a WAV file says (Multimedia Programming Interface and Data Specifications 1.0, RFC 2361).</summary>
internal readonly record struct WavFormat(WavEncoding Encoding, int Channels, int Rate)
{
    private const int MinimumLength = 16;
    private const int SubFormatAt = 24;
    private const int MaximumChannels = 8;
    private const int MinimumRate = 4_000;
    private const int MaximumRate = 192_000;

    private const int Pcm = 1;
    private const int Float = 3;
    private const int ALaw = 6;
    private const int MuLaw = 7;
    private const int Extensible = 0xFFFE;

    /// <summary>Octets of one sample in each channel.</summary>
    public int FrameOctets => Channels * SampleOctets;

    /// <summary>Octets of one sample.</summary>
    public int SampleOctets => Encoding switch
    {
        WavEncoding.Pcm16 => 2,
        WavEncoding.Pcm24 => 3,
        WavEncoding.Pcm32 or WavEncoding.Float32 => 4,
        _ => 1,
    };

    /// <summary>Reads the chunk's content. False with the end of a sentence that begins with "The WAV file".</summary>
    public static bool TryRead(ReadOnlySpan<byte> chunk, out WavFormat format, out string error)
    {
        format = default;
        error = "has a format chunk that is too short";
        if (chunk.Length < MinimumLength) return false;
        int code = BinaryPrimitives.ReadUInt16LittleEndian(chunk);
        if (code == Extensible)
        {
            if (chunk.Length < SubFormatAt + 2) return false;
            code = BinaryPrimitives.ReadUInt16LittleEndian(chunk[SubFormatAt..]);
        }

        var channels = BinaryPrimitives.ReadUInt16LittleEndian(chunk[2..]);
        var rate = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(chunk[14..]);
        error = Objection(channels, rate);
        if (error.Length > 0) return false;
        if (EncodingOf(code, bits) is not { } encoding)
        {
            error = string.Create(CultureInfo.InvariantCulture,
                $"has format 0x{code:X4} with {bits} bits; PCM of 8, 16, 24 or 32 bits, 32-bit float, mu-law and A-law are understood");
            return false;
        }

        format = new WavFormat(encoding, channels, (int)rate);
        return true;
    }

    private static string Objection(int channels, uint rate) => (channels, rate) switch
    {
        (< 1 or > MaximumChannels, _) => string.Create(CultureInfo.InvariantCulture, $"has {channels} channels; 1 to {MaximumChannels} are understood"),
        (_, < MinimumRate or > MaximumRate) =>
            string.Create(CultureInfo.InvariantCulture, $"has {rate} samples a second; {MinimumRate} to {MaximumRate} are understood"),
        _ => "",
    };

    private static WavEncoding? EncodingOf(int code, int bits) => (code, bits) switch
    {
        (Pcm, 8) => WavEncoding.Pcm8,
        (Pcm, 16) => WavEncoding.Pcm16,
        (Pcm, 24) => WavEncoding.Pcm24,
        (Pcm, 32) => WavEncoding.Pcm32,
        (Float, 32) => WavEncoding.Float32,
        (MuLaw, 8) => WavEncoding.MuLaw,
        (ALaw, 8) => WavEncoding.ALaw,
        _ => null,
    };
}
