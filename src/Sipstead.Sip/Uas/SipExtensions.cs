using System.Text;
using Sipstead.Sip.Messages;

namespace Sipstead.Sip.Uas;

/// <summary>Extensions of REGISTER that the server supports, by their option tags (RFC 3261 19.2).</summary>
[Flags]
public enum SipExtension
{
    None = 0,

    /// <summary>RFC 3327.</summary>
    Path = 1,

    /// <summary>RFC 5626.</summary>
    Outbound = 2,

    /// <summary>RFC 5627.</summary>
    Gruu = 4,
}

/// <summary>Reads which extensions of REGISTER a device supports.</summary>
public static class SipExtensions
{
    /// <summary>The extension of an option tag; <see cref="SipExtension.None"/> for one that is not supported. Option tags are compared without case.</summary>
    public static SipExtension Find(ReadOnlySpan<byte> tag)
    {
        if (Ascii.EqualsIgnoreCase(tag, OptionTags.Path)) return SipExtension.Path;
        if (Ascii.EqualsIgnoreCase(tag, OptionTags.Outbound)) return SipExtension.Outbound;
        return Ascii.EqualsIgnoreCase(tag, OptionTags.Gruu) ? SipExtension.Gruu : SipExtension.None;
    }

    /// <summary>The extensions that the sender of a request supports: those in Supported, and those it requires.</summary>
    public static SipExtension SupportedBy(SipMessage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Read(request, HeaderId.Supported) | Read(request, HeaderId.Require);
    }

    private static SipExtension Read(SipMessage request, HeaderId header)
    {
        var found = SipExtension.None;
        foreach (var tag in request.Values(header)) found |= Find(tag);
        return found;
    }
}
