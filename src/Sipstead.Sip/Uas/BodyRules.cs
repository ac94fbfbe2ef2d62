using System.Text;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;

namespace Sipstead.Sip.Uas;

/// <summary>Which bodies are understood (RFC 3261 8.2.3, UAS-04), and whether ours would be (UAS-05).</summary>
internal static class BodyRules
{
    /// <summary>Headers of a 415 and of the answer to OPTIONS.</summary>
    public static ReadOnlySpan<byte> AcceptLines =>
        "Accept: application/sdp, multipart/mixed\r\nAccept-Encoding: identity\r\nAccept-Language: en\r\n"u8;

    /// <summary>True when type and encoding are known, or the body may be ignored (handling=optional).</summary>
    public static bool IsUnderstood(SipMessage message)
    {
        if (IsOptional(message)) return true;
        if (message.Has(HeaderId.ContentEncoding) && !Ascii.EqualsIgnoreCase(message.Value(HeaderId.ContentEncoding), "identity"u8)) return false;
        var type = TypeOf(message.Value(HeaderId.ContentType));

        // A body without a type cannot be read, and RFC 2543 peers send SDP that way.
        return type.IsEmpty || Ascii.EqualsIgnoreCase(type, "application/sdp"u8) || Ascii.EqualsIgnoreCase(type, "multipart/mixed"u8);
    }

    /// <summary>True when the body may be ignored.</summary>
    public static bool IsOptional(SipMessage message)
    {
        var disposition = message.Value(HeaderId.ContentDisposition);
        var parameters = disposition.IndexOf((byte)';') is var at and >= 0 ? disposition[at..] : default;
        return HeaderParameters.TryFind(parameters, "handling"u8, out var handling) && Ascii.EqualsIgnoreCase(handling, "optional"u8);
    }

    /// <summary>True when the peer takes SDP, as it does without an Accept header; an empty one takes nothing (RFC 3261 20.1).</summary>
    public static bool AcceptsSdp(SipMessage message)
    {
        if (!message.Has(HeaderId.Accept)) return true;
        foreach (var range in message.Values(HeaderId.Accept))
        {
            if (IsSdp(TypeOf(range)) && !IsExcluded(range)) return true;
        }

        return false;
    }

    /// <summary>Media type without its parameters.</summary>
    public static ReadOnlySpan<byte> TypeOf(ReadOnlySpan<byte> value) =>
        value.IndexOf((byte)';') is var end and >= 0 ? SipChars.Trim(value[..end]) : value;

    private static bool IsSdp(ReadOnlySpan<byte> range) => Ascii.EqualsIgnoreCase(range, "application/sdp"u8)
        || Ascii.EqualsIgnoreCase(range, "application/*"u8) || range.SequenceEqual("*/*"u8);

    /// <summary>A weight of zero, whatever its digits.</summary>
    private static bool IsExcluded(ReadOnlySpan<byte> range)
    {
        var parameters = range.IndexOf((byte)';') is var at and >= 0 ? range[at..] : default;
        return HeaderParameters.TryFind(parameters, "q"u8, out var weight) && !weight.IsEmpty && !weight.ContainsAnyExcept("0."u8);
    }
}
