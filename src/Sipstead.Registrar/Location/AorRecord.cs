namespace Sipstead.Registrar.Location;

/// <summary>All that is kept in memory for one address-of-record, keyed by its credential (ruling 5). Guarded by its shard's lock.</summary>
internal sealed class AorRecord(long credentialId, long realmId, int hashRevision)
{
    public long CredentialId { get; } = credentialId;

    public long RealmId { get; } = realmId;

    /// <summary>Revision of the hashes that the bindings were made with; another revision ends them (ruling 12).</summary>
    public int HashRevision { get; set; } = hashRevision;

    /// <summary>Rises with each change; orders the records of the journal.</summary>
    public long Version { get; set; }

    /// <summary>Packed bindings, exactly.</summary>
    public byte[] Bindings { get; set; } = [];

    public NonceSlot[] Nonces { get; set; } = [];

    /// <summary>Highest nonce sequence that was forgotten; at or below it every nonce not remembered is stale.</summary>
    public long EvictedNonce { get; set; }

    /// <summary>When the sweep looks at it next, <see cref="ServerClock.NowMs"/>.</summary>
    public long SweepAt { get; set; } = long.MaxValue;
}
