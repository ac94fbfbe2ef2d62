namespace Sipstead.Provisioning.View;

/// <summary>What digest authentication needs to know of one credential, copied out of its record. Holds no string.</summary>
public readonly struct CredentialSecret
{
    internal CredentialSecret(long id, long realmId, int hashRevision, UInt128? hash1, UInt128? hash1b)
    {
        Id = id;
        RealmId = realmId;
        HashRevision = hashRevision;
        CanAuthenticate = hash1.HasValue;
        Hash1 = hash1.GetValueOrDefault();
        HasHash1b = hash1b.HasValue;
        Hash1b = hash1b.GetValueOrDefault();
    }

    /// <summary>The credential's id; stable over rotation, and the key of its address-of-record (ruling 5).</summary>
    public long Id { get; }

    /// <summary>The realm it belongs to.</summary>
    public long RealmId { get; }

    /// <summary>Rises when a hash changes (ruling 12).</summary>
    public int HashRevision { get; }

    /// <summary>False when Hash1 is not 32 hexadecimal digits: such a credential never authenticates.</summary>
    public bool CanAuthenticate { get; }

    /// <summary>Whether <see cref="Hash1b"/> is set.</summary>
    public bool HasHash1b { get; }

    /// <summary>MD5(user:realm:password) as the big-endian value of its 32 hexadecimal digits.</summary>
    public UInt128 Hash1 { get; }

    /// <summary>MD5(user@realm:realm:password) as the big-endian value of its 32 hexadecimal digits.</summary>
    public UInt128 Hash1b { get; }

    /// <summary>Ids only: a hash is a password equivalent.</summary>
    public override string ToString() => $"credential {Id} of realm {RealmId}, revision {HashRevision}";
}
