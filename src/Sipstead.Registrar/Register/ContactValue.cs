using System.Text;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;

namespace Sipstead.Registrar.Register;

/// <summary>View of one Contact of a REGISTER (RFC 3261 10.2.1, 20.10).</summary>
internal readonly ref struct ContactValue
{
    /// <summary>Octets that URI and parameters of one contact may have together; more gets 400.</summary>
    public const int MaxLength = 2048;

    private ContactValue(NameAddress address) => Address = address;

    public NameAddress Address { get; }

    public SipUri Uri => Address.Uri;

    /// <summary>Value of the expires parameter; null when absent or unusable.</summary>
    public long? Expires { get; private init; }

    /// <summary>True when there is an expires parameter, usable or not: it wins over the header (REG-12).</summary>
    public bool HasExpires { get; private init; }

    /// <summary>Thousandths, -1 when absent.</summary>
    public short Q { get; private init; }

    /// <summary>True for <c>*</c>.</summary>
    public static bool IsWildcard(ReadOnlySpan<byte> text) => text is [(byte)'*'];

    /// <summary>Reads a Contact value. False when it is malformed, of another scheme than sip or sips, or its q is out of range.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out ContactValue contact)
    {
        contact = default;
        if (text.Length > MaxLength || !NameAddress.TryParse(text, out var address) || !address.Uri.IsSip) return false;
        short q = -1;
        if (HeaderParameters.TryFind(address.Parameters, "q"u8, out var qText) && !TryReadQ(qText, out q)) return false;
        var hasExpires = HeaderParameters.TryFind(address.Parameters, "expires"u8, out var expires);
        contact = new ContactValue(address)
        {
            Q = q, HasExpires = hasExpires, Expires = SipNumber.TryParse(expires, uint.MaxValue, out var seconds) ? (long)seconds : null,
        };
        return true;
    }

    /// <summary>Writes the parameters that are kept, all but expires and the GRUUs, which are ours to give (RFC 5627 5.1), one behind the other with their ';'. Returns their length.</summary>
    public int CopyParameters(Span<byte> destination)
    {
        var length = 0;
        var walker = new HeaderParameters(Address.Parameters);
        while (walker.MoveNext())
        {
            if (IsOurs(walker.Name)) continue;
            destination[length++] = (byte)';';
            walker.Name.CopyTo(destination[length..]);
            length += walker.Name.Length;
            if (!walker.HasValue) continue;
            destination[length++] = (byte)'=';
            walker.Value.CopyTo(destination[length..]);
            length += walker.Value.Length;
        }

        return length;
    }

    private static bool IsOurs(ReadOnlySpan<byte> name) =>
        Ascii.EqualsIgnoreCase(name, "expires"u8) || Ascii.EqualsIgnoreCase(name, "pub-gruu"u8) || Ascii.EqualsIgnoreCase(name, "temp-gruu"u8);

    /// <summary>0 to 1 with at most three decimals (RFC 3261 25.1 <c>qvalue</c>).</summary>
    private static bool TryReadQ(ReadOnlySpan<byte> text, out short thousandths)
    {
        thousandths = 0;
        if (text.IsEmpty || text[0] is not ((byte)'0' or (byte)'1') || text.Length > 5) return false;
        if (text.Length > 1 && text[1] != '.') return false;
        var value = (text[0] - '0') * 1000;
        var weight = 100;
        for (var i = 2; i < text.Length; i++, weight /= 10)
        {
            var digit = text[i] - '0';
            if ((uint)digit > 9) return false;
            value += digit * weight;
        }

        thousandths = (short)value;
        return value <= 1000;
    }
}
