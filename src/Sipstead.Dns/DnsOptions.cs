using System.Net;
using Sipstead.Dns.Resolving;

namespace Sipstead.Dns;

/// <summary>Settings of the authoritative DNS responder. Every property has a working default.</summary>
public sealed record DnsOptions
{
    /// <summary>A <see cref="Port"/> that asks the operating system for any free port, the same number for UDP and TCP; for tests.</summary>
    public const int AnyFreePort = -1;

    /// <summary>More than this many public addresses would push every answer over TCP.</summary>
    internal const int MaximumPublicAddresses = 32;

    private const int MinimumBurst = 200;
    private const int MaximumResponsesPerSecond = 1_000_000;

    /// <summary>
    /// <c>Sipstead:Dns:Address</c>: local addresses to listen on, separated by commas; IPv6 with or without brackets.
    /// A wildcard (<c>0.0.0.0</c>, <c>[::]</c>) opens one socket per local address and follows address changes. Default <c>127.0.0.1</c>.
    /// </summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary><c>Sipstead:Dns:Port</c>: the port for UDP and TCP; 0 turns the responder off. Default 8053.</summary>
    public int Port { get; init; } = 8053;

    /// <summary>
    /// <c>Sipstead:PublicAddress</c>: the addresses that devices are told, IPv4 and IPv6, separated by commas.
    /// Default empty: the local address that the query came in on.
    /// </summary>
    public string PublicAddress { get; init; } = "";

    /// <summary><c>Sipstead:BaseDomain</c>: the zone's apex; every realm's FQDN ends in it. Default <c>auth.sipstead.localhost</c>.</summary>
    public string BaseDomain { get; init; } = "auth.sipstead.localhost";

    /// <summary>
    /// <c>Sipstead:Dns:Targets</c>: the hosts that the SRV records of all realms lead to, each as <c>host priority weight [address ...]</c>; at most eight.
    /// A host without a dot lies in the base domain, and without addresses has those of <see cref="PublicAddress"/>. Default empty: <c>sip 5 50</c>.
    /// </summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>
    /// <c>Sipstead:Dns:Naptr</c>: the transports of the NAPTR records in order of preference, of <c>udp</c>, <c>tcp</c> and <c>tls</c>, separated by commas;
    /// <c>off</c> for no such records. Default <c>udp,tcp,tls</c>.
    /// </summary>
    public string Naptr { get; init; } = "udp,tcp,tls";

    /// <summary>
    /// <c>Sipstead:Dns:ResponsesPerSecond</c>: how many equal answers a second over UDP one network (IPv4 /24, IPv6 /56) may get; of those above, every second
    /// one says that TCP is to be used, and the others are left out. 0 turns the limit off. Default 20.
    /// </summary>
    public int ResponsesPerSecond { get; init; } = 20;

    /// <summary><c>Sipstead:Dns:ResponseBurst</c>: how many of them at once, at least 200. Default 200.</summary>
    public int ResponseBurst { get; init; } = 200;

    /// <summary><c>Sipstead:Limits:IncludeLoopback</c>: whether the limit holds for loopback too. Default false.</summary>
    public bool LimitsLoopback { get; init; }

    /// <summary>
    /// <c>Sipstead:Dns:Resolvers</c>: recursive name servers that are asked for the hosts of foreign SIP URIs, as <c>address</c> or <c>address:port</c>, at
    /// most three. Default empty: those of the machine.
    /// </summary>
    public IReadOnlyList<string> Resolvers { get; init; } = [];

    /// <summary>Every error at once, each naming its configuration key; empty when the options can be used.</summary>
    public IEnumerable<string> Validate()
    {
        if (Port is < AnyFreePort or > ushort.MaxValue)
            yield return $"Sipstead:Dns:Port is {Port}; give a port from 1 to 65535, or 0 to turn DNS off.";

        if (Split(Address).Length == 0)
            yield return "Sipstead:Dns:Address is empty; give one or more local addresses, such as 127.0.0.1 or 0.0.0.0,[::].";
        foreach (var part in Split(Address))
        {
            if (!IPAddress.TryParse(part, out _))
                yield return $"Sipstead:Dns:Address holds \"{part}\", which is not an IP address (separate several with commas).";
        }

        foreach (var problem in ValidatePublicAddress())
            yield return problem;

        foreach (var problem in SipTargets.Problems(Targets, BaseDomain))
            yield return $"Sipstead:Dns:Targets {problem}.";
        if (NaptrServices.Read(Naptr) is null)
            yield return $"Sipstead:Dns:Naptr is \"{Naptr}\"; give some of udp,tcp,tls, the preferred one first, or off.";
        if (ResponsesPerSecond is < 0 or > MaximumResponsesPerSecond)
            yield return $"Sipstead:Dns:ResponsesPerSecond is {ResponsesPerSecond}; give 1 to {MaximumResponsesPerSecond}, or 0 for no limit.";
        if (ResponseBurst is < MinimumBurst or > MaximumResponsesPerSecond)
            yield return $"Sipstead:Dns:ResponseBurst is {ResponseBurst}; give {MinimumBurst} to {MaximumResponsesPerSecond}.";

        if (Resolvers.Count > 3) yield return $"Sipstead:Dns:Resolvers holds {Resolvers.Count} name servers; give at most 3.";
        foreach (var text in Resolvers)
        {
            if (!NameServers.TryParse(text, out _))
                yield return $"Sipstead:Dns:Resolvers holds \"{text}\"; give addresses of name servers, such as 192.0.2.53 or [2001:db8::53]:53.";
        }

        if (ZoneName.Problem(BaseDomain) is { } reason)
            yield return $"Sipstead:BaseDomain is \"{BaseDomain}\": {reason}.";
    }

    internal IReadOnlyList<IPAddress> ListenAddresses() => [.. Split(Address).Select(IPAddress.Parse).Distinct()];

    internal IReadOnlyList<IPEndPoint> ResolverEndPoints() =>
        [.. Resolvers.Select(text => NameServers.TryParse(text, out var server) ? server : null).OfType<IPEndPoint>()];

    internal IReadOnlyList<IPAddress> PublicAddresses() => [.. Split(PublicAddress).Select(IPAddress.Parse).Distinct()];

    private IEnumerable<string> ValidatePublicAddress()
    {
        var parts = Split(PublicAddress);
        if (parts.Length > MaximumPublicAddresses)
            yield return $"Sipstead:PublicAddress holds {parts.Length} addresses; give at most {MaximumPublicAddresses}.";
        foreach (var part in parts)
        {
            if (!IPAddress.TryParse(part, out var address))
                yield return $"Sipstead:PublicAddress holds \"{part}\", which is not an IP address (separate several with commas).";
            else if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
                yield return $"Sipstead:PublicAddress holds the wildcard {part}; give addresses that devices can reach, or leave it unset.";
        }
    }

    private static string[] Split(string list) =>
        (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
