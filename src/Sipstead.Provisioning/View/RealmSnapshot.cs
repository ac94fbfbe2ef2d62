using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Sipstead.Provisioning.View;

/// <summary>Every ACTIVE realm at one moment. Immutable; a change makes a new snapshot (ruling 38). Lookups allocate nothing.</summary>
public sealed class RealmSnapshot
{
    /// <summary>The longest domain name in text form (RFC 1035 2.3.4), with a dot at its end.</summary>
    private const int MaximumNameLength = 254;

    /// <summary>Up to so many realms are compared one by one before a hash is made.</summary>
    private const int Few = 4;

    /// <summary>All realms when they are few, else none.</summary>
    private readonly RealmEntry[] _few;

    private readonly RealmIndex _byName;
    private readonly RealmIndex _byId;

    private RealmSnapshot(RealmIndex byName, RealmIndex byId, int count, long serial)
    {
        _byName = byName;
        _byId = byId;
        Serial = serial;
        All = new RealmCollection(byId, count);
        _few = count <= Few ? [.. All] : [];
    }

    /// <summary>Rises with every change, also over restarts; begins at the unix time in seconds, fit for a SOA serial.</summary>
    public long Serial { get; }

    /// <summary>Every realm, in no particular order.</summary>
    public IReadOnlyCollection<RealmEntry> All { get; }

    /// <summary>Finds a realm by its fully qualified name, ASCII case-insensitively.</summary>
    public bool TryFind(ReadOnlySpan<byte> host, [NotNullWhen(true)] out RealmEntry? realm)
    {
        foreach (var one in _few)
        {
            if (!one.IsNamed(host)) continue;
            realm = one;
            return true;
        }

        return TryFindInIndex(host, out realm);
    }

    /// <summary>Finds a realm by its id.</summary>
    public bool TryFind(long realmId, [NotNullWhen(true)] out RealmEntry? realm)
    {
        var from = 0;
        realm = _byId.Next(RealmIndex.KeyOf(realmId), ref from);
        return realm is not null;
    }

    internal static RealmSnapshot Empty(long serial) => new(RealmIndex.Empty, RealmIndex.Empty, 0, serial);

    internal RealmSnapshot With(RealmEntry realm, long serial) => new(
        _byName.With(RealmIndex.KeyOf(realm.FqdnUtf8.Span), realm),
        _byId.With(RealmIndex.KeyOf(realm.Id), realm),
        All.Count + 1,
        serial);

    internal RealmSnapshot Without(RealmEntry realm, long serial) => new(
        _byName.Without(RealmIndex.KeyOf(realm.FqdnUtf8.Span), realm),
        _byId.Without(RealmIndex.KeyOf(realm.Id), realm),
        All.Count - 1,
        serial);

    /// <summary>Puts a realm in the place of the one with the same id and name. No name changes, so the serial does not.</summary>
    internal RealmSnapshot Replace(RealmEntry old, RealmEntry realm) => Without(old, Serial).With(realm, Serial);

    private bool TryFindInIndex(ReadOnlySpan<byte> host, [NotNullWhen(true)] out RealmEntry? realm)
    {
        realm = null;
        if (host.Length > MaximumNameLength) return false;
        Span<byte> buffer = stackalloc byte[MaximumNameLength];
        if (Ascii.ToLower(host, buffer, out var length) != System.Buffers.OperationStatus.Done) return false;
        var name = buffer[..length];
        var key = RealmIndex.KeyOf(name);
        for (var from = 0; _byName.Next(key, ref from) is { } candidate;)
        {
            if (!candidate.IsNamed(name)) continue;
            realm = candidate;
            return true;
        }

        return false;
    }

    private sealed class RealmCollection(RealmIndex index, int count) : IReadOnlyCollection<RealmEntry>
    {
        public int Count => count;

        public IEnumerator<RealmEntry> GetEnumerator() => index.Entries.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
