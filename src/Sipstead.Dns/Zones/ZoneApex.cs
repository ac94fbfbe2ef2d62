using ARSoft.Tools.Net;

namespace Sipstead.Dns;

/// <summary>The names that every zone of ours has whatever its realms, and the rule for what may be published below them.</summary>
internal sealed class ZoneApex
{
    public ZoneApex(string apex)
    {
        Apex = apex;
        Labels = apex.Split('.');
        SipHost = "sip." + apex;
        NameServer = "ns1." + apex;
        ApexName = DomainName.Parse(apex);
        NameServerName = DomainName.Parse(NameServer);
        HostmasterName = DomainName.Parse("hostmaster." + apex);
    }

    /// <summary>The apex in lower case, without the last dot.</summary>
    public string Apex { get; }

    public IReadOnlyList<string> Labels { get; }

    /// <summary>The host that SRV records lead to when no other is set; it always has an address.</summary>
    public string SipHost { get; }

    public string NameServer { get; }

    public DomainName ApexName { get; }

    public DomainName NameServerName { get; }

    public DomainName HostmasterName { get; }

    /// <summary>What forbids to publish the realm, or null.</summary>
    public string? Problem(RealmRecord realm, string foldedFqdn)
    {
        if (ZoneName.Problem(foldedFqdn) is { } problem)
            return problem;
        if (!foldedFqdn.EndsWith("." + Apex, StringComparison.Ordinal))
            return $"it does not lie below {Apex}";
        if (foldedFqdn == NameServer)
            return "it is the name of the zone's own name server"; // whose address is not that of realms
        foreach (var service in realm.Services)
        {
            if (!IsServiceLabel(service.Service) || !IsServiceLabel(service.Protocol))
                return $"\"{service.Service}.{service.Protocol}\" is not a pair of service labels such as _sip._udp";
            if (service.Port is < 0 or > ushort.MaxValue)
                return $"its port {service.Port} is not in 0 to 65535";
            if (service.Service.Length + service.Protocol.Length + 2 + foldedFqdn.Length > ZoneName.MaximumLength)
                return $"with {service.Service}.{service.Protocol} in front it is longer than a domain name may be";
        }
        return null;
    }

    private static bool IsServiceLabel(string label) =>
        label.Length is > 1 and <= 63 && label[0] == '_' && ZoneName.IsPlain(label) && label == ZoneName.Fold(label);
}
