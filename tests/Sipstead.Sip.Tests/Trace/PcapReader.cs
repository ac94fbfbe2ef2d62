using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Sipstead.Sip.Tests.Trace;

/// <summary>One packet of a capture file.</summary>
internal sealed record PcapPacket(
    DateTimeOffset At, string Protocol, IPEndPoint From, IPEndPoint To, uint Sequence, uint Acknowledged, string Payload, int LengthOnTheWire, bool IsSound);

/// <summary>Reads a classic pcap of raw IP packets by the RFCs, and checks lengths and checksums; shares nothing with what writes it.</summary>
internal static class PcapReader
{
    public static List<PcapPacket> Read(byte[] file)
    {
        if (BitConverter.ToUInt32(file, 0) != 0xA1B2C3D4 || BitConverter.ToUInt16(file, 4) != 2 || BitConverter.ToUInt16(file, 6) != 4 || BitConverter.ToInt32(file, 20) != 101)
            throw new InvalidDataException("Not a classic pcap of raw IP.");
        var packets = new List<PcapPacket>();
        for (var at = 24; at < file.Length;)
        {
            var time = DateTimeOffset.FromUnixTimeSeconds(BitConverter.ToUInt32(file, at)).AddTicks(10L * BitConverter.ToUInt32(file, at + 4));
            var length = BitConverter.ToInt32(file, at + 8);
            packets.Add(ReadPacket(time, file[(at + 16)..(at + 16 + length)], BitConverter.ToInt32(file, at + 12)));
            at += 16 + length;
        }

        return packets;
    }

    private static PcapPacket ReadPacket(DateTimeOffset at, byte[] packet, int wire)
    {
        var isIpv4 = packet[0] >> 4 == 4;
        var header = isIpv4 ? (packet[0] & 0xF) * 4 : 40;
        var (protocol, from, to) = isIpv4
            ? (packet[9], packet[12..16], packet[16..20])
            : (packet[6], packet[8..24], packet[24..40]);
        var total = isIpv4 ? Word(packet, 2) : header + Word(packet, 4);
        var segment = packet[header..];
        var isTcp = protocol == 6;
        var payload = isTcp ? (segment[12] >> 4) * 4 : 8;
        var isWhole = packet.Length == wire;
        var isSound = total == wire && (!isIpv4 || Sum(packet[..header]) == 0xFFFF) && (isTcp || Word(segment, 4) == wire - header)
            && (!isWhole || Sum([.. from, .. to, 0, protocol, .. BigEndian(segment.Length), .. segment]) == 0xFFFF)
            && (isTcp || !isWhole || Word(segment, 6) != 0);
        return new PcapPacket(
            at, isTcp ? "TCP" : protocol == 17 ? "UDP" : $"{protocol}", new IPEndPoint(new IPAddress(from), Word(segment, 0)),
            new IPEndPoint(new IPAddress(to), Word(segment, 2)), isTcp ? BinaryPrimitives.ReadUInt32BigEndian(segment.AsSpan(4)) : 0,
            isTcp ? BinaryPrimitives.ReadUInt32BigEndian(segment.AsSpan(8)) : 0, Encoding.Latin1.GetString(segment[payload..]), wire, isSound);
    }

    private static int Word(byte[] octets, int at) => (octets[at] << 8) | octets[at + 1];

    private static byte[] BigEndian(int number) => [(byte)(number >> 8), (byte)number];

    /// <summary>The one's complement sum, which is all ones over a part that holds its right checksum.</summary>
    private static int Sum(byte[] octets)
    {
        var sum = 0L;
        for (var i = 0; i < octets.Length; i += 2) sum += (octets[i] << 8) + (i + 1 < octets.Length ? octets[i + 1] : 0);
        while (sum > 0xFFFF) sum = (sum & 0xFFFF) + (sum >> 16);
        return (int)sum;
    }
}
