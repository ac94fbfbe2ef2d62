namespace Sipstead.Dns;

/// <summary>
/// Judges the raw octets of a message before any parser sees them: header, question and OPT (RFC 6891, 8906). A query passes in a reduced
/// form that holds nothing unchecked.
/// </summary>
internal static class QueryTriage
{
    /// <summary>The longest answer over UDP, and the size that our own OPT records announce: it fits the IPv6 minimum MTU.</summary>
    public const int OwnPayloadSize = 1232;

    /// <summary>The longest answer over UDP to a query without EDNS (RFC 1035 4.2.1), and what a smaller EDNS size counts as.</summary>
    public const int PlainPayloadSize = 512;

    /// <summary>Longer than any query that has a meaning here; what is longer is not read.</summary>
    public const int LongestQuery = 4096;

    /// <summary>The two octets of length in front of a message over TCP.</summary>
    public const int LengthPrefix = 2;

    private const byte ResponseBit = 0x80;
    private const byte OpcodeBits = 0x78;
    private const byte RecursionDesiredBit = 0x01;

    public static TriageResult Judge(ReadOnlySpan<byte> message)
    {
        if (message.Length < WireFormat.HeaderLength)
            return Drop(DropReasons.Short);
        if ((message[2] & ResponseBit) != 0)
            return Drop(DropReasons.Response);

        var envelope = QueryEnvelope.Read(message);
        if ((message[2] & OpcodeBits) != 0)
            return Reply(message, envelope, Rcode.NotImp);
        if (envelope.IsMalformed)
            return Reply(message, envelope, Rcode.FormErr);
        if (envelope.Edns is { Version: > 0 })
            return Reply(message, envelope, Rcode.BadVers);
        return Pass(message, envelope);
    }

    private static TriageResult Drop(string reason) => new(TriageOutcome.Drop, reason, [], Rcode.NoError, 0, 0);

    private static TriageResult Reply(ReadOnlySpan<byte> message, in QueryEnvelope envelope, Rcode rcode)
    {
        var octets = Compose(message, envelope, OwnPayloadSize, (byte)((int)rcode >> 4));
        var reply = octets.AsSpan(LengthPrefix);
        reply[2] = (byte)(ResponseBit | (message[2] & (OpcodeBits | RecursionDesiredBit)));
        reply[3] = (byte)((int)rcode & 0x0F);
        return new(TriageOutcome.Reply, "", octets, rcode, envelope.QuestionLength, OwnPayloadSize);
    }

    private static TriageResult Pass(ReadOnlySpan<byte> message, in QueryEnvelope envelope)
    {
        var octets = Compose(message, envelope, envelope.Edns?.PayloadSize ?? 0, extendedRcode: 0);
        octets[LengthPrefix + 2] = (byte)(message[2] & RecursionDesiredBit);
        var limit = envelope.Edns is { } edns ? Math.Clamp((int)edns.PayloadSize, PlainPayloadSize, OwnPayloadSize) : PlainPayloadSize;
        return new(TriageOutcome.Pass, "", octets, Rcode.NoError, envelope.QuestionLength, limit);
    }

    /// <summary>A message with the query's id and question and an OPT record if the query has one; all flags are zero.</summary>
    private static byte[] Compose(ReadOnlySpan<byte> message, in QueryEnvelope envelope, int payloadSize, byte extendedRcode)
    {
        var questionEnd = WireFormat.HeaderLength + envelope.QuestionLength;
        var length = questionEnd + (envelope.Edns is null ? 0 : WireFormat.EmptyOptLength);
        var octets = new byte[LengthPrefix + length];
        WireFormat.WriteUInt16(octets, 0, length);

        var composed = octets.AsSpan(LengthPrefix);
        message[..2].CopyTo(composed);
        WireFormat.WriteUInt16(composed, 4, envelope.QuestionLength > 0 ? 1 : 0);
        message[WireFormat.HeaderLength..questionEnd].CopyTo(composed[WireFormat.HeaderLength..]);
        if (envelope.Edns is { } edns)
        {
            WireFormat.WriteUInt16(composed, 10, 1);
            var opt = composed[questionEnd..];
            WireFormat.WriteUInt16(opt, 1, WireFormat.OptType);
            WireFormat.WriteUInt16(opt, 3, payloadSize);
            opt[5] = extendedRcode;
            WireFormat.WriteUInt16(opt, 7, edns.IsDnsSecOk ? 0x8000 : 0);
        }
        return octets;
    }
}
