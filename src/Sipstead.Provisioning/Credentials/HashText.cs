using System.Globalization;
using Sipstead.Provisioning.View;

namespace Sipstead.Provisioning.Credentials;

/// <summary>
/// The text form of hashes (contract 5.2): of Hash1 and Hash1b 32 hexadecimal digits are an MD5 and anything else never authenticates; those of SHA are 64
/// hexadecimal digits.
/// </summary>
internal static class HashText
{
    private const int Md5Digits = 32;

    /// <summary>An MD5 in lower case, as digest mathematics needs it; other text unchanged.</summary>
    public static string Normalise(string text) => Parse(text) is null ? text : text.ToLowerInvariant();

    /// <summary>All in lower case, empty ones null.</summary>
    public static ShaHashes Normalise(ShaHashes hashes) => new()
    {
        Hash1Sha256 = LowerOrNull(hashes.Hash1Sha256),
        Hash1bSha256 = LowerOrNull(hashes.Hash1bSha256),
        Hash1Sha512256 = LowerOrNull(hashes.Hash1Sha512256),
        Hash1bSha512256 = LowerOrNull(hashes.Hash1bSha512256),
    };

    /// <summary>The big-endian value of an MD5; null for other text.</summary>
    public static UInt128? Parse(string? text) =>
        text is { Length: Md5Digits } && UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;

    /// <summary>Whether it is the text of a SHA-256 or SHA-512/256.</summary>
    public static bool IsSha(string text) => text.Length == 2 * PackedShaHashes.HashLength && text.All(char.IsAsciiHexDigit);

    /// <summary>The octets of the hashes.</summary>
    public static PackedShaHashes Pack(ShaHashes hashes)
    {
        if (hashes == ShaHashes.None) return default;
        var octets = new byte[PackedShaHashes.MaximumLength];
        var kinds = ShaHashKinds.None;
        Add(hashes.Hash1Sha256, ShaHashKinds.Hash1Sha256, ref kinds, octets);
        Add(hashes.Hash1bSha256, ShaHashKinds.Hash1bSha256, ref kinds, octets);
        Add(hashes.Hash1Sha512256, ShaHashKinds.Hash1Sha512256, ref kinds, octets);
        Add(hashes.Hash1bSha512256, ShaHashKinds.Hash1bSha512256, ref kinds, octets);
        return new PackedShaHashes(kinds, octets.AsSpan(0, PackedShaHashes.LengthOf(kinds)));
    }

    private static void Add(string? text, ShaHashKinds kind, ref ShaHashKinds kinds, Span<byte> octets)
    {
        if (text is null || !IsSha(text)) return;
        Convert.FromHexString(text, octets[PackedShaHashes.LengthOf(kinds)..], out _, out _);
        kinds |= kind;
    }

    private static string? LowerOrNull(string? text) => string.IsNullOrEmpty(text) ? null : text.ToLowerInvariant();
}
