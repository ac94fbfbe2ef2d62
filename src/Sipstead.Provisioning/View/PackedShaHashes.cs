using System.Numerics;
using Sipstead.Provisioning.Realms;

namespace Sipstead.Provisioning.View;

/// <summary>Which hashes a credential has beside those of MD5.</summary>
[Flags]
internal enum ShaHashKinds : byte
{
    None = 0,
    Hash1Sha256 = 1,
    Hash1bSha256 = 2,
    Hash1Sha512256 = 4,
    Hash1bSha512256 = 8,
}

/// <summary>The hashes of a credential for SHA-256 and SHA-512/256, one after the other in the order of their kinds.</summary>
/// <param name="kinds">Those that there are.</param>
/// <param name="octets">32 for each.</param>
internal readonly ref struct PackedShaHashes(ShaHashKinds kinds, ReadOnlySpan<byte> octets)
{
    /// <summary>Octets of one hash.</summary>
    public const int HashLength = 32;

    /// <summary>Octets of a hash of each kind.</summary>
    public const int MaximumLength = 4 * HashLength;

    public ShaHashKinds Kinds { get; } = kinds;

    public ReadOnlySpan<byte> Octets { get; } = octets;

    public static int LengthOf(ShaHashKinds kinds) => HashLength * BitOperations.PopCount((uint)kinds);

    public static ShaHashKinds KindOf(DigestAlgorithms algorithm, bool isHash1b) => (algorithm, isHash1b) switch
    {
        (DigestAlgorithms.Sha256, false) => ShaHashKinds.Hash1Sha256,
        (DigestAlgorithms.Sha256, true) => ShaHashKinds.Hash1bSha256,
        (DigestAlgorithms.Sha512256, false) => ShaHashKinds.Hash1Sha512256,
        (DigestAlgorithms.Sha512256, true) => ShaHashKinds.Hash1bSha512256,
        _ => ShaHashKinds.None,
    };

    /// <summary>Copies a hash; false when there is none.</summary>
    public bool TryCopy(ShaHashKinds kind, Span<byte> hash)
    {
        if ((Kinds & kind) == 0) return false;
        Octets.Slice(LengthOf(Kinds & (kind - 1)), HashLength).CopyTo(hash);
        return true;
    }
}
