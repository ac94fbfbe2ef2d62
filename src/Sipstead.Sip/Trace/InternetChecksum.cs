using System.Buffers.Binary;

namespace Sipstead.Sip.Trace;

/// <summary>The checksum of IP, UDP and TCP (RFC 1071).</summary>
internal static class InternetChecksum
{
    /// <summary>Adds octets, of which all but the last part must be even in number, to a sum.</summary>
    public static uint Add(uint sum, ReadOnlySpan<byte> octets)
    {
        for (; octets.Length >= 2; octets = octets[2..]) sum = Fold(sum + BinaryPrimitives.ReadUInt16BigEndian(octets));
        return octets.IsEmpty ? sum : Fold(sum + ((uint)octets[0] << 8));
    }

    /// <summary>The checksum for a sum.</summary>
    public static ushort Of(uint sum) => (ushort)~sum;

    private static uint Fold(uint sum) => (sum & 0xFFFF) + (sum >> 16);
}
