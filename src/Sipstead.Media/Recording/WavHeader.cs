using System.Buffers.Binary;
using Sipstead.Media.Audio;

namespace Sipstead.Media.Recording;

/// <summary>The header of the WAV files that are written here: RIFF with one format and one data chunk, PCM of 16 bits in <see cref="AudioFormat"/>.</summary>
internal static class WavHeader
{
    /// <summary>In octets; the samples follow.</summary>
    public const int Length = 44;

    private const int Pcm = 1;
    private const int FormatLength = 16;

    /// <summary>Writes it.</summary>
    /// <param name="header">At least <see cref="Length"/> octets.</param>
    /// <param name="channels">1 or 2.</param>
    /// <param name="dataLength">Octets of samples.</param>
    public static void Write(Span<byte> header, int channels, uint dataLength)
    {
        var frame = channels * sizeof(short);
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], Length - 8 + dataLength);
        "WAVEfmt "u8.CopyTo(header[8..]);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], FormatLength);
        BinaryPrimitives.WriteUInt16LittleEndian(header[20..], Pcm);
        BinaryPrimitives.WriteUInt16LittleEndian(header[22..], (ushort)channels);
        BinaryPrimitives.WriteUInt32LittleEndian(header[24..], AudioFormat.SampleRate);
        BinaryPrimitives.WriteUInt32LittleEndian(header[28..], (uint)(AudioFormat.SampleRate * frame));
        BinaryPrimitives.WriteUInt16LittleEndian(header[32..], (ushort)frame);
        BinaryPrimitives.WriteUInt16LittleEndian(header[34..], 8 * sizeof(short));
        "data"u8.CopyTo(header[36..]);
        BinaryPrimitives.WriteUInt32LittleEndian(header[40..], dataLength);
    }

    /// <summary>Reads the header that a file begins with. Returns its channels; 0 when it is none of ours.</summary>
    public static int ReadChannels(Stream file)
    {
        Span<byte> header = stackalloc byte[Length];
        if (file.ReadAtLeast(header, Length, throwOnEndOfStream: false) < Length) return 0;
        var channels = BinaryPrimitives.ReadUInt16LittleEndian(header[22..]);
        if (channels is not (1 or 2)) return 0;
        Span<byte> expected = stackalloc byte[Length];
        Write(expected, channels, BinaryPrimitives.ReadUInt32LittleEndian(header[40..]));
        return header[8..].SequenceEqual(expected[8..]) && header.StartsWith("RIFF"u8) ? channels : 0;
    }
}
