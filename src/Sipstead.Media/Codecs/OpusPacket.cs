using Sipstead.Media.Audio;

namespace Sipstead.Media.Codecs;

/// <summary>The outside of an Opus packet: how long its audio is (RFC 6716 3.1, 3.2).</summary>
internal static class OpusPacket
{
    /// <summary>Samples of the longest packet: 120 ms.</summary>
    public const int MaxSamples = AudioFormat.SampleRate * 120 / 1000;

    private const int FrameCountMask = 0x3F;

    /// <summary>Samples at our rate in a packet; none when its first octets are not those of one.</summary>
    public static int SamplesIn(ReadOnlySpan<byte> packet)
    {
        if (packet.IsEmpty) return 0;
        var frames = (packet[0] & 3) switch
        {
            0 => 1,
            1 or 2 => 2,
            _ => packet.Length > 1 ? packet[1] & FrameCountMask : 0,
        };
        var samples = frames * FrameSamples(packet[0] >> 3);
        return samples <= MaxSamples ? samples : 0;
    }

    /// <summary>By configuration number (RFC 6716 table 2): SILK has 10, 20, 40 and 60 ms, hybrid 10 and 20, CELT 2.5, 5, 10 and 20.</summary>
    private static int FrameSamples(int configuration) => configuration switch
    {
        < 12 => (configuration & 3) switch { 0 => 80, 1 => 160, 2 => 320, _ => 480 },
        < 16 => (configuration & 1) == 0 ? 80 : 160,
        _ => 20 << (configuration & 3),
    };
}
