using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;
using Sipstead.Provisioning.View;

namespace Sipstead.Provisioning.Credentials;

/// <summary>
/// The text form of hashes (contract 5.2): of Hash1 and Hash1b 32 hexadecimal digits are an MD5 and anything else never authenticates; those of SHA are 64
/// hexadecimal digits.
/// </summary>
internal static class HashText
{
    private const int Md5Length = 16;
    private const int Md5Digits = 2 * Md5Length;

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
    public static UInt128? Parse(string? text)
    {
        Span<byte> octets = stackalloc byte[Md5Length];
        return text is { Length: Md5Digits } && Convert.FromHexString(text, octets, out _, out _) == OperationStatus.Done
            ? BinaryPrimitives.ReadUInt128BigEndian(octets)
            : null;
    }

    /// <inheritdoc cref="Parse(string?)"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static UInt128? Parse(ReadOnlySpan<byte> text)
    {
        Span<byte> octets = stackalloc byte[Md5Length];
        return text.Length == Md5Digits && Convert.FromHexString(text, octets, out _, out _) == OperationStatus.Done
            ? BinaryPrimitives.ReadUInt128BigEndian(octets)
            : null;
    }

    /// <summary>Whether it is the text of a SHA-256 or SHA-512/256.</summary>
    public static bool IsSha(string text) => text.Length == 2 * PackedShaHashes.HashLength && text.All(char.IsAsciiHexDigit);

    /// <summary>The octets of the hashes.</summary>
    public static PackedShaHashes Pack(ShaHashes hashes)
    {
        if (hashes == ShaHashes.None) return default;
        var octets = new byte[PackedShaHashes.MaximumLength];
        Span<byte> digits = stackalloc byte[2 * PackedShaHashes.HashLength];
        var kinds = ShaHashKinds.None;
        ReadOnlySpan<string?> texts = [hashes.Hash1Sha256, hashes.Hash1bSha256, hashes.Hash1Sha512256, hashes.Hash1bSha512256];
        for (var i = 0; i < texts.Length; i++)
        {
            if (texts[i] is not { } text || !Encoding.ASCII.TryGetBytes(text, digits, out var length)) continue;
            Add(digits[..length], (ShaHashKinds)(1 << i), ref kinds, octets);
        }

        return new PackedShaHashes(kinds, octets.AsSpan(0, PackedShaHashes.LengthOf(kinds)));
    }

    /// <summary>Appends the octets of a hash to those of the kinds before it; leaves out what is none.</summary>
    public static void Add(ReadOnlySpan<byte> text, ShaHashKinds kind, ref ShaHashKinds kinds, Span<byte> octets)
    {
        var place = octets[PackedShaHashes.LengthOf(kinds)..];
        if (text.Length != 2 * PackedShaHashes.HashLength || Convert.FromHexString(text, place, out _, out _) != OperationStatus.Done) return;
        kinds |= kind;
    }

    private static string? LowerOrNull(string? text) => string.IsNullOrEmpty(text) ? null : text.ToLowerInvariant();
}
