using System.Collections.Immutable;

namespace Sipstead.Dns;

/// <summary>One active realm as DNS sees it.</summary>
/// <param name="Fqdn">The realm's fully qualified name, without the last dot; it ends in the base domain.</param>
/// <param name="Services">The transports to publish below the realm, at most one for each pair of labels.</param>
public sealed record RealmRecord(string Fqdn, ImmutableArray<SipService> Services)
{
    /// <summary>
    /// A realm with SIP over UDP and TCP on the account's port. Nothing is published for TLS while it is off: a client that does not know the target "."
    /// (libre, so baresip, does not) takes it for a host and fails, where ruling 18 would have it.
    /// </summary>
    public RealmRecord(string fqdn, int sipPort)
        : this(fqdn, [new("_sip", "_udp", sipPort), new("_sip", "_tcp", sipPort)])
    {
    }
}
