using System.Runtime.InteropServices;
using Sipstead.Media.Audio;

namespace Sipstead.Media.Recording;

/// <summary>
/// Writes a WAV file as its samples come. Until it is finished the header has the sizes of an empty file; <see cref="WavRepair"/> reads what a crash cut off
/// so. Writing is the stream's: what that throws, this throws.
/// </summary>
internal sealed class WavWriter
{
    private readonly Stream _file;
    private readonly int _channels;

    /// <summary>Begins an empty, seekable stream with the header.</summary>
    public WavWriter(Stream file, int channels)
    {
        _file = file;
        _channels = channels;
        WriteHeader();
    }

    /// <summary>Octets of samples so far.</summary>
    public uint DataLength { get; private set; }

    /// <summary>The longest file that the sizes in its header can tell, in octets of samples.</summary>
    public static uint MaximumDataLength { get; } = uint.MaxValue - WavHeader.Length - AudioFormat.FrameSamples * 4;

    /// <summary>Adds samples, those of the channels in turn.</summary>
    public void Write(ReadOnlySpan<short> samples)
    {
        if (!BitConverter.IsLittleEndian) throw new PlatformNotSupportedException("WAV files are written on little-endian machines only.");
        var octets = MemoryMarshal.AsBytes(samples);
        _file.Write(octets);
        DataLength += (uint)octets.Length;
    }

    /// <summary>Puts the sizes into the header. The stream stays open.</summary>
    public void Finish()
    {
        _file.Position = 0;
        WriteHeader();
        _file.Flush();
    }

    private void WriteHeader()
    {
        Span<byte> header = stackalloc byte[WavHeader.Length];
        WavHeader.Write(header, _channels, DataLength);
        _file.Write(header);
    }
}
