using Sipstead.Sip.Messages;

namespace Sipstead.Sip.Parsing;

/// <summary>
/// Header names and their compact forms (RFC 3261 7.3.3, 20; RFC 3325, 6665, 3515, 3892, 4028, 5806, 6086, 7044, 7433, 8224), ASCII case-insensitive: one switch on the length,
/// then at most a handful of compares. To add a header: one id in <see cref="HeaderId"/> and one line here.
/// </summary>
internal static class HeaderNameTable
{
    public static HeaderId Find(ReadOnlySpan<byte> name) => name.Length switch
    {
        1 => Compact((byte)(name[0] | 0x20)),
        2 => SipChars.IsNamed(name, "To"u8) ? HeaderId.To : HeaderId.Other,
        3 => SipChars.IsNamed(name, "Via"u8) ? HeaderId.Via : HeaderId.Other,
        4 => Four(name),
        5 => Five(name),
        6 => Six(name),
        7 => Seven(name),
        8 => SipChars.IsNamed(name, "Refer-To"u8) ? HeaderId.ReferTo
            : SipChars.IsNamed(name, "Replaces"u8) ? HeaderId.Replaces
            : SipChars.IsNamed(name, "Identity"u8) ? HeaderId.Identity : HeaderId.Other,
        9 => SipChars.IsNamed(name, "Timestamp"u8) ? HeaderId.Timestamp
            : SipChars.IsNamed(name, "Supported"u8) ? HeaderId.Supported
            : SipChars.IsNamed(name, "Diversion"u8) ? HeaderId.Diversion : HeaderId.Other,
        10 => SipChars.IsNamed(name, "User-Agent"u8) ? HeaderId.UserAgent : HeaderId.Other,
        11 => SipChars.IsNamed(name, "Retry-After"u8) ? HeaderId.RetryAfter
            : SipChars.IsNamed(name, "Min-Expires"u8) ? HeaderId.MinExpires
            : SipChars.IsNamed(name, "Unsupported"u8) ? HeaderId.Unsupported
            : SipChars.IsNamed(name, "Referred-By"u8) ? HeaderId.ReferredBy : HeaderId.Other,
        12 => Twelve(name),
        13 => SipChars.IsNamed(name, "Authorization"u8) ? HeaderId.Authorization
            : SipChars.IsNamed(name, "Proxy-Require"u8) ? HeaderId.ProxyRequire : HeaderId.Other,
        14 => SipChars.IsNamed(name, "Content-Length"u8) ? HeaderId.ContentLength : HeaderId.Other,
        15 => SipChars.IsNamed(name, "Accept-Encoding"u8) ? HeaderId.AcceptEncoding
            : SipChars.IsNamed(name, "Accept-Language"u8) ? HeaderId.AcceptLanguage
            : SipChars.IsNamed(name, "Session-Expires"u8) ? HeaderId.SessionExpires : HeaderId.Other,
        16 => SipChars.IsNamed(name, "WWW-Authenticate"u8) ? HeaderId.WwwAuthenticate
            : SipChars.IsNamed(name, "Content-Encoding"u8) ? HeaderId.ContentEncoding
            : SipChars.IsNamed(name, "P-Origination-ID"u8) ? HeaderId.POriginationId
            : SipChars.IsNamed(name, "Content-Language"u8) ? HeaderId.ContentLanguage : HeaderId.Other,
        18 => SipChars.IsNamed(name, "Proxy-Authenticate"u8) ? HeaderId.ProxyAuthenticate
            : SipChars.IsNamed(name, "Subscription-State"u8) ? HeaderId.SubscriptionState : HeaderId.Other,
        19 => SipChars.IsNamed(name, "Proxy-Authorization"u8) ? HeaderId.ProxyAuthorization
            : SipChars.IsNamed(name, "Content-Disposition"u8) ? HeaderId.ContentDisposition
            : SipChars.IsNamed(name, "P-Asserted-Identity"u8) ? HeaderId.PAssertedIdentity
            : SipChars.IsNamed(name, "Authentication-Info"u8) ? HeaderId.AuthenticationInfo : HeaderId.Other,
        23 => SipChars.IsNamed(name, "P-Attestation-Indicator"u8) ? HeaderId.PAttestationIndicator : HeaderId.Other,
        _ => HeaderId.Other,
    };

    /// <summary>Headers that may stand only once in a message (MSG-08).</summary>
    public static bool IsSingle(HeaderId id) => id is HeaderId.To or HeaderId.From or HeaderId.CallId or HeaderId.CSeq or HeaderId.MaxForwards
        or HeaderId.ContentLength or HeaderId.ContentType or HeaderId.ContentDisposition or HeaderId.Expires or HeaderId.Event
        or HeaderId.MinExpires or HeaderId.Date or HeaderId.Subject or HeaderId.UserAgent or HeaderId.Server or HeaderId.Timestamp
        or HeaderId.RAck or HeaderId.RSeq or HeaderId.ReferTo or HeaderId.ReferredBy or HeaderId.Replaces or HeaderId.RetryAfter
        or HeaderId.SessionExpires or HeaderId.MinSE or HeaderId.InfoPackage;

    private static HeaderId Compact(byte letter) => letter switch
    {
        (byte)'b' => HeaderId.ReferredBy,
        (byte)'c' => HeaderId.ContentType,
        (byte)'e' => HeaderId.ContentEncoding,
        (byte)'f' => HeaderId.From,
        (byte)'i' => HeaderId.CallId,
        (byte)'k' => HeaderId.Supported,
        (byte)'l' => HeaderId.ContentLength,
        (byte)'m' => HeaderId.Contact,
        (byte)'o' => HeaderId.Event,
        (byte)'r' => HeaderId.ReferTo,
        (byte)'s' => HeaderId.Subject,
        (byte)'t' => HeaderId.To,
        (byte)'u' => HeaderId.AllowEvents,
        (byte)'v' => HeaderId.Via,
        (byte)'x' => HeaderId.SessionExpires,
        (byte)'y' => HeaderId.Identity,
        _ => HeaderId.Other,
    };

    private static HeaderId Four(ReadOnlySpan<byte> name)
    {
        if (SipChars.IsNamed(name, "From"u8)) return HeaderId.From;
        if (SipChars.IsNamed(name, "CSeq"u8)) return HeaderId.CSeq;
        if (SipChars.IsNamed(name, "Path"u8)) return HeaderId.Path;
        if (SipChars.IsNamed(name, "Date"u8)) return HeaderId.Date;
        if (SipChars.IsNamed(name, "RSeq"u8)) return HeaderId.RSeq;
        return SipChars.IsNamed(name, "RAck"u8) ? HeaderId.RAck : HeaderId.Other;
    }

    private static HeaderId Five(ReadOnlySpan<byte> name)
    {
        if (SipChars.IsNamed(name, "Allow"u8)) return HeaderId.Allow;
        if (SipChars.IsNamed(name, "Route"u8)) return HeaderId.Route;
        return SipChars.IsNamed(name, "Event"u8) ? HeaderId.Event : HeaderId.Other;
    }

    private static HeaderId Six(ReadOnlySpan<byte> name)
    {
        if (SipChars.IsNamed(name, "Accept"u8)) return HeaderId.Accept;
        if (SipChars.IsNamed(name, "Server"u8)) return HeaderId.Server;
        if (SipChars.IsNamed(name, "Min-SE"u8)) return HeaderId.MinSE;
        return SipChars.IsNamed(name, "Reason"u8) ? HeaderId.Reason : HeaderId.Other;
    }

    private static HeaderId Seven(ReadOnlySpan<byte> name)
    {
        if (SipChars.IsNamed(name, "Call-ID"u8)) return HeaderId.CallId;
        if (SipChars.IsNamed(name, "Contact"u8)) return HeaderId.Contact;
        if (SipChars.IsNamed(name, "Expires"u8)) return HeaderId.Expires;
        if (SipChars.IsNamed(name, "Require"u8)) return HeaderId.Require;
        if (SipChars.IsNamed(name, "Subject"u8)) return HeaderId.Subject;
        if (SipChars.IsNamed(name, "Privacy"u8)) return HeaderId.Privacy;
        return SipChars.IsNamed(name, "Warning"u8) ? HeaderId.Warning : HeaderId.Other;
    }

    private static HeaderId Twelve(ReadOnlySpan<byte> name)
    {
        if (SipChars.IsNamed(name, "Max-Forwards"u8)) return HeaderId.MaxForwards;
        if (SipChars.IsNamed(name, "Content-Type"u8)) return HeaderId.ContentType;
        if (SipChars.IsNamed(name, "Record-Route"u8)) return HeaderId.RecordRoute;
        if (SipChars.IsNamed(name, "History-Info"u8)) return HeaderId.HistoryInfo;
        if (SipChars.IsNamed(name, "User-To-User"u8)) return HeaderId.UserToUser;
        if (SipChars.IsNamed(name, "Info-Package"u8)) return HeaderId.InfoPackage;
        return SipChars.IsNamed(name, "Allow-Events"u8) ? HeaderId.AllowEvents : HeaderId.Other;
    }
}
