using System.Buffers;
using System.Buffers.Binary;
using Sipstead.Sip.Transport;

namespace Sipstead.Sip.Trace;

/// <summary>
/// Writes traced messages as a capture file (classic pcap, LINKTYPE_RAW) that Wireshark, tshark and sngrep show as SIP: IP packets made up around the
/// messages, one each. Over TCP they are segments of a connection whose numbers run on. What was cut from a message is missing at the end of its packet, as
/// in a capture with a snapshot length.
/// </summary>
public static class TracePcap
{
    /// <summary>Media type of what is written.</summary>
    public const string MediaType = "application/vnd.tcpdump.pcap";

    private const uint Magic = 0xA1B2C3D4; // times in microseconds
    private const int FileHeader = 24;
    private const int RecordHeader = 16;
    private const int LinkTypeRaw = 101;
    private const int MaxPacket = 65_535;

    public static void Write(IBufferWriter<byte> output, IEnumerable<TracedMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(messages);
        WriteFileHeader(output);
        var streams = new Dictionary<(TransportAddress From, TransportAddress To), uint>();
        foreach (var message in messages) WriteRecord(output, message, streams);
    }

    private static void WriteFileHeader(IBufferWriter<byte> output)
    {
        var header = output.GetSpan(FileHeader)[..FileHeader];
        header.Clear(); // time zone and accuracy stay 0
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 4);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], MaxPacket);
        BinaryPrimitives.WriteInt32LittleEndian(header[20..], LinkTypeRaw);
        output.Advance(FileHeader);
    }

    private static void WriteRecord(
        IBufferWriter<byte> output, TracedMessage message, Dictionary<(TransportAddress From, TransportAddress To), uint> streams)
    {
        var packet = new TracePacket(message);
        var length = RecordHeader + packet.Length;
        var record = output.GetSpan(length)[..length];
        var microseconds = message.At.ToUnixTimeMilliseconds() * 1000 + message.At.Microsecond;
        BinaryPrimitives.WriteUInt32LittleEndian(record, (uint)(microseconds / 1_000_000));
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], (uint)(microseconds % 1_000_000));
        BinaryPrimitives.WriteInt32LittleEndian(record[8..], packet.Length);
        BinaryPrimitives.WriteInt32LittleEndian(record[12..], packet.LengthOnTheWire);
        packet.Write(record[RecordHeader..], NextOf(streams, message.From, message.To), NextOf(streams, message.To, message.From));
        streams[(message.From, message.To)] = NextOf(streams, message.From, message.To) + (uint)packet.PayloadOnTheWire;
        output.Advance(length);
    }

    /// <summary>Number of the next octet of one way of a connection.</summary>
    private static uint NextOf(Dictionary<(TransportAddress From, TransportAddress To), uint> streams, TransportAddress from, TransportAddress to) =>
        streams.GetValueOrDefault((from, to), 1u);
}
