using System.Globalization;
using Sipstead.Dns.Inspection;

namespace Sipstead.Dashboard.Doctor;

/// <summary>Judges what was answered when the zone was asked for: by our responder, by the delegation, and by the servers that it leads to.</summary>
internal static class DnsFindings
{
    private const int DnsPort = 53;

    public static IEnumerable<Finding> Of(ConnectionFacts facts) =>
        facts.Check is { } check && facts.Settings.DnsPort != 0 ? Own(facts, check).Concat(Delegation(facts, check)) : [];

    /// <summary>Whether the resolver was asked for the delegation and knows of none.</summary>
    public static bool IsUndelegated(ConnectionFacts facts) => facts.Check is { DelegationError: null, Delegation.Count: 0 };

    private static IEnumerable<Finding> Own(ConnectionFacts facts, ZoneCheck check) => Judge(
        facts, check, check.Own, _ => "our DNS", "Look into the server's log (4000 to 4099), and whether another program has the port: ss -lntup.",
        $"Our DNS answers at {AddressesOf(check.Own)} over UDP and TCP, with serial {check.Serial}, SRV and NAPTR.");

    private static IEnumerable<Finding> Delegation(ConnectionFacts facts, ZoneCheck check)
    {
        if (check.DelegationError is not null) yield break; // told of the resolver already
        if (IsUndelegated(facts))
        {
            yield return new(
                ConnectionFindings.IsLocalName(facts.Settings.BaseDomain) ? FindingSeverity.Note : FindingSeverity.Error,
                $"{facts.Settings.BaseDomain} is not delegated: the system's resolver knows no name server of it.",
                $"In the zone above it add {DelegationOf(facts)}. Until then phones need the outbound proxy {ConnectionFindings.ProxyOf(facts)}.");
        }

        foreach (var server in check.Delegation.Where(server => server.Addresses.Count == 0))
        {
            yield return new(
                FindingSeverity.Error, $"The name server {server.Name} of {facts.Settings.BaseDomain} has no address: nobody can ask it.",
                $"Add the glue beside the NS record, in the zone above or at the registrar: {server.Name} A {AddressOf(facts)}");
        }

        // A lab's resolver is told our port; nobody else asks, and nobody at port 53.
        if (ConnectionFindings.IsLocalName(facts.Settings.BaseDomain) && facts.Settings.DnsPort != DnsPort) yield break;
        var good = $"The zone is delegated to {AddressesOf(check.Delegated)}, where serial {check.Serial} is answered over UDP and TCP.";
        foreach (var finding in Judge(facts, check, check.Delegated, answer => $"the name server {NameOf(check, answer)}", FixOfUnreachable(facts), good))
            yield return finding;
    }

    /// <summary>What is wrong with the answers; when nothing is, that all is good.</summary>
    private static IEnumerable<Finding> Judge(
        ConnectionFacts facts, ZoneCheck check, IReadOnlyList<NameServerAnswer> answers, Func<NameServerAnswer, string> who, string unreachable, string good)
    {
        var found = answers.Select(answer => Judge(facts, check, answer, who(answer), unreachable)).OfType<Finding>().ToList();
        if (found.Count == 0 && answers.Count > 0) yield return new(FindingSeverity.Good, good, null);
        foreach (var finding in found) yield return finding;
    }

    private static Finding? Judge(ConnectionFacts facts, ZoneCheck check, NameServerAnswer answer, string who, string unreachable)
    {
        var where = $"{who} at {answer.Server} over {answer.Transport}";
        if (answer.Error is { } error)
        {
            // Small answers are given over UDP all the same; without UDP there are none.
            var hindrance = answer.IsTcp ? FindingSeverity.Warning : FindingSeverity.Error;
            return new(hindrance, $"No answer from {where}: {error}", unreachable);
        }

        if (answer.Serial is null || answer.IsOlderThan(check.Serial))
        {
            return new(
                FindingSeverity.Error, $"An older zone from {where}: serial {answer.Serial?.ToString(CultureInfo.InvariantCulture) ?? "none"}, ours is {check.Serial}.",
                "Another server answers there. Let the NS record lead to this one, or give that one the zone file anew.");
        }

        if (facts.Zone.Count > 0 && !(Same(facts.Zone, "SRV", answer.Services) && Same(facts.Zone, "NAPTR", answer.Transports)))
        {
            return new(
                FindingSeverity.Error, $"Other SRV or NAPTR records of the realm from {where} than we have.",
                "Another server answers there. Let the NS record lead to this one, or give that one the zone file anew.");
        }

        return null;
    }

    /// <summary>Whether the records are those of the same owner and type in our zone.</summary>
    private static bool Same(IReadOnlyList<ZoneRecord> zone, string type, IReadOnlyList<ZoneRecord> answered)
    {
        var ours = zone.Where(record => record.Type == type && (type != "SRV" || record.Name.StartsWith("_sip._udp.", StringComparison.OrdinalIgnoreCase)));
        return Text(ours).SetEquals(Text(answered));

        static HashSet<string> Text(IEnumerable<ZoneRecord> records) => records.Select(record => record.Data).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    private static string FixOfUnreachable(ConnectionFacts facts) => facts.Settings.DnsPort == DnsPort
        ? "Open port 53 in the firewall, UDP and TCP, and set Sipstead__Dns__Address=0.0.0.0,[::] if it is not."
        : $"Resolvers ask port 53: set Sipstead__Dns__Port=53 and Sipstead__Dns__Address=0.0.0.0,[::], or forward port 53 to {facts.Settings.DnsPort}, UDP and TCP.";

    private static string DelegationOf(ConnectionFacts facts)
    {
        var domain = facts.Settings.BaseDomain;
        return $"\"{domain}. NS ns1.{domain}.\" and \"ns1.{domain}. A {AddressOf(facts)}\" (docs/dns.md)";
    }

    /// <summary>The address under which the internet is to find this server.</summary>
    private static string AddressOf(ConnectionFacts facts) =>
        facts.Settings.PublicAddresses.Concat(facts.LocalAddresses.Where(ConnectionFindings.IsPublic)).FirstOrDefault()?.ToString() ?? "its public address";

    private static string NameOf(ZoneCheck check, NameServerAnswer answer) =>
        check.Delegation.First(server => server.Addresses.Contains(answer.Server.Address)).Name;

    private static string AddressesOf(IEnumerable<NameServerAnswer> answers) => string.Join(", ", answers.Select(answer => answer.Server).Distinct());
}
