using System.Net;

namespace Sipstead.Provisioning.Api;

/// <summary>A DNS record.</summary>
/// <param name="Type">Such as <c>SRV</c>.</param>
/// <param name="Name">Its owner.</param>
/// <param name="Data">Its data as a zone file shows it.</param>
/// <param name="TimeToLive">Seconds.</param>
public sealed record RealmDnsRecord(string Type, string Name, string Data, int TimeToLive);

/// <summary>Tells what DNS says of realms; who composes the server provides it.</summary>
public interface IRealmDns
{
    /// <summary>The records of a realm; none when DNS does not have it.</summary>
    /// <param name="fqdn">The realm's fully qualified name.</param>
    /// <param name="local">The address of this machine that the question came in on.</param>
    IReadOnlyList<RealmDnsRecord> RecordsOf(string fqdn, IPAddress local);
}
