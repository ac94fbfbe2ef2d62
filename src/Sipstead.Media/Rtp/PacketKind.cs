namespace Sipstead.Media.Rtp;

/// <summary>What a datagram on a media port is.</summary>
internal enum PacketKind
{
    Unknown,
    Stun,
    Dtls,
    Rtp,
    Rtcp,
}

/// <summary>Tells the kinds apart by the first octets (RFC 7983 7, RFC 5761 4).</summary>
internal static class PacketKinds
{
    public static PacketKind Of(ReadOnlySpan<byte> packet)
    {
        if (packet.IsEmpty) return PacketKind.Unknown;
        return packet[0] switch
        {
            <= 3 => PacketKind.Stun,
            >= 20 and <= 63 => PacketKind.Dtls,
            >= 128 and <= 191 when packet.Length > 1 => packet[1] is >= 192 and <= 223 ? PacketKind.Rtcp : PacketKind.Rtp,
            _ => PacketKind.Unknown,
        };
    }
}
