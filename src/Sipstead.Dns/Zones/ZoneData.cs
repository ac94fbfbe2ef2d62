using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Sipstead.Dns;

/// <summary>
/// An immutable snapshot of the zone: its apex, its SOA serial and the active realms. Adding or removing a realm makes a new snapshot
/// that shares nearly everything with the old one, so a change is cheap however many realms there are.
/// </summary>
public sealed class ZoneData
{
    private readonly ImmutableDictionary<string, RealmRecord> _realms;

    /// <summary>How many realms lie below each name between a realm and the apex: the empty non-terminals (RFC 8499).</summary>
    private readonly ImmutableDictionary<string, int> _ancestors;

    private ZoneData(
        ZoneApex apex, uint serial, ImmutableDictionary<string, RealmRecord> realms, ImmutableDictionary<string, int> ancestors)
    {
        Names = apex;
        Serial = serial;
        _realms = realms;
        _ancestors = ancestors;
    }

    /// <summary>The zone's apex in lower case, without the last dot.</summary>
    public string Apex => Names.Apex;

    /// <summary>The SOA serial of this snapshot.</summary>
    public uint Serial { get; }

    /// <summary>How many realms the zone holds.</summary>
    public int RealmCount => _realms.Count;

    internal ZoneApex Names { get; }

    /// <summary>A zone without realms.</summary>
    /// <exception cref="ArgumentException">The apex is not a domain name.</exception>
    public static ZoneData Empty(string apex, uint serial)
    {
        if (ZoneName.Problem(apex) is { } problem)
            throw new ArgumentException($"The zone's apex \"{apex}\" cannot be used: {problem}.", nameof(apex));
        return new ZoneData(new ZoneApex(ZoneName.Fold(apex)), serial, ImmutableDictionary<string, RealmRecord>.Empty,
            ImmutableDictionary<string, int>.Empty);
    }

    /// <summary>
    /// This zone with realms removed and then others added; a realm that is already there is replaced, a name to remove that is not
    /// there is passed over.
    /// </summary>
    /// <exception cref="ArgumentException">A realm's name lies outside the zone or cannot be published, or a service is not valid.</exception>
    public ZoneData With(IEnumerable<RealmRecord> added, IEnumerable<string> removed, uint serial)
    {
        ArgumentNullException.ThrowIfNull(added);
        ArgumentNullException.ThrowIfNull(removed);

        var realms = _realms.ToBuilder();
        var ancestors = _ancestors.ToBuilder();
        foreach (var fqdn in removed)
        {
            var key = ZoneName.Fold(fqdn);
            if (realms.Remove(key))
                Count(ancestors, key, -1);
        }
        foreach (var realm in added)
        {
            var key = ZoneName.Fold(realm.Fqdn);
            if (Names.Problem(realm, key) is { } problem)
                throw new ArgumentException($"The realm \"{realm.Fqdn}\" cannot be published: {problem}.", nameof(added));
            if (!realms.ContainsKey(key))
                Count(ancestors, key, 1);
            realms[key] = realm;
        }
        return new ZoneData(Names, serial, realms.ToImmutable(), ancestors.ToImmutable());
    }

    /// <summary>Looks a realm up by its name, whatever the case.</summary>
    public bool TryGetRealm(string fqdn, [NotNullWhen(true)] out RealmRecord? realm)
    {
        ArgumentNullException.ThrowIfNull(fqdn);
        return _realms.TryGetValue(ZoneName.Fold(fqdn), out realm);
    }

    /// <summary>Whether a realm lies somewhere below this name (in lower case).</summary>
    internal bool HasRealmBelow(string name) => _ancestors.ContainsKey(name);

    private void Count(ImmutableDictionary<string, int>.Builder ancestors, string realm, int step)
    {
        for (var name = ZoneName.Parent(realm); name.Length > Apex.Length; name = ZoneName.Parent(name))
        {
            var count = ancestors.GetValueOrDefault(name) + step;
            if (count == 0)
                ancestors.Remove(name);
            else
                ancestors[name] = count;
        }
    }
}
