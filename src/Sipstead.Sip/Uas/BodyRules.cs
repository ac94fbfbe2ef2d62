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

    /// <summary>True when the sender takes a session description for an answer: without Accept it does, with an empty one it takes nothing (RFC 3261 20.1).</summary>
    public static bool AcceptsSdp(SipMessage message)
    {
        if (!message.Has(HeaderId.Accept)) return true;
        foreach (var range in message.Values(HeaderId.Accept))
        {
            var end = range.IndexOf((byte)';');
            var type = Parsing.SipChars.Trim(end < 0 ? range : range[..end]);
            var isSdp = Ascii.EqualsIgnoreCase(type, "application/sdp"u8) || Ascii.EqualsIgnoreCase(type, "application/*"u8) || type.SequenceEqual("*/*"u8);
            if (isSdp && !IsRefused(end < 0 ? default : range[end..])) return true;
        }

        return false;
    }

    /// <summary>q=0 says that a type is not wanted.</summary>
    private static bool IsRefused(ReadOnlySpan<byte> parameters) =>
        HeaderParameters.TryFind(parameters, "q"u8, out var q) && q is [(byte)'0', ..] && !q[1..].ContainsAnyExcept((byte)'.', (byte)'0');
}
