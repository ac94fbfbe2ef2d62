using Sipstead.Sip.Parsing;

namespace Sipstead.Sip.Messages;

/// <summary>
/// A request whose mandatory parts are present and well-formed, with typed views of them. The checks run in a fixed order, because it shows from outside:
/// start line, mandatory headers, version, Via, then the others (conformance.md, "Live" order).
/// </summary>
public readonly ref struct SipRequest
{
    /// <summary>The branch cookie of RFC 3261 8.1.1.7.</summary>
    public static ReadOnlySpan<byte> BranchCookie => "z9hG4bK"u8;

    private SipRequest(SipMessage message, SipUri uri, Via via, NameAddress from, NameAddress to, uint sequence)
    {
        Message = message;
        Uri = uri;
        Via = via;
        From = from;
        To = to;
        CSeq = sequence;
    }

    /// <summary>The index beneath, for all other headers.</summary>
    public SipMessage Message { get; }

    public SipMethod Method => Message.Method;

    /// <summary>Request-URI.</summary>
    public SipUri Uri { get; }

    /// <summary>Topmost Via.</summary>
    public Via Via { get; }

    public NameAddress From { get; }

    public NameAddress To { get; }

    public ReadOnlySpan<byte> CallId => Message.Value(HeaderId.CallId);

    /// <summary>CSeq number, 0 to 2^32-1.</summary>
    public uint CSeq { get; }

    /// <summary>Reads the typed parts of an indexed request. False with the first thing wrong.</summary>
    public static bool TryRead(SipMessage message, out SipRequest request, out SipError error)
    {
        request = default;
        error = message.Error;
        if (error != SipError.None) return false;
        error = FindMissing(message);
        if (error != SipError.None) return false;
        if (!HasOurVersion(message)) error = SipError.BadVersion;
        else if (!TryReadVia(message, out var via, out var vias)) error = SipError.BadVia;
        else if (System.Text.Ascii.EqualsIgnoreCase(via.Branch, BranchCookie)) error = SipError.MissingBranch;
        else if (vias > SipLimits.Vias) error = SipError.TooManyVias;
        else if (!SipUri.TryParse(message.RequestUri, out var uri)) error = SipError.BadRequestUri;
        else if (uri.IsSip && !uri.Headers.IsEmpty) error = SipError.BadRequestUri; // table of RFC 3261 19.1.1: no headers here
        else if (!NameAddress.TryParse(message.Value(HeaderId.From), out var from)) error = SipError.BadFrom;
        else if (!NameAddress.TryParse(message.Value(HeaderId.To), out var to)) error = SipError.BadTo;
        else if (!IsCallId(message.Value(HeaderId.CallId))) error = SipError.BadCallId;
        else if (!HasValidMaxForwards(message)) error = SipError.BadMaxForwards;
        else if (!TryReadCSeq(message, out var sequence, out error)) return false;
        else request = new SipRequest(message, uri, via, from, to, sequence);
        return error == SipError.None;
    }

    /// <summary>The first mandatory header that is not there (RFC 3261 8.1.1).</summary>
    internal static SipError FindMissing(SipMessage message)
    {
        if (!message.Has(HeaderId.Via)) return SipError.MissingVia;
        if (!message.Has(HeaderId.From)) return SipError.MissingFrom;
        if (!message.Has(HeaderId.To)) return SipError.MissingTo;
        if (!message.Has(HeaderId.CallId)) return SipError.MissingCallId;
        return message.Has(HeaderId.CSeq) ? SipError.None : SipError.MissingCSeq;
    }

    private static bool HasOurVersion(SipMessage message)
    {
        var start = message.MethodToken.Length + message.RequestUri.Length + 2;
        var line = message.Octets[start..];
        return System.Text.Ascii.EqualsIgnoreCase(line[..Math.Min(9, line.Length)], "SIP/2.0\r\n"u8);
    }

    private static bool TryReadVia(SipMessage message, out Via via, out int count)
    {
        var values = message.Values(HeaderId.Via);
        values.MoveNext();
        count = 1;
        if (!Via.TryParse(values.Current, out via)) return false;
        while (values.MoveNext()) count++;
        return true;
    }

    private static bool IsCallId(ReadOnlySpan<byte> callId)
    {
        var at = callId.IndexOf((byte)'@');
        if (at < 0) return SipChars.IsAll(callId, SipChars.Word);
        return SipChars.IsAll(callId[..at], SipChars.Word) && SipChars.IsAll(callId[(at + 1)..], SipChars.Word);
    }

    private static bool HasValidMaxForwards(SipMessage message) =>
        !message.Has(HeaderId.MaxForwards) || SipNumber.TryParse(message.Value(HeaderId.MaxForwards), 255, out _);

    private static bool TryReadCSeq(SipMessage message, out uint sequence, out SipError error)
    {
        error = SipError.BadCSeq;
        if (!CSeqValue.TryParse(message.Value(HeaderId.CSeq), out sequence, out var method)) return false;

        // An unknown method is answered 501 whatever its CSeq says (RFC 4475 3.1.2.18).
        var matches = message.Method == SipMethod.Unknown || method.SequenceEqual(message.MethodToken);
        error = matches ? SipError.None : SipError.CSeqMethodMismatch;
        return matches;
    }
}
