namespace Sipstead.Dns;

/// <summary>
/// Makes an encoded response fit what its client takes: first without the additional records (they may be left out silently, RFC 2181 9),
/// then empty with TC set, so that the client asks again over TCP. An OPT record always stays.
/// </summary>
internal static class ResponseFitter
{
    private const byte TruncatedBit = 0x02;

    /// <summary>Shortens the response in place.</summary>
    /// <returns>The new length; at most <paramref name="limit"/>.</returns>
    public static int Fit(Span<byte> response, int questionLength, int limit)
    {
        if (response.Length <= limit)
            return response.Length;

        var questionEnd = WireFormat.HeaderLength + questionLength;
        var additional = questionEnd;
        var records = WireFormat.ReadUInt16(response, 6) + WireFormat.ReadUInt16(response, 8);
        for (var i = 0; i < records && WireFormat.TryReadRecord(response, ref additional, out _); i++)
        {
        }

        var opt = FindOpt(response, additional);
        var length = KeepOnlyOpt(response, additional, opt);
        if (length <= limit)
            return length;

        response[2] |= TruncatedBit;
        WireFormat.WriteUInt16(response, 6, 0);
        WireFormat.WriteUInt16(response, 8, 0);
        return KeepOnlyOpt(response, questionEnd, opt.IsEmpty ? opt : response[additional..(additional + opt.Length)]);
    }

    /// <summary>A copy of a response, behind two octets of length, that holds nothing but what sends its client to TCP.</summary>
    public static byte[] Truncate(ReadOnlySpan<byte> prefixed, int questionLength)
    {
        var octets = prefixed.ToArray();
        var length = Fit(octets.AsSpan(QueryTriage.LengthPrefix), questionLength, limit: 0);
        WireFormat.WriteUInt16(octets, 0, length);
        return octets[..(QueryTriage.LengthPrefix + length)];
    }

    private static Span<byte> FindOpt(Span<byte> response, int offset)
    {
        var records = WireFormat.ReadUInt16(response, 10);
        for (var i = 0; i < records && WireFormat.TryReadRecord(response, ref offset, out var record); i++)
        {
            if (record.Type == WireFormat.OptType)
                return response[record.Start..record.End];
        }
        return [];
    }

    private static int KeepOnlyOpt(Span<byte> response, int offset, Span<byte> opt)
    {
        opt.CopyTo(response[offset..]);
        WireFormat.WriteUInt16(response, 10, opt.IsEmpty ? 0 : 1);
        return offset + opt.Length;
    }
}
