using Sipstead.Sip.Parsing;

namespace Sipstead.Sip.Messages;

/// <summary>A response whose mandatory parts are present and well-formed, and which is for us: it has one Via (RFC 3261 8.1.3.3, TPT-11).</summary>
internal readonly ref struct SipResponse
{
    private SipResponse(SipMessage message, Via via, NameAddress to, uint sequence, SipMethod method)
    {
        Message = message;
        Via = via;
        To = to;
        CSeq = sequence;
        Method = method;
    }

    /// <summary>The index beneath.</summary>
    public SipMessage Message { get; }

    /// <summary>The only Via.</summary>
    public Via Via { get; }

    public NameAddress To { get; }

    /// <summary>CSeq number.</summary>
    public uint CSeq { get; }

    /// <summary>CSeq method: what the response answers.</summary>
    public SipMethod Method { get; }

    /// <summary>Reads the typed parts. False when one is missing or malformed, or the response is not ours.</summary>
    public static bool TryRead(SipMessage message, out SipResponse response)
    {
        response = default;
        if (message.IsRequest || message.Error != SipError.None || !message.Has(HeaderId.From) || !message.Has(HeaderId.CallId)) return false;
        var vias = message.Values(HeaderId.Via);
        if (!vias.MoveNext() || !Via.TryParse(vias.Current, out var via) || vias.MoveNext()) return false;
        if (!NameAddress.TryParse(message.Value(HeaderId.To), out var to)) return false;
        if (!CSeqValue.TryParse(message.Value(HeaderId.CSeq), out var sequence, out var method)) return false;
        response = new SipResponse(message, via, to, sequence, SipMethods.Parse(method));
        return true;
    }
}
