using System.Buffers.Binary;
using Sipstead.Provisioning.Realms;

namespace Sipstead.Provisioning.View;

/// <summary>
/// What digest authentication needs to know of one credential, copied out of its record. Holds no string. SHA hashes stay in the
/// table until they are asked for.
/// </summary>
public readonly struct CredentialSecret
{
    private const int Md5Length = 16;

    /// <summary>Where the SHA hashes are; null when the credential has none.</summary>
    private readonly CredentialTable? _shaHashes;

    internal CredentialSecret(
        long id, long realmId, int hashRevision, UInt128? hash1, UInt128? hash1b, CredentialTable? shaHashes = null)
    {
        Id = id;
        RealmId = realmId;
        HashRevision = hashRevision;
        CanAuthenticate = hash1.HasValue;
        Hash1 = hash1.GetValueOrDefault();
        HasHash1b = hash1b.HasValue;
        Hash1b = hash1b.GetValueOrDefault();
        _shaHashes = shaHashes;
    }

    /// <summary>The credential's id; stable over rotation, and the key of its address-of-record (ruling 5).</summary>
    public long Id { get; }

    /// <summary>The realm it belongs to.</summary>
    public long RealmId { get; }

    /// <summary>Rises when a hash changes (ruling 12).</summary>
    public int HashRevision { get; }

    /// <summary>False when Hash1 is not 32 hexadecimal digits: such a credential never authenticates by MD5.</summary>
    public bool CanAuthenticate { get; }

    /// <summary>Whether <see cref="Hash1b"/> is set.</summary>
    public bool HasHash1b { get; }

    /// <summary>MD5(user:realm:password) as the big-endian value of its 32 hexadecimal digits.</summary>
    public UInt128 Hash1 { get; }

    /// <summary>MD5(user@realm:realm:password) as the big-endian value of its 32 hexadecimal digits.</summary>
    public UInt128 Hash1b { get; }

    /// <summary>
    /// Copies the octets of H(user:realm:password), or of H(user@realm:realm:password), H being the algorithm's hash; returns how many
    /// they are (16 or 32), 0 when the credential has no such hash. SHA hashes that were changed since are not there either.
    /// </summary>
    /// <param name="algorithm">One algorithm.</param>
    /// <param name="isHash1b">Whether the user name of the hash is that with the realm.</param>
    /// <param name="hash">Takes 32 octets.</param>
    public int CopyHash(DigestAlgorithms algorithm, bool isHash1b, Span<byte> hash)
    {
        if (algorithm != DigestAlgorithms.Md5)
        {
            var isCopied = _shaHashes?.TryCopyHash(Id, HashRevision, PackedShaHashes.KindOf(algorithm, isHash1b), hash) ?? false;
            return isCopied ? PackedShaHashes.HashLength : 0;
        }

        if (!(isHash1b ? HasHash1b : CanAuthenticate)) return 0;
        BinaryPrimitives.WriteUInt128BigEndian(hash, isHash1b ? Hash1b : Hash1);
        return Md5Length;
    }

    /// <summary>Ids only: a hash is a password equivalent.</summary>
    public override string ToString() => $"credential {Id} of realm {RealmId}, revision {HashRevision}";
}
