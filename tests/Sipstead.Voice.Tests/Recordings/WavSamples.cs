using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Sipstead.Media.Audio;
using Sipstead.Testing;

namespace Sipstead.Voice.Tests.Recordings;

/// <summary>Reads recorded files and measures them.</summary>
internal static class WavSamples
{
    /// <summary>The samples of a channel.</summary>
    public static short[] Channel(byte[] wav, int channel = 0)
    {
        var channels = BinaryPrimitives.ReadUInt16LittleEndian(wav.AsSpan(22));
        Assert.Equal(wav.Length - 44, BinaryPrimitives.ReadInt32LittleEndian(wav.AsSpan(40)));
        var all = MemoryMarshal.Cast<byte, short>(wav.AsSpan(44)).ToArray();
        return [.. all.Where((_, i) => i % channels == channel)];
    }

    /// <summary>The amplitude of a frequency in the tenth of a second that has most of it: on a busy machine a party does not speak without gaps.</summary>
    public static double Amplitude(ReadOnlySpan<short> samples, double frequency)
    {
        const int window = AudioFormat.SampleRate / 10;
        var most = 0.0;
        for (var from = 0; from + window <= samples.Length; from += window) most = Math.Max(most, Loudness.Amplitude(samples.Slice(from, window), frequency));
        return most;
    }

    /// <summary>The amplitude of a frequency in the last half second.</summary>
    public static double AtEnd(byte[] wav, double frequency, int channel = 0)
    {
        var samples = Channel(wav, channel);
        return Amplitude(samples.AsSpan(Math.Max(0, samples.Length - AudioFormat.SampleRate / 2)), frequency);
    }
}
