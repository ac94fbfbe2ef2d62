using ARSoft.Tools.Net.Dns;

namespace Sipstead.Dns.Inspection;

/// <summary>One resource record as a zone file shows it (RFC 1035 5.1).</summary>
/// <param name="Name">Owner with its last dot.</param>
/// <param name="TimeToLive">Seconds.</param>
/// <param name="Type">Such as <c>SRV</c>.</param>
/// <param name="Data">The rest of the line.</param>
public sealed record ZoneRecord(string Name, int TimeToLive, string Type, string Data)
{
    /// <summary>The line of a zone file.</summary>
    public override string ToString() => FormattableString.Invariant($"{Name} {TimeToLive} IN {Type} {Data}");

    /// <summary>Null for a type that neither our zone has nor a check asks for.</summary>
    internal static ZoneRecord? From(DnsRecordBase record) => record switch
    {
        SrvRecord srv => Of(record, "SRV", FormattableString.Invariant($"{srv.Priority} {srv.Weight} {srv.Port} {srv.Target}")),
        NaptrRecord naptr => Of(record, "NAPTR", FormattableString.Invariant(
            $"{naptr.Order} {naptr.Preference} \"{naptr.Flags}\" \"{naptr.Services}\" \"{naptr.RegExp}\" {naptr.Replacement}")),
        ARecord a => Of(record, "A", a.Address.ToString()),
        AaaaRecord aaaa => Of(record, "AAAA", aaaa.Address.ToString()),
        NsRecord ns => Of(record, "NS", ns.NameServer.ToString()),
        CNameRecord alias => Of(record, "CNAME", alias.CanonicalName.ToString()),
        SoaRecord soa => Of(record, "SOA", FormattableString.Invariant(
            $"{soa.MasterName} {soa.ResponsibleName} {soa.SerialNumber} {soa.RefreshInterval} {soa.RetryInterval} {soa.ExpireInterval} {soa.NegativeCachingTTL}")),
        _ => null,
    };

    private static ZoneRecord Of(DnsRecordBase record, string type, string data) => new(record.Name.ToString(), record.TimeToLive, type, data);
}
