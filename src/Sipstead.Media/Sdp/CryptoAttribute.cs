using System.Globalization;
using Sipstead.Media.Srtp;

namespace Sipstead.Media.Sdp;

/// <summary>A crypto attribute (RFC 4568 4, 6): a tag, the suite, and the key of who wrote it.</summary>
internal sealed record CryptoAttribute(int Tag, SrtpKey Key)
{
    public const string Name = "crypto";

    private const string Method = "inline:";
    private const int MaxTag = 999_999_999;
    private const int MaxIdentifier = 128;

    /// <summary>Bits of the longest lifetime: 2^48 packets (RFC 3711 9.2).</summary>
    private const int MaxLifetimeBits = 48;

    public SdpAttribute Write() => new(Name, $"{Tag.ToString(CultureInfo.InvariantCulture)} {Key.Suite.Name} {Method}{Convert.ToBase64String(Key.Octets)}");

    /// <summary>The attributes of a media section that we can use, in their order; of several with one tag the first counts.</summary>
    public static List<CryptoAttribute> ReadAll(SdpMedia media)
    {
        var tags = new HashSet<int>();
        var usable = new List<CryptoAttribute>();
        foreach (var attribute in media.Attributes)
        {
            if (attribute.Name != Name || attribute.Value is not { } value) continue;
            var parts = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length < 3 || !AsciiText.TryReadNumber(parts[0], MaxTag, out var tag) || !tags.Add(tag)) continue;
            if (SrtpSuite.Find(parts[1]) is { } suite && parts[3..].All(IsHarmless) && TryReadKey(suite, parts[2], out var key))
                usable.Add(new CryptoAttribute(tag, key));
        }

        return usable;
    }

    /// <summary>
    /// Session parameters change how packets are made, so one that is not followed refuses the line (RFC 4568 6.3): all but the hint at the size of the replay
    /// window, and those whose dash says that they may be passed over.
    /// </summary>
    private static bool IsHarmless(string parameter) =>
        parameter[0] == '-' || (parameter.StartsWith("WSH=", StringComparison.Ordinal) && AsciiText.TryReadNumber(parameter.AsSpan(4), int.MaxValue, out var size) && size >= 64);

    /// <summary>
    /// Reads <c>inline:KEY|LIFETIME|MKI:LENGTH</c>. Several keys in one line, which only identifiers tell apart, are refused. A lifetime is the party's own
    /// business as long as there can be one.
    /// </summary>
    private static bool TryReadKey(SrtpSuite suite, string text, out SrtpKey key)
    {
        key = null!;
        if (!text.StartsWith(Method, StringComparison.Ordinal) || text.Contains(';', StringComparison.Ordinal)) return false;
        var parts = text[Method.Length..].Split('|');
        Span<byte> octets = stackalloc byte[suite.KeyLength + suite.SaltLength];
        if (!TryReadBase64(parts[0], octets)) return false;
        ReadOnlySpan<byte> identifier = [];
        switch (parts.Length)
        {
            case 1:
                break;
            case 2 when IsLifetime(parts[1]):
                break;
            case 2 when TryReadIdentifier(parts[1], out var alone):
                identifier = alone;
                break;
            case 3 when IsLifetime(parts[1]) && TryReadIdentifier(parts[2], out var last):
                identifier = last;
                break;
            default:
                return false;
        }

        key = new SrtpKey(suite, octets, identifier);
        return true;
    }

    /// <summary>Exactly as many octets as there is room for; the padding of base64 may lack.</summary>
    private static bool TryReadBase64(string text, Span<byte> octets)
    {
        var whole = text.PadRight((text.Length + 3) / 4 * 4, '=');
        return Convert.TryFromBase64String(whole, octets, out var count) && count == octets.Length;
    }

    /// <summary>A number of packets, or a power of 2 such as <c>2^20</c>.</summary>
    private static bool IsLifetime(string text) => text.StartsWith("2^", StringComparison.Ordinal)
        ? AsciiText.TryReadNumber(text.AsSpan(2), MaxLifetimeBits, out _)
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var packets) && packets is > 0 and <= 1UL << MaxLifetimeBits;

    /// <summary>A key identifier with its length in octets, such as <c>1:4</c>.</summary>
    private static bool TryReadIdentifier(string text, out byte[] identifier)
    {
        identifier = [];
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || !ulong.TryParse(text.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var value)) return false;
        if (!AsciiText.TryReadNumber(text.AsSpan(colon + 1), MaxIdentifier, out var length) || length == 0) return false;
        if (length < sizeof(ulong) && value >> (8 * length) != 0) return false;
        identifier = new byte[length];
        for (var i = 0; i < Math.Min(length, sizeof(ulong)); i++) identifier[length - 1 - i] = (byte)(value >> (8 * i));
        return true;
    }
}
