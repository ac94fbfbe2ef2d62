using System.Buffers.Binary;

namespace Sipstead.Sip.Transport;

/// <summary>
/// Answers STUN Binding requests on the SIP port (RFC 5626 4.4.2, RFC 8489): a success with XOR-MAPPED-ADDRESS, without authentication. Everything
/// else that looks like STUN gets no answer.
/// </summary>
internal static class StunBinding
{
    private const int HeaderLength = 20;
    private const ushort BindingRequest = 0x0001;
    private const ushort BindingSuccess = 0x0101;
    private const ushort XorMappedAddress = 0x0020;
    private const uint MagicCookie = 0x2112A442;

    /// <summary>Writes the answer. Returns its length, 0 for none.</summary>
    public static int Answer(ReadOnlySpan<byte> request, TransportAddress source, Span<byte> answer)
    {
        if (request.Length < HeaderLength || BinaryPrimitives.ReadUInt16BigEndian(request) != BindingRequest) return 0;
        if (BinaryPrimitives.ReadUInt32BigEndian(request[4..]) != MagicCookie || !AttributesAreWhole(request)) return 0;
        var addressLength = source.IsIpv4 ? 4 : 16;
        var attributeLength = 4 + addressLength;
        BinaryPrimitives.WriteUInt16BigEndian(answer, BindingSuccess);
        BinaryPrimitives.WriteUInt16BigEndian(answer[2..], (ushort)(4 + attributeLength));
        request[4..HeaderLength].CopyTo(answer[4..]); // cookie and transaction id
        var attribute = answer[HeaderLength..];
        BinaryPrimitives.WriteUInt16BigEndian(attribute, XorMappedAddress);
        BinaryPrimitives.WriteUInt16BigEndian(attribute[2..], (ushort)attributeLength);
        attribute[4] = 0;
        attribute[5] = (byte)(source.IsIpv4 ? 1 : 2);
        BinaryPrimitives.WriteUInt16BigEndian(attribute[6..], (ushort)(source.Port ^ (MagicCookie >> 16)));
        if (source.IsIpv4) BinaryPrimitives.WriteUInt32BigEndian(attribute[8..], (uint)(ulong)source.Bits ^ MagicCookie);
        else BinaryPrimitives.WriteUInt128BigEndian(attribute[8..], source.Bits ^ BinaryPrimitives.ReadUInt128BigEndian(request[4..]));
        return HeaderLength + 4 + attributeLength;
    }

    /// <summary>True when the attributes fill the stated length exactly and none of the comprehension-required range is unknown.</summary>
    private static bool AttributesAreWhole(ReadOnlySpan<byte> request)
    {
        int length = BinaryPrimitives.ReadUInt16BigEndian(request[2..]);
        if (length % 4 != 0 || HeaderLength + length != request.Length) return false;
        var attributes = request[HeaderLength..];
        while (attributes.Length >= 4)
        {
            var type = BinaryPrimitives.ReadUInt16BigEndian(attributes);
            var padded = 4 + ((BinaryPrimitives.ReadUInt16BigEndian(attributes[2..]) + 3) & ~3);
            if (padded > attributes.Length || (type < 0x8000 && !IsKnown(type))) return false;
            attributes = attributes[padded..];
        }

        return attributes.IsEmpty;
    }

    /// <summary>Credentials, priorities and the like that ICE and TURN clients add, which this answer may ignore.</summary>
    private static bool IsKnown(ushort type) => type is 0x0001 or 0x0003 or 0x0006 or 0x0008 or 0x0014 or 0x0015 or 0x0024 or 0x0025;
}
