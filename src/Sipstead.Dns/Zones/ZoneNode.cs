using ARSoft.Tools.Net;

namespace Sipstead.Dns;

/// <summary>What a name is in the zone.</summary>
internal enum ZoneNodeKind
{
    OutsideZone,
    Nonexistent,
    EmptyNonTerminal,
    Apex,
    Host,
    Realm,
    Service,
}

/// <summary>The place of a queried name in the zone. Finding it takes one or two look-ups, however many realms there are.</summary>
/// <param name="Kind">What the name is.</param>
/// <param name="Service">The SRV data; set when <paramref name="Kind"/> is <see cref="ZoneNodeKind.Service"/>.</param>
/// <param name="Realm">Set when <paramref name="Kind"/> is <see cref="ZoneNodeKind.Realm"/>.</param>
/// <param name="Target">The target of this name; null for a host that has the server's own addresses.</param>
internal readonly record struct ZoneNode(ZoneNodeKind Kind, SipService? Service = null, RealmRecord? Realm = null, SipTarget? Target = null)
{
    /// <summary>Finds the name, compared label by label: a dot inside a label never makes a label boundary.</summary>
    public static ZoneNode Find(ZoneData zone, SipTargets targets, DomainName queried)
    {
        var labels = queried.Labels;
        var depth = labels.Length - zone.Names.Labels.Count;
        if (depth < 0 || !EndsInApex(labels, depth, zone.Names))
            return new(ZoneNodeKind.OutsideZone);
        if (depth == 0)
            return new(ZoneNodeKind.Apex);
        for (var i = 0; i < depth; i++)
        {
            if (!ZoneName.IsPlain(labels[i]))
                return new(ZoneNodeKind.Nonexistent);
        }
        return FindBelowApex(zone, targets, ZoneName.Fold(string.Join('.', labels)));
    }

    private static bool EndsInApex(string[] labels, int depth, ZoneApex apex)
    {
        for (var i = 0; i < apex.Labels.Count; i++)
        {
            if (!labels[depth + i].Equals(apex.Labels[i], StringComparison.OrdinalIgnoreCase))
                return false;
        }
        return true;
    }

    private static ZoneNode FindBelowApex(ZoneData zone, SipTargets targets, string name)
    {
        if (zone.TryGetRealm(name, out var realm))
            return new(ZoneNodeKind.Realm, Realm: realm, Target: targets.Find(name));
        if (targets.Find(name) is { } target)
            return new(ZoneNodeKind.Host, Target: target);
        if (name == zone.Names.SipHost || name == zone.Names.NameServer)
            return new(ZoneNodeKind.Host);
        if (name[0] == '_' && FindService(zone, name) is { } node)
            return node;
        return new(zone.HasRealmBelow(name) ? ZoneNodeKind.EmptyNonTerminal : ZoneNodeKind.Nonexistent);
    }

    private static ZoneNode? FindService(ZoneData zone, string name)
    {
        var parent = ZoneName.Parent(name);
        var first = name[..(name.Length - parent.Length - 1)];
        if (zone.TryGetRealm(parent, out var realm))
        {
            foreach (var service in realm.Services)
            {
                if (service.Protocol == first)
                    return new(ZoneNodeKind.EmptyNonTerminal);
            }
            return null;
        }
        var owner = ZoneName.Parent(parent);
        if (owner.Length == 0 || !zone.TryGetRealm(owner, out realm))
            return null;
        var second = parent[..(parent.Length - owner.Length - 1)];
        foreach (var service in realm.Services)
        {
            if (service.Service == first && service.Protocol == second)
                return new(ZoneNodeKind.Service, service);
        }
        return null;
    }
}
