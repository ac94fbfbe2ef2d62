using Sipstead.Media.Audio;

namespace Sipstead.Media.Recording;

/// <summary>What there is of a WAV file that was written here.</summary>
/// <param name="Channels">1 or 2.</param>
/// <param name="Samples">Of each channel.</param>
public readonly record struct WavExtent(int Channels, long Samples)
{
    /// <summary>How long it plays.</summary>
    public TimeSpan Duration => TimeSpan.FromTicks(Samples * TimeSpan.TicksPerSecond / AudioFormat.SampleRate);
}

/// <summary>Finishes the WAV file of a recording that the end of the process cut off.</summary>
public static class WavRepair
{
    /// <summary>
    /// Gives the file the sizes of what is in it, and cuts off half a sample. Null when no audio was written, or it is no file of <see cref="WavWriter"/>.
    /// </summary>
    public static WavExtent? Run(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        var channels = WavHeader.ReadChannels(file);
        if (channels == 0) return null;
        var samples = Math.Min(file.Length - WavHeader.Length, WavWriter.MaximumDataLength) / (channels * sizeof(short));
        if (samples == 0) return null;
        var octets = samples * channels * sizeof(short);
        file.SetLength(WavHeader.Length + octets);
        Span<byte> header = stackalloc byte[WavHeader.Length];
        WavHeader.Write(header, channels, (uint)octets);
        file.Position = 0;
        file.Write(header);
        file.Flush(flushToDisk: true);
        return new WavExtent(channels, samples);
    }
}
