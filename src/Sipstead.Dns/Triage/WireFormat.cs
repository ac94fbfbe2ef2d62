using System.Buffers.Binary;

namespace Sipstead.Dns;

/// <summary>Walks the octets of a DNS message (RFC 1035 4.1) without following compression pointers, so that it always ends.</summary>
internal static class WireFormat
{
    public const int HeaderLength = 12;

    /// <summary>The octets of an OPT record without options: root name, type, payload size, flags, length.</summary>
    public const int EmptyOptLength = 11;

    /// <summary>The octets of a question behind its name.</summary>
    public const int TypeAndClassLength = 4;

    public const ushort OptType = 41;

    private const int MaximumNameLength = 255;
    private const int MaximumLabelLength = 63;
    private const int FixedRecordLength = 10;
    private const byte PointerBits = 0xC0;

    public static ushort ReadUInt16(ReadOnlySpan<byte> message, int offset) => BinaryPrimitives.ReadUInt16BigEndian(message[offset..]);

    public static void WriteUInt16(Span<byte> message, int offset, int value) =>
        BinaryPrimitives.WriteUInt16BigEndian(message[offset..], (ushort)value);

    /// <summary>
    /// Steps over a name. False when it runs off the end, has a label of a reserved type, is longer than 255 octets, or uses a pointer
    /// where none is allowed or one that does not point backwards to a place after the header.
    /// </summary>
    public static bool TrySkipName(ReadOnlySpan<byte> message, ref int offset, bool allowPointer)
    {
        var start = offset;
        while (offset < message.Length)
        {
            int length = message[offset];
            if ((length & PointerBits) == PointerBits)
            {
                if (!allowPointer || offset + 2 > message.Length)
                    return false;
                var target = ReadUInt16(message, offset) & 0x3FFF;
                offset += 2;
                return target >= HeaderLength && target < start;
            }
            if (length > MaximumLabelLength)
                return false;
            offset += 1 + length;
            if (offset - start > MaximumNameLength)
                return false;
            if (length == 0)
                return true;
        }
        return false;
    }

    /// <summary>Steps over a question: a name without pointers, a type and a class.</summary>
    public static bool TrySkipQuestion(ReadOnlySpan<byte> message, ref int offset)
    {
        if (!TrySkipName(message, ref offset, allowPointer: false))
            return false;
        offset += TypeAndClassLength;
        return offset <= message.Length;
    }

    /// <summary>Reads the frame of a resource record and steps over it; the data is not looked into.</summary>
    public static bool TryReadRecord(ReadOnlySpan<byte> message, ref int offset, out WireRecord record)
    {
        record = default;
        var start = offset;
        if (!TrySkipName(message, ref offset, allowPointer: true) || offset + FixedRecordLength > message.Length)
            return false;
        var length = ReadUInt16(message, offset + 8);
        var data = offset + FixedRecordLength;
        if (length > message.Length - data)
            return false;
        record = new WireRecord(
            start, data + length, HasRootName: message[start] == 0, ReadUInt16(message, offset), ReadUInt16(message, offset + 2),
            BinaryPrimitives.ReadUInt32BigEndian(message[(offset + 4)..]), data);
        offset = record.End;
        return true;
    }

    /// <summary>Whether OPT data is a run of whole options (RFC 6891 6.1.2).</summary>
    public static bool AreOptionsWhole(ReadOnlySpan<byte> data)
    {
        while (data.Length >= 4)
        {
            var length = ReadUInt16(data, 2);
            if (length > data.Length - 4)
                return false;
            data = data[(4 + length)..];
        }
        return data.IsEmpty;
    }
}
