namespace Sipstead.Dns;

/// <summary>What the frame of a query says: how long its question is, what its OPT record asks for, and whether it is well-formed.</summary>
internal readonly ref struct QueryEnvelope
{
    private QueryEnvelope(int questionLength, EdnsRequest? edns, bool isMalformed)
    {
        QuestionLength = questionLength;
        Edns = edns;
        IsMalformed = isMalformed;
    }

    /// <summary>The octets of the one question after the header; 0 when there is not exactly one that can be read.</summary>
    public int QuestionLength { get; }

    /// <summary>The OPT record, when there is one that can be read.</summary>
    public EdnsRequest? Edns { get; }

    public bool IsMalformed { get; }

    /// <summary>Reads the frame of a message that has a whole header. Work is bounded by its length: each record takes 11 octets or more.</summary>
    public static QueryEnvelope Read(ReadOnlySpan<byte> message)
    {
        var offset = WireFormat.HeaderLength;
        if (WireFormat.ReadUInt16(message, 4) != 1 || !WireFormat.TrySkipQuestion(message, ref offset))
            return new(0, null, isMalformed: true);

        var questionLength = offset - WireFormat.HeaderLength;
        var beforeAdditional = WireFormat.ReadUInt16(message, 6) + WireFormat.ReadUInt16(message, 8);
        var records = beforeAdditional + WireFormat.ReadUInt16(message, 10);
        EdnsRequest? edns = null;
        for (var i = 0; i < records; i++)
        {
            if (!WireFormat.TryReadRecord(message, ref offset, out var record))
                return new(questionLength, edns, isMalformed: true);
            if (record.Type != WireFormat.OptType)
                continue;
            var isAcceptable = edns is null && i >= beforeAdditional && record.HasRootName
                && WireFormat.AreOptionsWhole(message[record.DataStart..record.End]);
            if (!isAcceptable)
                return new(questionLength, edns, isMalformed: true);
            edns = EdnsRequest.From(record);
        }
        return new(questionLength, edns, isMalformed: offset != message.Length);
    }
}
