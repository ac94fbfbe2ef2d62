using System.Text;
using Sipstead.Sip.Messages;

namespace Sipstead.Sip.Uas;

/// <summary>Which bodies are understood (RFC 3261 8.2.3, UAS-04).</summary>
internal static class BodyRules
{
    /// <summary>Headers of a 415 and of the answer to OPTIONS.</summary>
    public static ReadOnlySpan<byte> AcceptLines =>
        "Accept: application/sdp, multipart/mixed\r\nAccept-Encoding: identity\r\nAccept-Language: en\r\n"u8;

    /// <summary>True when type and encoding are known, or the body may be ignored (handling=optional).</summary>
    public static bool IsUnderstood(SipMessage message)
    {
        var disposition = message.Value(HeaderId.ContentDisposition);
        var parameters = disposition.IndexOf((byte)';') is var at and >= 0 ? disposition[at..] : default;
        if (HeaderParameters.TryFind(parameters, "handling"u8, out var handling) && Ascii.EqualsIgnoreCase(handling, "optional"u8)) return true;
        if (message.Has(HeaderId.ContentEncoding) && !Ascii.EqualsIgnoreCase(message.Value(HeaderId.ContentEncoding), "identity"u8)) return false;
        var type = message.Value(HeaderId.ContentType);
        var end = type.IndexOf((byte)';');
        if (end >= 0) type = Parsing.SipChars.Trim(type[..end]);

        // A body without a type cannot be read, and RFC 2543 peers send SDP that way.
        return type.IsEmpty || Ascii.EqualsIgnoreCase(type, "application/sdp"u8) || Ascii.EqualsIgnoreCase(type, "multipart/mixed"u8);
    }
}
