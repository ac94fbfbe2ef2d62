using System.Buffers.Binary;

namespace Sipstead.Testing.Phones;

/// <summary>A sine as a WAV file of 8 kHz, 16 bits, mono.</summary>
public static class Tone
{
    public const int SampleRate = 8000;

    private const int HeaderSize = 44;

    /// <param name="frequency">In Hz.</param>
    /// <param name="duration">How long it lasts.</param>
    /// <param name="level">Its amplitude, as a part of full scale.</param>
    public static byte[] Wav(int frequency, TimeSpan duration, double level = 0.5)
    {
        var samples = (int)(duration.TotalSeconds * SampleRate);
        var file = new byte[HeaderSize + (2 * samples)];
        WriteHeader(file);
        for (var i = 0; i < samples; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(
                file.AsSpan(HeaderSize + (2 * i)), (short)(level * short.MaxValue * Math.Sin(2 * Math.PI * frequency * i / SampleRate)));
        }

        return file;
    }

    private static void WriteHeader(Span<byte> file)
    {
        "RIFF"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file[4..], file.Length - 8);
        "WAVEfmt "u8.CopyTo(file[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(file[16..], 16);
        BinaryPrimitives.WriteInt16LittleEndian(file[20..], 1);
        BinaryPrimitives.WriteInt16LittleEndian(file[22..], 1);
        BinaryPrimitives.WriteInt32LittleEndian(file[24..], SampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(file[28..], 2 * SampleRate);
        BinaryPrimitives.WriteInt16LittleEndian(file[32..], 2);
        BinaryPrimitives.WriteInt16LittleEndian(file[34..], 16);
        "data"u8.CopyTo(file[36..]);
        BinaryPrimitives.WriteInt32LittleEndian(file[40..], file.Length - HeaderSize);
    }
}
