using System.Diagnostics.CodeAnalysis;
using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace Sipstead.Provisioning.View;

/// <summary>
/// Every SIP credential as a packed record, found by (realm, user name) and by id (ruling 38). Lookups allocate nothing, take no
/// lock and never wait for a writer or a database; changes are made in place by one writer at a time. No object is one credential's,
/// so that a million of them are nothing to the garbage collector.
/// </summary>
public sealed class CredentialTable
{
    private static readonly long HashSeed = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));

    private readonly RecordStore _records;
    private readonly RecordIndex _byName = new();
    private readonly RecordIndex _byId = new();
    private readonly RealmCounts _ofRealms = new();
    private int _count;

    internal CredentialTable() => _records = new RecordStore(Move);

    /// <summary>How to find the records of one key.</summary>
    private interface IKey
    {
        ulong Hash { get; }

        bool Matches(scoped ReadOnlySpan<byte> record);
    }

    /// <summary>How many credentials there are.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>How many credentials a realm has.</summary>
    public int CountOf(long realmId) => _ofRealms.Of(realmId);

    /// <summary>Finds a credential by realm and exact user name (ordinal, UTF-8; ruling 5).</summary>
    public bool TryFind(long realmId, ReadOnlySpan<byte> userName, out CredentialSecret credential) =>
        TryUnpack(_byName, new NameKey(realmId, userName), out credential);

    /// <summary>Finds a credential by its id.</summary>
    public bool TryGet(long credentialId, out CredentialSecret credential) => TryUnpack(_byId, new IdKey(credentialId), out credential);

    /// <summary>The user name of a credential, in its stored case. Allocates: not for the hot path.</summary>
    public bool TryGetUserName(long credentialId, [NotNullWhen(true)] out string? userName)
    {
        Span<byte> record = stackalloc byte[RecordStore.MaximumLength];
        userName = TryCopy(credentialId, record) ? Encoding.UTF8.GetString(CredentialRecord.UserName(record)) : null;
        return userName is not null;
    }

    /// <summary>Copies as much of a credential's user name as there is room for, in UTF-8 and its stored case. Returns its octets; 0 for none. Allocates nothing.</summary>
    public int CopyUserName(long credentialId, Span<byte> userName)
    {
        Span<byte> record = stackalloc byte[RecordStore.MaximumLength];
        if (!TryCopy(credentialId, record)) return 0;
        var name = CredentialRecord.UserName(record);
        name = name[..Math.Min(name.Length, userName.Length)];
        name.CopyTo(userName);
        return name.Length;
    }

    /// <summary>The voice application that takes the calls of a credential's devices; false when it has none. Allocates nothing.</summary>
    public bool TryGetApplication(long credentialId, out Guid applicationId)
    {
        applicationId = default;
        Span<byte> record = stackalloc byte[RecordStore.MaximumLength];
        return TryCopy(credentialId, record) && CredentialRecord.TryGetApplication(record, out applicationId);
    }

    /// <summary>Copies a SHA hash; false when the credential has none of the kind, or other hashes than at the revision.</summary>
    internal bool TryCopyHash(long credentialId, int hashRevision, ShaHashKinds kind, Span<byte> hash)
    {
        Span<byte> record = stackalloc byte[RecordStore.MaximumLength];
        return TryCopy(credentialId, record)
            && CredentialRecord.HashRevision(record) == hashRevision
            && CredentialRecord.ShaHashes(record).TryCopy(kind, hash);
    }

    /// <summary>Adds a credential, or replaces those with its id or its name.</summary>
    internal void Set(in CredentialSecret secret, string userName, Guid? application = null, PackedShaHashes shaHashes = default) =>
        Set(secret, Encoding.UTF8.GetBytes(userName), application, shaHashes);

    /// <inheritdoc cref="Set(in CredentialSecret, string, Guid?, PackedShaHashes)"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Set(in CredentialSecret secret, ReadOnlySpan<byte> userName, Guid? application, PackedShaHashes shaHashes)
    {
        Span<byte> packed = stackalloc byte[RecordStore.MaximumLength];
        packed = packed[..CredentialRecord.Pack(secret, userName, application, shaHashes, packed)];
        var name = new NameKey(secret.RealmId, userName);
        var id = new IdKey(secret.Id);
        if (Find(_byName, name, out var namesake) != 0 && CredentialRecord.Id(namesake) != secret.Id) Remove(CredentialRecord.Id(namesake));

        var old = Find(_byId, id, out var oldRecord);
        var record = _records.Add(packed);
        if (old == 0)
        {
            _byName.Add(name.Hash, record);
            _byId.Add(id.Hash, record);
            _ofRealms.Add(secret.RealmId, 1);
            Volatile.Write(ref _count, _count + 1);
            return;
        }

        if (CredentialRecord.RealmId(oldRecord) is var oldRealm && oldRealm != secret.RealmId)
        {
            _ofRealms.Add(oldRealm, -1);
            _ofRealms.Add(secret.RealmId, 1);
        }

        if (name.Matches(oldRecord))
        {
            _byName.Replace(name.Hash, old, record);
        }
        else
        {
            _byName.Add(name.Hash, record);
            _byName.Remove(NameKey.Of(oldRecord).Hash, old);
        }

        _byId.Replace(id.Hash, old, record);
        _records.Retire(old);
    }

    internal bool Remove(long credentialId)
    {
        var id = new IdKey(credentialId);
        var reference = Find(_byId, id, out var record);
        if (reference == 0) return false;
        _byName.Remove(NameKey.Of(record).Hash, reference);
        _byId.Remove(id.Hash, reference);
        _ofRealms.Add(CredentialRecord.RealmId(record), -1);
        _records.Retire(reference);
        Volatile.Write(ref _count, _count - 1);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryUnpack<TKey>(RecordIndex index, TKey key, out CredentialSecret credential)
        where TKey : struct, IKey, allows ref struct
    {
        while (true)
        {
            var era = _records.Era.Current;
            var isFound = Find(index, key, out var record) != 0;
            credential = isFound ? CredentialRecord.Unpack(record, this) : default;
            if (_records.Era.IsStill(era)) return isFound;
        }
    }

    /// <summary>Copies a whole record, of one moment.</summary>
    private bool TryCopy(long credentialId, Span<byte> copy)
    {
        while (true)
        {
            var era = _records.Era.Current;
            var isFound = Find(_byId, new IdKey(credentialId), out var record) != 0;
            record.CopyTo(copy);
            if (_records.Era.IsStill(era)) return isFound;
        }
    }

    /// <summary>The reference of a record; 0 for none, and perhaps when the era ended meanwhile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Find<TKey>(RecordIndex index, TKey key, out ReadOnlySpan<byte> record)
        where TKey : struct, IKey, allows ref struct
    {
        var search = index.Find(key.Hash);
        while (search.TryNext(out var reference))
        {
            record = _records.Read(reference);
            if (!record.IsEmpty && key.Matches(record)) return reference;
        }

        record = default;
        return 0;
    }

    private void Move(uint from, uint to)
    {
        var record = _records.Read(to);
        _byName.Replace(NameKey.Of(record).Hash, from, to);
        _byId.Replace(new IdKey(CredentialRecord.Id(record)).Hash, from, to);
    }

    private readonly ref struct NameKey(long realmId, ReadOnlySpan<byte> name) : IKey
    {
        private readonly long _realmId = realmId;
        private readonly ReadOnlySpan<byte> _name = name;

        public static NameKey Of(ReadOnlySpan<byte> record) => new(CredentialRecord.RealmId(record), CredentialRecord.UserName(record));

        public ulong Hash => XxHash3.HashToUInt64(_name, HashSeed ^ _realmId);

        public bool Matches(scoped ReadOnlySpan<byte> record) => CredentialRecord.IsNamed(record, _realmId, _name);
    }

    private readonly ref struct IdKey(long id) : IKey
    {
        /// <summary>2^64 divided by the golden ratio: spreads consecutive ids over the upper bits.</summary>
        private const ulong Spread = 0x9E3779B97F4A7C15;

        private readonly long _id = id;

        public ulong Hash => (ulong)_id * Spread;

        public bool Matches(scoped ReadOnlySpan<byte> record) => CredentialRecord.Id(record) == _id;
    }
}
