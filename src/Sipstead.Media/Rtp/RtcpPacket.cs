using System.Buffers.Binary;

namespace Sipstead.Media.Rtp;

/// <summary>Writes the parts of a compound RTCP packet one behind the other (RFC 3550 6).</summary>
internal ref struct RtcpWriter(Span<byte> octets)
{
    public const byte SenderReport = 200;
    public const byte ReceiverReport = 201;
    public const byte SourceDescription = 202;
    public const byte Bye = 203;

    /// <summary>Octets of the largest compound that we send.</summary>
    public const int MaxSize = 128;

    private const int BlockSize = 24;
    private const byte CanonicalName = 1;
    private readonly Span<byte> _octets = octets;

    /// <summary>Octets written.</summary>
    public int Length { get; private set; }

    /// <summary>A report: with what we sent as SR, without as RR; with what we received when there is a source.</summary>
    public void WriteReport(uint ssrc, in SenderInformation? sent, in ReceptionReport? received)
    {
        var size = 8 + (sent is null ? 0 : 20) + (received is null ? 0 : BlockSize);
        var part = Begin(sent is null ? ReceiverReport : SenderReport, received is null ? 0 : 1, size);
        BinaryPrimitives.WriteUInt32BigEndian(part[4..], ssrc);
        var rest = part[8..];
        if (sent is { } information)
        {
            BinaryPrimitives.WriteUInt64BigEndian(rest, information.Ntp);
            BinaryPrimitives.WriteUInt32BigEndian(rest[8..], information.Timestamp);
            BinaryPrimitives.WriteUInt32BigEndian(rest[12..], information.Packets);
            BinaryPrimitives.WriteUInt32BigEndian(rest[16..], information.Octets);
            rest = rest[20..];
        }

        if (received is not { } report) return;
        BinaryPrimitives.WriteUInt32BigEndian(rest, report.Ssrc);
        BinaryPrimitives.WriteInt32BigEndian(rest[4..], (report.FractionLost << 24) | (Math.Clamp(report.Lost, -0x800000, 0x7FFFFF) & 0xFFFFFF));
        BinaryPrimitives.WriteUInt32BigEndian(rest[8..], report.HighestSequence);
        BinaryPrimitives.WriteUInt32BigEndian(rest[12..], report.Jitter);
        BinaryPrimitives.WriteUInt32BigEndian(rest[16..], report.LastReport);
        BinaryPrimitives.WriteUInt32BigEndian(rest[20..], report.Delay);
    }

    /// <summary>SDES with the canonical name alone.</summary>
    public void WriteName(uint ssrc, ReadOnlySpan<byte> name)
    {
        var part = Begin(SourceDescription, 1, 8 + ((2 + name.Length + 1 + 3) & ~3)); // at least one null octet ends the items
        part[4..].Clear();
        BinaryPrimitives.WriteUInt32BigEndian(part[4..], ssrc);
        part[8] = CanonicalName;
        part[9] = (byte)name.Length;
        name.CopyTo(part[10..]);
    }

    public void WriteBye(uint ssrc) => BinaryPrimitives.WriteUInt32BigEndian(Begin(Bye, 1, 8)[4..], ssrc);

    private Span<byte> Begin(byte type, int count, int size)
    {
        var part = _octets.Slice(Length, size);
        part[0] = (byte)(0x80 | count);
        part[1] = type;
        BinaryPrimitives.WriteUInt16BigEndian(part[2..], (ushort)((size / 4) - 1));
        Length += size;
        return part;
    }
}

/// <summary>What an SR tells of its sender (RFC 3550 6.4.1): NTP time, RTP timestamp of the same moment, packets and payload octets.</summary>
internal readonly record struct SenderInformation(ulong Ntp, uint Timestamp, uint Packets, uint Octets);

/// <summary>A report block (RFC 3550 6.4.1). Delay and LastReport in 1/65536 s.</summary>
internal readonly record struct ReceptionReport(uint Ssrc, byte FractionLost, int Lost, uint HighestSequence, uint Jitter, uint LastReport, uint Delay);

/// <summary>What is of use in a compound packet that came in.</summary>
internal readonly record struct RtcpCompound
{
    /// <summary>Who reports.</summary>
    public uint Ssrc { get; private init; }

    /// <summary>Middle 32 bits of an SR's NTP time; 0 when there was no SR.</summary>
    public uint SenderTime { get; private init; }

    /// <summary>The block about us, when there is one.</summary>
    public ReceptionReport? Report { get; private init; }

    public bool HasBye { get; private init; }

    /// <summary>Reads a compound; false when it is none: the checks of RFC 3550 A.2, and lengths that add up.</summary>
    /// <param name="octets">The datagram.</param>
    /// <param name="ourSsrc">Whose report block is wanted.</param>
    /// <param name="compound">What it says.</param>
    public static bool TryRead(ReadOnlySpan<byte> octets, uint ourSsrc, out RtcpCompound compound)
    {
        compound = default;
        if (octets.Length < 8 || octets[1] is not (RtcpWriter.SenderReport or RtcpWriter.ReceiverReport) || (octets[0] & 0x20) != 0) return false;
        compound = new RtcpCompound { Ssrc = BinaryPrimitives.ReadUInt32BigEndian(octets[4..]) };
        while (!octets.IsEmpty)
        {
            if (octets.Length < 4 || octets[0] >> 6 != 2) return false;
            var size = (BinaryPrimitives.ReadUInt16BigEndian(octets[2..]) + 1) * 4;
            var hasPadding = (octets[0] & 0x20) != 0;
            if (size > octets.Length || (hasPadding && size != octets.Length)) return false; // only the last part may be padded
            if (!TryReadPart(octets[..size], ourSsrc, ref compound)) return false;
            octets = octets[size..];
        }

        return true;
    }

    private static bool TryReadPart(ReadOnlySpan<byte> part, uint ourSsrc, ref RtcpCompound compound)
    {
        switch (part[1])
        {
            case RtcpWriter.SenderReport:
                if (part.Length < 28) return false;
                compound = compound with { SenderTime = BinaryPrimitives.ReadUInt32BigEndian(part[10..]) };
                return TryReadBlocks(part[28..], part[0] & 0x1F, ourSsrc, ref compound);
            case RtcpWriter.ReceiverReport:
                return part.Length >= 8 && TryReadBlocks(part[8..], part[0] & 0x1F, ourSsrc, ref compound);
            case RtcpWriter.Bye:
                compound = compound with { HasBye = true };
                return true;
            default:
                return true;
        }
    }

    private static bool TryReadBlocks(ReadOnlySpan<byte> blocks, int count, uint ourSsrc, ref RtcpCompound compound)
    {
        const int size = 24;
        if (blocks.Length < count * size) return false;
        for (; count > 0; count--, blocks = blocks[size..])
        {
            if (BinaryPrimitives.ReadUInt32BigEndian(blocks) != ourSsrc) continue;
            var lost = BinaryPrimitives.ReadInt32BigEndian(blocks[4..]);
            compound = compound with
            {
                Report = new ReceptionReport(
                    ourSsrc,
                    blocks[4],
                    lost << 8 >> 8,
                    BinaryPrimitives.ReadUInt32BigEndian(blocks[8..]),
                    BinaryPrimitives.ReadUInt32BigEndian(blocks[12..]),
                    BinaryPrimitives.ReadUInt32BigEndian(blocks[16..]),
                    BinaryPrimitives.ReadUInt32BigEndian(blocks[20..])),
            };
        }

        return true;
    }
}
