using System.Net;
using System.Net.Sockets;
using Sipstead.Dns.Inspection;

namespace Sipstead.Dashboard.Doctor;

/// <summary>Judges how devices find and reach the server: names, addresses, ports. A function of the facts; the worst comes first.</summary>
internal static class ConnectionFindings
{
    private const int DnsPort = 53;

    public static IReadOnlyList<Finding> Of(ConnectionFacts facts) =>
        [.. Names(facts).Concat(Resolver(facts)).Concat(DnsFindings.Of(facts)).Concat(Listeners(facts)).Concat(Addresses(facts)).Concat(Devices(facts)).OrderByDescending(finding => finding.Severity)];

    /// <summary>In one line, what to do next about findings that stand in their order.</summary>
    public static string NextStep(IReadOnlyList<Finding> findings, ConnectionFacts facts)
    {
        if (findings.FirstOrDefault(finding => finding is { Severity: > FindingSeverity.Note, Fix: not null }) is { } worst) return worst.Fix!;
        return facts.Check is null ? "Ask DNS, to see whether others find the realm." : "Nothing: what is below is for information.";
    }

    private static IEnumerable<Finding> Names(ConnectionFacts facts)
    {
        var settings = facts.Settings;
        if (settings.DnsPort == 0)
        {
            yield return new(
                FindingSeverity.Warning, "DNS is off: nobody finds the realm by its name.",
                $"Set Sipstead__Dns__Port, or give every phone the outbound proxy {ProxyOf(facts)}.");
            yield break;
        }

        if (facts.Zone.Count == 0)
        {
            yield return new(
                FindingSeverity.Error, $"Our DNS does not have the realm: it does not lie below {settings.BaseDomain}.",
                "The base domain was changed after the realm was made. Set Sipstead__BaseDomain back, or make the realm again.");
        }

        if (settings.DnsPort != DnsPort)
        {
            yield return new(
                FindingSeverity.Note, $"Our DNS answers on port {settings.DnsPort}, which no resolver asks by itself.",
                $"For phones on this machine: outbound proxy {ProxyOf(facts)}, or dns_server 127.0.0.1:{settings.DnsPort} in baresip. For others: Sipstead__Dns__Port=53 and a delegation.");
        }

        if (IsLocalName(settings.BaseDomain))
        {
            yield return new(
                FindingSeverity.Note, $"{settings.BaseDomain} is a name for this machine only.",
                "To serve devices elsewhere, set Sipstead__BaseDomain to a domain of yours and delegate it to this server (docs/dns.md).");
        }
    }

    private static IEnumerable<Finding> Resolver(ConnectionFacts facts)
    {
        if (facts.System is not { } system) yield break;
        var ours = Services(facts.Zone.Where(record => record.Name.StartsWith("_sip._udp.", StringComparison.OrdinalIgnoreCase)));
        var theirs = Services(system.Records);
        if (system.Error is { } error)
        {
            yield return new(FindingSeverity.Warning, $"The system's resolver gives no answer. {error}", "Check /etc/resolv.conf and the network of this machine.");
        }
        else if (theirs.Count == 0 && DnsFindings.IsUndelegated(facts))
        {
            yield break; // that says it all
        }
        else if (theirs.Count == 0)
        {
            yield return new(
                IsLocalName(facts.Settings.BaseDomain) ? FindingSeverity.Note : FindingSeverity.Error, "The system's resolver finds no SRV record of the realm.",
                $"Delegate {facts.Settings.BaseDomain} to this server: an NS record in the zone above it, and an address for ns1.{facts.Settings.BaseDomain}. Until then phones need the outbound proxy {ProxyOf(facts)}.");
        }
        else if (!theirs.SetEquals(ours))
        {
            yield return new(
                FindingSeverity.Error, $"The system's resolver has other SRV records than we have: {string.Join("; ", theirs)} in the place of {string.Join("; ", ours)}.",
                "Another server answers for the zone, or an old answer is still cached (300 s). Correct the delegation, or wait.");
        }
        else
        {
            yield return new(FindingSeverity.Good, "The system's resolver finds the realm as we publish it.", null);
        }
    }

    private static IEnumerable<Finding> Listeners(ConnectionFacts facts)
    {
        if (!facts.OpenPorts.Contains(facts.SipPort))
        {
            yield return new(
                FindingSeverity.Error, $"The account's SIP port {facts.SipPort} is not open.",
                "Another program had it when it was to be opened. Stop that one and start the server again; its log names the reason.");
        }

        if (facts.Settings.IsSipLoopbackOnly)
        {
            yield return new(
                FindingSeverity.Note, $"SIP listens on {facts.Settings.SipAddress} only: phones on other machines cannot reach it.",
                "Set Sipstead__Sip__Address=0.0.0.0,[::] to serve others.");
        }

        if (facts.Settings.TlsPort == 0)
            yield return new(FindingSeverity.Note, "SIP over TLS is off: signalling and media are not encrypted.", "Set Sipstead__Sip__TlsPort=5061 to serve it.");
    }

    private static IEnumerable<Finding> Addresses(ConnectionFacts facts)
    {
        var advertised = facts.Settings.PublicAddresses;
        var outside = facts.Devices.Where(device => IsPublic(device.Source)).ToList();
        if (advertised.Count == 0 && outside.Count > 0 && !facts.LocalAddresses.Any(IsPublic))
        {
            yield return new(
                FindingSeverity.Error, $"Devices come from the internet ({outside[0].Source}), but are told a private address of this machine: they will hear nothing.",
                $"Set Sipstead__PublicAddress to the address that they reach, and forward UDP {facts.Settings.MediaPorts} to this machine.");
        }

        foreach (var address in advertised.Where(address => !facts.LocalAddresses.Contains(address)))
        {
            yield return new(
                FindingSeverity.Note, $"Devices are told {address}, which is no address of this machine.",
                $"Right behind a NAT. Forward port {facts.SipPort} (UDP and TCP) and UDP {facts.Settings.MediaPorts} from there to this machine.");
        }

        if (advertised.Any(address => !IsPublic(address)) && outside.Count > 0)
        {
            yield return new(
                FindingSeverity.Error, $"Devices come from the internet ({outside[0].Source}), but are told the private address {advertised.First(address => !IsPublic(address))}.",
                "Set Sipstead__PublicAddress to the public address of your router.");
        }

        if (facts.IsInContainer && advertised.Count == 0 && !facts.Settings.IsSipLoopbackOnly)
        {
            yield return new(
                FindingSeverity.Warning, $"The server runs in a container, and tells devices its inner address ({string.Join(", ", facts.LocalAddresses.Where(a => !IPAddress.IsLoopback(a)))}).",
                "Use the host's network, or set Sipstead__PublicAddress to the host's address and publish the SIP and media ports.");
        }
    }

    private static IEnumerable<Finding> Devices(ConnectionFacts facts)
    {
        var behindNat = facts.Devices.Count(device => device.IsBehindNat);
        if (behindNat > 0)
        {
            yield return new(
                FindingSeverity.Good, $"{behindNat} of {facts.Devices.Count} registered devices are behind a NAT; it is kept open for them every 25 s.", null);
        }
    }

    /// <summary>Priority, weight, port and target, for comparison.</summary>
    private static HashSet<string> Services(IEnumerable<ZoneRecord> records) =>
        records.Where(record => record.Type == "SRV").Select(record => record.Data.ToLowerInvariant()).ToHashSet(StringComparer.Ordinal);

    internal static string ProxyOf(ConnectionFacts facts) =>
        $"{(facts.Settings.PublicAddresses is [var address, ..] ? address.ToString() : "127.0.0.1")}:{facts.SipPort}";

    internal static bool IsLocalName(string domain) =>
        domain.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase) || domain.EndsWith(".local", StringComparison.OrdinalIgnoreCase)
        || domain.EndsWith(".internal", StringComparison.OrdinalIgnoreCase) || domain.EndsWith(".test", StringComparison.OrdinalIgnoreCase);

    /// <summary>Neither loopback, private, shared (RFC 6598) nor link-local.</summary>
    internal static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (IPAddress.IsLoopback(address) || address.IsIPv6LinkLocal || address.IsIPv6UniqueLocal) return false;
        if (address.AddressFamily != AddressFamily.InterNetwork) return true;
        var octets = address.GetAddressBytes();
        return !(octets[0] == 10 || (octets[0] == 172 && octets[1] is >= 16 and < 32) || (octets[0] == 192 && octets[1] == 168)
            || (octets[0] == 100 && octets[1] is >= 64 and < 128) || (octets[0] == 169 && octets[1] == 254));
    }
}
