using System.Text;
using Sipstead.Sip.Parsing;

namespace Sipstead.Sip.Sessions;

/// <summary>The status line that a NOTIFY about a REFER carries (RFC 3420, RFC 3515 2.4.5).</summary>
internal static class SipFrag
{
    /// <summary>Media type of ours.</summary>
    public const string ContentType = "message/sipfrag;version=2.0";

    private static ReadOnlySpan<byte> Version => "SIP/2.0 "u8;

    /// <summary>Reads the status, 100 to 699. False when the body begins with no status line.</summary>
    public static bool TryReadStatus(ReadOnlySpan<byte> body, out int status)
    {
        status = 0;
        if (body.Length < Version.Length + 3 || !Ascii.EqualsIgnoreCase(body[..Version.Length], Version)) return false;
        if (!SipNumber.TryParse(body.Slice(Version.Length, 3), 699, out var number) || number < 100) return false;
        if (body.Length > Version.Length + 3 && SipChars.IsDigit(body[Version.Length + 3])) return false;
        status = (int)number;
        return true;
    }
}
