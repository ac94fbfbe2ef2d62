using System.Text;
using Sipstead.Sip.Messages;

namespace Sipstead.Sip.Uas;

/// <summary>The extensions that there are here (RFC 3261 19.2), by option tag: the one list behind Supported, and behind what may be required.</summary>
internal static class OptionTags
{
    /// <summary>RFC 3262.</summary>
    public static ReadOnlySpan<byte> Reliable => "100rel"u8;

    /// <summary>RFC 4028.</summary>
    public static ReadOnlySpan<byte> Timer => "timer"u8;

    /// <summary>RFC 3327.</summary>
    public static ReadOnlySpan<byte> Path => "path"u8;

    /// <summary>RFC 5626.</summary>
    public static ReadOnlySpan<byte> Outbound => "outbound"u8;

    /// <summary>RFC 5627.</summary>
    public static ReadOnlySpan<byte> Gruu => "gruu"u8;

    /// <summary>The header line of INVITE and what answers it.</summary>
    public static ReadOnlySpan<byte> SupportedLine => "Supported: 100rel, timer\r\n"u8;

    /// <summary>The header line of what answers OPTIONS: those of calls and of registrations.</summary>
    public static ReadOnlySpan<byte> AllSupportedLine => "Supported: 100rel, timer, path, outbound, gruu\r\n"u8;

    /// <summary>True when a request of the method may require the extension.</summary>
    public static bool IsSupported(ReadOnlySpan<byte> tag, SipMethod method) => method == SipMethod.Register
        ? SipExtensions.Find(tag) != SipExtension.None
        : Ascii.EqualsIgnoreCase(tag, Reliable) || Ascii.EqualsIgnoreCase(tag, Timer);

    /// <summary>True when a header that lists option tags names this one.</summary>
    public static bool Has(SipMessage message, HeaderId header, ReadOnlySpan<byte> tag)
    {
        foreach (var value in message.Values(header))
        {
            if (Ascii.EqualsIgnoreCase(value, tag)) return true;
        }

        return false;
    }
}
