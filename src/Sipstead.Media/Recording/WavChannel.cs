using System.Runtime.InteropServices;

namespace Sipstead.Media.Recording;

/// <summary>Takes one channel out of a recorded WAV file.</summary>
public static class WavChannel
{
    private const int BlockSamples = 16 * 1024;

    /// <summary>Writes a channel into an empty, seekable stream as a WAV file of its own. False when the source is no file of ours, or has not that channel.</summary>
    /// <param name="path">Of the source.</param>
    /// <param name="channel">From 0.</param>
    /// <param name="target">Left open.</param>
    public static bool TryExtract(string path, int channel, Stream target)
    {
        ArgumentNullException.ThrowIfNull(target);
        using var source = File.OpenRead(path);
        var channels = WavHeader.ReadChannels(source);
        if (channel < 0 || channel >= channels) return false;
        var wav = new WavWriter(target, channels: 1);
        var (octets, samples) = (new byte[BlockSamples * channels * sizeof(short)], new short[BlockSamples]);
        for (int read; (read = source.ReadAtLeast(octets, octets.Length, throwOnEndOfStream: false)) > 0;)
        {
            var all = MemoryMarshal.Cast<byte, short>(octets.AsSpan(0, read));
            var count = all.Length / channels;
            for (var i = 0; i < count; i++) samples[i] = all[i * channels + channel];
            wav.Write(samples.AsSpan(0, count));
        }

        wav.Finish();
        return true;
    }
}
