using System.Buffers.Binary;

namespace Sipstead.Media.Rtp;

/// <summary>An RTP packet as a view on its octets (RFC 3550 5.1).</summary>
internal readonly ref struct RtpPacket
{
    /// <summary>Octets of the fixed header.</summary>
    public const int HeaderSize = 12;

    private const int Version = 2;

    public byte PayloadType { get; init; }

    public bool Marker { get; init; }

    public ushort Sequence { get; init; }

    public uint Timestamp { get; init; }

    public uint Ssrc { get; init; }

    /// <summary>What is behind header, contributing sources and extension, without padding.</summary>
    public ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>Reads a packet; false when its parts do not fit into it (RFC 3550 A.1).</summary>
    public static bool TryRead(ReadOnlySpan<byte> octets, out RtpPacket packet)
    {
        packet = default;
        if (!TryReadHeader(octets, out var start)) return false;
        var padding = (octets[0] & 0x20) != 0 ? octets[^1] : 0;
        var hasPadding = (octets[0] & 0x20) != 0;
        if (hasPadding && (padding == 0 || padding > octets.Length - start)) return false;
        packet = new RtpPacket
        {
            PayloadType = (byte)(octets[1] & 0x7F),
            Marker = (octets[1] & 0x80) != 0,
            Sequence = BinaryPrimitives.ReadUInt16BigEndian(octets[2..]),
            Timestamp = BinaryPrimitives.ReadUInt32BigEndian(octets[4..]),
            Ssrc = BinaryPrimitives.ReadUInt32BigEndian(octets[8..]),
            Payload = octets[start..^padding],
        };
        return true;
    }

    /// <summary>Reads how long the header is, with contributing sources and extension; false when it does not fit.</summary>
    public static bool TryReadHeader(ReadOnlySpan<byte> octets, out int length)
    {
        length = 0;
        if (octets.Length < HeaderSize || octets[0] >> 6 != Version) return false;
        length = HeaderSize + ((octets[0] & 0x0F) * sizeof(uint));
        if ((octets[0] & 0x10) != 0)
        {
            if (octets.Length < length + sizeof(uint)) return false;
            length += sizeof(uint) + (BinaryPrimitives.ReadUInt16BigEndian(octets[(length + 2)..]) * sizeof(uint));
        }

        return octets.Length >= length;
    }

    /// <summary>Writes the fixed header; the payload follows at <see cref="HeaderSize"/>.</summary>
    public static void WriteHeader(Span<byte> octets, byte payloadType, bool marker, ushort sequence, uint timestamp, uint ssrc)
    {
        octets[0] = Version << 6;
        octets[1] = (byte)(payloadType | (marker ? 0x80 : 0));
        BinaryPrimitives.WriteUInt16BigEndian(octets[2..], sequence);
        BinaryPrimitives.WriteUInt32BigEndian(octets[4..], timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(octets[8..], ssrc);
    }
}
