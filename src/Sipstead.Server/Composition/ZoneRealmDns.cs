using System.Net;
using Sipstead.Dns.Inspection;
using Sipstead.Provisioning.Api;

namespace Sipstead.Server.Composition;

/// <summary>Tells the provisioning API what our own zone answers of a realm.</summary>
internal sealed class ZoneRealmDns(ZoneInspector zone) : IRealmDns
{
    public IReadOnlyList<RealmDnsRecord> RecordsOf(string fqdn, IPAddress local) =>
        [.. zone.RecordsOf(fqdn, local).Select(record => new RealmDnsRecord(record.Type, record.Name, record.Data, record.TimeToLive))];
}
