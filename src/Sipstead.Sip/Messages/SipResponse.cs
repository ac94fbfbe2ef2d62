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
    public static bool TryRead(SipMessage message, out SipResponse response) => TryRead(message, out response, out _);

    /// <summary>The first thing wrong with a response, ours or not.</summary>
    public static SipError FindError(SipMessage message)
    {
        TryRead(message, out _, out var error);
        return error;
    }

    private static bool TryRead(SipMessage message, out SipResponse response, out SipError error)
    {
        response = default;
        error = message.Error != SipError.None ? message.Error : SipRequest.FindMissing(message);
        if (error != SipError.None) return false;
        var vias = message.Values(HeaderId.Via);
        vias.MoveNext();
        if (!Via.TryParse(vias.Current, out var via)) error = SipError.BadVia;
        else if (!NameAddress.TryParse(message.Value(HeaderId.To), out var to)) error = SipError.BadTo;
        else if (!CSeqValue.TryParse(message.Value(HeaderId.CSeq), out var sequence, out var method)) error = SipError.BadCSeq;
        else response = new SipResponse(message, via, to, sequence, SipMethods.Parse(method));
        return error == SipError.None && !message.IsRequest && !vias.MoveNext();
    }
}
