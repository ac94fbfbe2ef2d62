using System.Diagnostics.CodeAnalysis;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;

namespace Sipstead.Provisioning.View;

/// <summary>
/// Every SIP credential as a packed record, found by (realm, user name) and by id (ruling 38). Lookups allocate nothing, take no
/// lock and never wait for a database; changes are made in place by one writer at a time.
/// </summary>
public sealed class CredentialTable
{
    private static readonly long HashSeed = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));

    private readonly RecordTable<NameKey> _byName = new();
    private readonly RecordTable<IdKey> _byId = new();
    private int _count;

    internal CredentialTable()
    {
    }

    /// <summary>How many credentials there are.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Finds a credential by realm and exact user name (ordinal, UTF-8; ruling 5).</summary>
    public bool TryFind(long realmId, ReadOnlySpan<byte> userName, out CredentialSecret credential) =>
        TryUnpack(_byName.Find(new NameKey(realmId, userName)), out credential);

    /// <summary>Finds a credential by its id.</summary>
    public bool TryGet(long credentialId, out CredentialSecret credential) =>
        TryUnpack(_byId.Find(new IdKey(credentialId)), out credential);

    /// <summary>The user name of a credential, in its stored case. Allocates: not for the hot path.</summary>
    public bool TryGetUserName(long credentialId, [NotNullWhen(true)] out string? userName)
    {
        userName = _byId.Find(new IdKey(credentialId)) is { } record ? Encoding.UTF8.GetString(CredentialRecord.UserName(record)) : null;
        return userName is not null;
    }

    /// <summary>The voice application that takes the calls of a credential's devices; false when it has none. Allocates nothing.</summary>
    public bool TryGetApplication(long credentialId, out Guid applicationId)
    {
        applicationId = default;
        return _byId.Find(new IdKey(credentialId)) is { } record && CredentialRecord.TryGetApplication(record, out applicationId);
    }

    /// <summary>Adds a credential, or replaces the one with the same id, realm and name.</summary>
    internal void Set(in CredentialSecret secret, string userName, Guid? application = null)
    {
        var record = CredentialRecord.Pack(secret, userName, application);
        if (_byId.Find(new IdKey(secret.Id)) is null) Interlocked.Increment(ref _count);
        _byId.Set(record);
        _byName.Set(record);
    }

    internal bool Remove(long credentialId)
    {
        if (_byId.Find(new IdKey(credentialId)) is not { } record) return false;
        _byName.Remove(NameKey.Of(record));
        _byId.Remove(new IdKey(credentialId));
        Interlocked.Decrement(ref _count);
        return true;
    }

    private static bool TryUnpack(byte[]? record, out CredentialSecret credential)
    {
        credential = record is null ? default : CredentialRecord.Unpack(record);
        return record is not null;
    }

    private readonly ref struct NameKey(long realmId, ReadOnlySpan<byte> name) : IRecordKey<NameKey>
    {
        private readonly long _realmId = realmId;
        private readonly ReadOnlySpan<byte> _name = name;

        public static NameKey Of(ReadOnlySpan<byte> record) => new(CredentialRecord.RealmId(record), CredentialRecord.UserName(record));

        public ulong Hash() => XxHash3.HashToUInt64(_name, HashSeed ^ _realmId);

        public bool Matches(ReadOnlySpan<byte> record) =>
            CredentialRecord.RealmId(record) == _realmId && CredentialRecord.UserName(record).SequenceEqual(_name);
    }

    private readonly ref struct IdKey(long id) : IRecordKey<IdKey>
    {
        /// <summary>2^64 divided by the golden ratio: spreads consecutive ids over shards and slots.</summary>
        private const ulong Spread = 0x9E3779B97F4A7C15;

        private readonly long _id = id;

        public static IdKey Of(ReadOnlySpan<byte> record) => new(CredentialRecord.Id(record));

        public ulong Hash() => System.Numerics.BitOperations.RotateRight((ulong)_id * Spread, 32);

        public bool Matches(ReadOnlySpan<byte> record) => CredentialRecord.Id(record) == _id;
    }
}
