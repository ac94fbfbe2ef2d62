using System.Buffers.Binary;

namespace Sipstead.Media.Tests.Audio;

/// <summary>Writes WAV files, also wrong ones.</summary>
internal static class WavFile
{
    public const int Pcm = 1;
    public const int Float = 3;
    public const int ALaw = 6;
    public const int MuLaw = 7;
    public const int Extensible = 0xFFFE;

    /// <summary>A file with a data chunk of these octets; its size can be made a lie.</summary>
    public static byte[] Of(int code, int bits, int channels, int rate, ReadOnlySpan<byte> data, uint? dataSize = null)
    {
        var format = new byte[16];
        BinaryPrimitives.WriteUInt16LittleEndian(format, (ushort)code);
        BinaryPrimitives.WriteUInt16LittleEndian(format.AsSpan(2), (ushort)channels);
        BinaryPrimitives.WriteUInt32LittleEndian(format.AsSpan(4), (uint)rate);
        BinaryPrimitives.WriteUInt32LittleEndian(format.AsSpan(8), (uint)(rate * channels * bits / 8));
        BinaryPrimitives.WriteUInt16LittleEndian(format.AsSpan(12), (ushort)(channels * bits / 8));
        BinaryPrimitives.WriteUInt16LittleEndian(format.AsSpan(14), (ushort)bits);
        return Of([("fmt ", format, null), ("data", data.ToArray(), dataSize)]);
    }

    /// <summary>A file of these chunks.</summary>
    public static byte[] Of(params (string Name, byte[] Content, uint? Size)[] chunks)
    {
        var file = new List<byte>([.. "RIFF"u8, 0xFF, 0xFF, 0xFF, 0xFF, .. "WAVE"u8]);
        foreach (var (name, content, size) in chunks)
        {
            var length = new byte[4];
            BinaryPrimitives.WriteUInt32LittleEndian(length, size ?? (uint)content.Length);
            file.AddRange([.. name.Select(c => (byte)c), .. length, .. content]);
            if (content.Length % 2 != 0 && size is null) file.Add(0);
        }

        return [.. file];
    }

    /// <summary>A mono file of 16 bits.</summary>
    public static byte[] Of(ReadOnlySpan<short> samples, int rate) => Of(Pcm, 16, 1, rate, System.Runtime.InteropServices.MemoryMarshal.AsBytes(samples));

    /// <summary>A sine wave, as samples.</summary>
    public static short[] Sine(double frequency, int rate, double seconds, double amplitude = 16_000) =>
        [.. Enumerable.Range(0, (int)(rate * seconds)).Select(i => (short)Math.Round(amplitude * Math.Sin(2 * Math.PI * frequency * i / rate)))];
}
