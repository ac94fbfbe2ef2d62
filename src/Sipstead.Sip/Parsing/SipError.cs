namespace Sipstead.Sip.Parsing;

/// <summary>What is wrong with a message. <see cref="SipErrors"/> gives status and words.</summary>
public enum SipError : byte
{
    None,
    NotSip,
    BadStartLine,
    BadRequestUri,
    BadVersion,
    BadStatusCode,
    RequestUriTooLong,
    HeaderSectionNotTerminated,
    HeaderSectionTooLarge,
    LineTooLong,
    TooManyHeaders,
    TooManyVias,
    BareLineBreak,
    BadHeaderName,
    FoldedFirstLine,
    RepeatedHeader,
    MissingVia,
    MissingFrom,
    MissingTo,
    MissingCallId,
    MissingCSeq,
    BadVia,
    BadFrom,
    BadTo,
    BadCallId,
    BadCSeq,
    CSeqMethodMismatch,
    BadMaxForwards,
    BadContentLength,
    MissingContentLength,
    TruncatedBody,
    MessageTooLarge,
    MissingBranch,
}

/// <summary>The answer to each <see cref="SipError"/>.</summary>
public static class SipErrors
{
    /// <summary>Status code of the answer to a request with this error.</summary>
    public static int StatusOf(SipError error) => error switch
    {
        SipError.BadVersion => 505,
        SipError.RequestUriTooLong => 414,
        SipError.HeaderSectionTooLarge or SipError.MessageTooLarge or SipError.TooManyHeaders => 513,
        _ => 400,
    };

    /// <summary>Errors that leave it open where a message on a stream ends; after the others the stream goes on (TPT-05).</summary>
    internal static bool BreaksFraming(SipError error) => error is SipError.NotSip or SipError.BadStartLine or SipError.BadStatusCode
        or SipError.HeaderSectionNotTerminated or SipError.HeaderSectionTooLarge or SipError.TooManyHeaders or SipError.BareLineBreak
        or SipError.FoldedFirstLine or SipError.BadContentLength;

    /// <summary>Reason phrase that names what is wrong (UAS-09).</summary>
    public static ReadOnlySpan<byte> ReasonOf(SipError error) => error switch
    {
        SipError.BadStartLine => "Bad Request Line"u8,
        SipError.BadRequestUri => "Bad Request-URI"u8,
        SipError.BadVersion => "Version Not Supported"u8,
        SipError.RequestUriTooLong => "Request-URI Too Long"u8,
        SipError.HeaderSectionNotTerminated => "Header Section Not Terminated"u8,
        SipError.HeaderSectionTooLarge => "Header Section Too Large"u8,
        SipError.LineTooLong => "Header Line Too Long"u8,
        SipError.TooManyHeaders => "Too Many Headers"u8,
        SipError.TooManyVias => "Too Many Via Headers"u8,
        SipError.BareLineBreak => "Bare CR Or LF In Header"u8,
        SipError.BadHeaderName => "Bad Header Name"u8,
        SipError.FoldedFirstLine => "Folded Line After Request Line"u8,
        SipError.RepeatedHeader => "Header Must Not Be Repeated"u8,
        SipError.MissingVia => "Missing Via Header"u8,
        SipError.MissingFrom => "Missing From Header"u8,
        SipError.MissingTo => "Missing To Header"u8,
        SipError.MissingCallId => "Missing Call-ID Header"u8,
        SipError.MissingCSeq => "Missing CSeq Header"u8,
        SipError.BadVia => "Bad Via Header"u8,
        SipError.BadFrom => "Bad From Header"u8,
        SipError.BadTo => "Bad To Header"u8,
        SipError.BadCallId => "Bad Call-ID Header"u8,
        SipError.BadCSeq => "Bad CSeq Header"u8,
        SipError.CSeqMethodMismatch => "CSeq Method Does Not Match"u8,
        SipError.BadMaxForwards => "Bad Max-Forwards Header"u8,
        SipError.BadContentLength => "Bad Content-Length Header"u8,
        SipError.MissingContentLength => "Missing Content-Length Header"u8,
        SipError.TruncatedBody => "Body Shorter Than Content-Length"u8,
        SipError.MessageTooLarge => "Message Too Large"u8,
        SipError.MissingBranch => "Via Branch Is Empty"u8,
        _ => "Bad Request"u8,
    };
}
