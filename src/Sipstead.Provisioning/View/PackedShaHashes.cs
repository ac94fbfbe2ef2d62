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
/// <param name="Kinds">Those that there are.</param>
/// <param name="Octets">32 for each.</param>
internal readonly record struct PackedShaHashes(ShaHashKinds Kinds, ReadOnlyMemory<byte> Octets)
{
    /// <summary>Octets of one hash.</summary>
    public const int HashLength = 32;

    public static int LengthOf(ShaHashKinds kinds) => HashLength * BitOperations.PopCount((uint)kinds);

    /// <summary>Copies a hash; false when there is none.</summary>
    public bool TryCopy(DigestAlgorithms algorithm, bool isHash1b, Span<byte> hash)
    {
        var kind = (algorithm, isHash1b) switch
        {
            (DigestAlgorithms.Sha256, false) => ShaHashKinds.Hash1Sha256,
            (DigestAlgorithms.Sha256, true) => ShaHashKinds.Hash1bSha256,
            (DigestAlgorithms.Sha512256, false) => ShaHashKinds.Hash1Sha512256,
            (DigestAlgorithms.Sha512256, true) => ShaHashKinds.Hash1bSha512256,
            _ => ShaHashKinds.None,
        };
        if ((Kinds & kind) == 0) return false;
        Octets.Span.Slice(LengthOf(Kinds & (kind - 1)), HashLength).CopyTo(hash);
        return true;
    }
}
