using Sipstead.Media.Srtp;

namespace Sipstead.Media.Tests.Srtp;

/// <summary>Protecting for tests: packets in, packets out.</summary>
internal static class ProtectedPackets
{
    public static byte[] Protect(this SrtpSender sender, ReadOnlySpan<byte> packet)
    {
        var (octets, length) = (Roomy(packet), packet.Length);
        Assert.True(sender.TryProtect(octets, ref length));
        return octets[..length];
    }

    public static byte[] ProtectRtcp(this SrtpSender sender, ReadOnlySpan<byte> packet)
    {
        var (octets, length) = (Roomy(packet), packet.Length);
        Assert.True(sender.TryProtectRtcp(octets, ref length));
        return octets[..length];
    }

    /// <summary>A copy with room for what protecting adds.</summary>
    public static byte[] Roomy(ReadOnlySpan<byte> packet) => [.. packet, .. new byte[SrtpSuite.MaxOverhead]];
}
