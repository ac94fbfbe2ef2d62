using System.Collections.Immutable;

namespace Sipstead.Dns;

/// <summary>One active realm as DNS sees it.</summary>
/// <param name="Fqdn">The realm's fully qualified name, without the last dot; it ends in the base domain.</param>
/// <param name="Services">The transports to publish below the realm, at most one for each pair of labels.</param>
public sealed record RealmRecord(string Fqdn, ImmutableArray<SipService> Services)
{
    /// <summary>A realm with SIP over UDP and TCP on the account's port, and over TLS on the port of all.</summary>
    /// <param name="tlsPort">0 while TLS is off.</param>
    public RealmRecord(string fqdn, int sipPort, int tlsPort = 0)
        : this(fqdn, [new("_sip", "_udp", sipPort), new("_sip", "_tcp", sipPort), new("_sips", "_tcp", tlsPort)])
    {
    }
}
