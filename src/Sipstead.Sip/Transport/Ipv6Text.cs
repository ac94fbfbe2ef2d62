using Sipstead.Sip.Parsing;

namespace Sipstead.Sip.Transport;

/// <summary>IPv6 addresses as text, without objects: reading (RFC 4291 2.2, without zone) and writing (RFC 5952).</summary>
internal static class Ipv6Text
{
    private const int Groups = 8;

    public static bool TryParse(ReadOnlySpan<byte> text, out UInt128 address)
    {
        address = 0;
        Span<ushort> groups = stackalloc ushort[Groups];
        var count = 0;
        var gap = -1; // index of the group before which "::" stands
        if (text.StartsWith("::"u8))
        {
            gap = 0;
            text = SkipThirdColon(text[2..]);
        }

        while (!text.IsEmpty)
        {
            if (count == Groups || !TryReadPart(ref text, groups, ref count)) return false;
            if (text.IsEmpty) break;
            if (text[0] != ':' || text.Length == 1) return false;
            text = text[1..];
            if (text[0] != ':') continue;
            if (gap >= 0) return false;
            gap = count;
            text = SkipThirdColon(text[1..]);
        }

        if (gap < 0 ? count != Groups : count == Groups) return false;
        for (var i = 0; i < count; i++)
        {
            var place = gap >= 0 && i >= gap ? i + Groups - count : i;
            address |= (UInt128)groups[i] << (112 - (16 * place));
        }

        return true;
    }

    /// <summary>Writes the address; returns its length.</summary>
    public static int Format(UInt128 address, Span<byte> destination)
    {
        var (zerosAt, zeros) = LongestZeroRun(address);
        var length = 0;
        for (var i = 0; i < Groups; i++)
        {
            if (i == zerosAt)
            {
                destination[length++] = (byte)':';
                if (i == 0) destination[length++] = (byte)':';
                i += zeros - 1;
                continue;
            }

            Group(address, i).TryFormat(destination[length..], out var written, "x");
            length += written;
            if (i < Groups - 1) destination[length++] = (byte)':';
        }

        return length;
    }

    /// <summary>Before an IPv4 part the grammar of RFC 3261 asks for a third colon, which peers send (RFC 5118 4.10).</summary>
    private static ReadOnlySpan<byte> SkipThirdColon(ReadOnlySpan<byte> text) =>
        text.StartsWith(":"u8) && text.Contains((byte)'.') && !text[1..].Contains((byte)':') ? text[1..] : text;

    /// <summary>Reads a group of hexadecimal digits, or the IPv4 address that may stand for the last two.</summary>
    private static bool TryReadPart(scoped ref ReadOnlySpan<byte> text, scoped Span<ushort> groups, scoped ref int count)
    {
        var end = text.IndexOf((byte)':');
        var part = end < 0 ? text : text[..end];
        text = end < 0 ? default : text[end..];
        if (part.Contains((byte)'.'))
        {
            if (end >= 0 || count > Groups - 2 || !TransportAddress.TryParseIpv4(part, out var ipv4)) return false;
            groups[count++] = (ushort)(ipv4 >> 16);
            groups[count++] = (ushort)ipv4;
            return true;
        }

        if (part.Length is < 1 or > 4) return false;
        var value = 0;
        foreach (var octet in part)
        {
            var digit = SipChars.HexValue(octet);
            if (digit < 0) return false;
            value = (value << 4) | digit;
        }

        groups[count++] = (ushort)value;
        return true;
    }

    private static ushort Group(UInt128 address, int index) => (ushort)(address >> (112 - (16 * index)));

    /// <summary>The first longest run of two or more zero groups (RFC 5952 4.2).</summary>
    private static (int At, int Length) LongestZeroRun(UInt128 address)
    {
        var best = (At: -1, Length: 1);
        for (var i = 0; i < Groups; i++)
        {
            var run = 0;
            while (i + run < Groups && Group(address, i + run) == 0) run++;
            if (run > best.Length) best = (i, run);
            i += run;
        }

        return best;
    }
}
