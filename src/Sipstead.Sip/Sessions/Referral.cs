using System.Text;
using Sipstead.Sip.Messages;

namespace Sipstead.Sip.Sessions;

/// <summary>What a REFER asks for (RFC 3515): that whom we connect its sender with be connected with somebody else.</summary>
/// <param name="Target">The URI to be called, without headers.</param>
/// <param name="Replaced">The dialog that the call is to take the place of (RFC 3891): the other call of an attended transfer. Null for none.</param>
public sealed record Referral(string Target, ReplacedDialog? Replaced)
{
    /// <summary>Octets of a dialog's id that are read; longer ones are nobody's.</summary>
    private const int MaximumReplaces = 1024;

    /// <summary>Reads it. False unless there is one Refer-To that asks for an INVITE to a SIP URI and can be read whole.</summary>
    public static bool TryRead(SipMessage refer, out Referral referral)
    {
        ArgumentNullException.ThrowIfNull(refer);
        referral = null!;
        if (!refer.HasOne(HeaderId.ReferTo) || !NameAddress.TryParse(refer.Value(HeaderId.ReferTo), out var address) || !address.Uri.IsSip) return false;
        var uri = address.Uri;
        if (uri.TryGetParameter("method"u8, out var method) && !Ascii.EqualsIgnoreCase(method, "INVITE"u8)) return false;
        if (!TryReadReplaced(uri.Headers, out var replaced)) return false;
        referral = new Referral(Encoding.UTF8.GetString(uri.Text[..(uri.Text.Length - uri.Headers.Length)]), replaced);
        return true;
    }

    /// <summary>Of the headers in the URI only Replaces is obeyed (RFC 3261 19.1.5). False when it cannot be read.</summary>
    private static bool TryReadReplaced(ReadOnlySpan<byte> headers, out ReplacedDialog? replaced)
    {
        replaced = null;
        headers = headers.TrimStart((byte)'?');
        foreach (var range in headers.Split((byte)'&'))
        {
            var header = headers[range];
            var equals = header.IndexOf((byte)'=');
            if (equals < 0 || !Ascii.EqualsIgnoreCase(header[..equals], "Replaces"u8)) continue;
            if (replaced is not null || !ReplacedDialog.TryRead(header[(equals + 1)..], out replaced)) return false;
        }

        return true;
    }

    internal static bool TryUnescape(ReadOnlySpan<byte> text, out byte[] octets)
    {
        octets = [];
        if (text.Length > MaximumReplaces) return false;
        Span<byte> unescaped = stackalloc byte[MaximumReplaces];
        if (!SipUri.TryUnescape(text, unescaped, out var length)) return false;
        octets = unescaped[..length].ToArray();
        return true;
    }
}

/// <summary>A dialog as Replaces names it (RFC 3891 6.1), by Call-ID and tags.</summary>
/// <param name="ToTag">The tag of the side that is to take the new call: ours.</param>
/// <param name="FromTag">The tag of the other side.</param>
public sealed record ReplacedDialog(string CallId, string ToTag, string FromTag)
{
    internal static bool TryRead(ReadOnlySpan<byte> escaped, out ReplacedDialog? dialog)
    {
        dialog = null;
        if (!Referral.TryUnescape(escaped, out var octets)) return false;
        var value = octets.AsSpan();
        var end = value.IndexOf((byte)';');
        if (end <= 0) return false;
        if (!HeaderParameters.TryFind(value[end..], "to-tag"u8, out var toTag) || !HeaderParameters.TryFind(value[end..], "from-tag"u8, out var fromTag)) return false;
        dialog = new ReplacedDialog(Encoding.UTF8.GetString(value[..end]), Encoding.UTF8.GetString(toTag), Encoding.UTF8.GetString(fromTag));
        return true;
    }
}
