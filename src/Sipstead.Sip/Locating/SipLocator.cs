using System.Text;
using Sipstead.Sip.Transport;

namespace Sipstead.Sip.Locating;

/// <summary>
/// Finds where a request to a SIP URI is sent (RFC 3263 4). Each address that DNS names is judged by the policy, and a target is an address, not a name:
/// what is sent goes to exactly the one that was judged (S-14). A sips URI has TLS targets only (S-61).
/// </summary>
public sealed class SipLocator
{
    /// <summary>Targets for one request; more are left out.</summary>
    internal const int MaxTargets = 16;

    /// <summary>NAPTR and SRV entries that are followed, each.</summary>
    private const int MaxEntries = 8;

    /// <summary>How long all lookups of one request may take together; what then has no answer does not exist.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private readonly ISipLookup _lookup;
    private readonly ITargetPolicy _policy;
    private readonly TimeProvider _time;
    private readonly Func<TransportAddress, TransportAddress?> _facing;
    private readonly Random _random;

    public SipLocator(ISipLookup lookup, ITargetPolicy policy, TimeProvider time)
        : this(lookup, policy, time, LocalAddresses.Facing, Random.Shared)
    {
    }

    internal SipLocator(
        ISipLookup lookup, ITargetPolicy policy, TimeProvider time, Func<TransportAddress, TransportAddress?> facing, Random random)
    {
        _lookup = lookup;
        _policy = policy;
        _time = time;
        _facing = facing;
        _random = random;
    }

    /// <summary>One host of a service.</summary>
    private readonly record struct Server(SipTransport Transport, string Host, int Port);

    /// <summary>The targets in the order to try them. Takes 10 s at most.</summary>
    public async ValueTask<SipLocation> LocateAsync(SipDestination destination, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(destination);
        if (TransportAddress.TryParseHost(Encoding.ASCII.GetBytes(destination.Host), destination.PortOrDefault, out var address))
            return Judge([new SipTarget(destination.TransportOrDefault, address, destination.Host)], LocationProblem.NoAddress);
        if (!HostName.TryFold(destination.Host, out var domain)) return new SipLocation([], LocationProblem.NoAddress);
        using var deadline = new CancellationTokenSource(Deadline, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await LocateAsync(destination, domain, new LookupRound(_lookup, either.Token)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new SipLocation([], LocationProblem.NoAnswer);
        }
    }

    private async Task<SipLocation> LocateAsync(SipDestination destination, string domain, LookupRound round)
    {
        var servers = destination.Port is null ? await FindServersAsync(destination, domain, round).ConfigureAwait(false) : null;
        if (servers is { Count: 0 }) return new SipLocation([], LocationProblem.NoService);
        servers ??= [new Server(destination.TransportOrDefault, domain, destination.PortOrDefault)];
        var found = await Task.WhenAll(servers.Select(server => FindTargetsAsync(server, destination.Host, round))).ConfigureAwait(false);
        return Judge([.. found.SelectMany(targets => targets)], round.HasFailed ? LocationProblem.NoAnswer : LocationProblem.NoAddress);
    }

    /// <summary>The servers by NAPTR and SRV (RFC 3263 4.1, 4.2). Null when DNS names none; empty when it says that there is none.</summary>
    private async Task<IReadOnlyList<Server>?> FindServersAsync(SipDestination destination, string domain, LookupRound round)
    {
        if (destination.Transport is null)
        {
            var services = await FindServicesAsync(destination, domain, round).ConfigureAwait(false);
            if (services.Count > 0) return await FindServersAsync(services, round).ConfigureAwait(false);
        }

        return await FindServersAsync([.. TransportsOf(destination).Select(transport => (transport, $"{PrefixOf(transport)}.{domain}"))], round)
            .ConfigureAwait(false);
    }

    /// <summary>The transports that NAPTR records offer and we have, in their order, with the names of their SRV records.</summary>
    private static async Task<IReadOnlyList<(SipTransport Transport, string Name)>> FindServicesAsync(
        SipDestination destination, string domain, LookupRound round)
    {
        var entries = await round.NaptrAsync(domain).ConfigureAwait(false);
        return
        [
            .. (from entry in entries
                where entry.Regexp.Length == 0 && entry.Replacement.Length > 0 && entry.Flags.Equals("s", StringComparison.OrdinalIgnoreCase)
                let transport = TransportOf(entry.Services)
                where transport is not null && (transport == SipTransport.Tls || !destination.IsSecure)
                orderby entry.Order, entry.Preference
                select (transport.Value, entry.Replacement)).Take(MaxEntries),
        ];
    }

    private async Task<IReadOnlyList<Server>?> FindServersAsync(IReadOnlyList<(SipTransport Transport, string Name)> services, LookupRound round)
    {
        var found = await Task.WhenAll(services.Select(service => round.SrvAsync(service.Name))).ConfigureAwait(false);
        if (found.All(entries => entries.Count == 0)) return null;
        return
        [
            .. from pair in services.Zip(found)
               from entry in SrvOrder.Of(pair.Second, _random).Take(MaxEntries)
               where entry.Target.Length > 0 && entry.Port > 0
               select new Server(pair.First.Transport, entry.Target, entry.Port),
        ];
    }

    private async Task<IEnumerable<SipTarget>> FindTargetsAsync(Server server, string host, LookupRound round)
    {
        var families = await Task.WhenAll(round.AddressesAsync(server.Host, isIpv6: true), round.AddressesAsync(server.Host, isIpv6: false))
            .ConfigureAwait(false);
        return AddressOrder.Of(families.SelectMany(family => family.Take(MaxEntries)).Select(address => address.WithPort(server.Port)), _facing)
            .Select(address => new SipTarget(server.Transport, address, host));
    }

    private SipLocation Judge(IReadOnlyList<SipTarget> targets, LocationProblem whenNone)
    {
        var allowed = targets.Distinct().Where(target => _policy.Allows(target.Address)).Take(MaxTargets).ToList();
        if (allowed.Count > 0) return new SipLocation(allowed, LocationProblem.None);
        return new SipLocation([], targets.Count > 0 ? LocationProblem.Refused : whenNone);
    }

    /// <summary>Where DNS leaves the choice to us: UDP, which every SIP server has, then TCP, then TLS.</summary>
    private static IReadOnlyList<SipTransport> TransportsOf(SipDestination destination)
    {
        if (destination.Transport is { } wanted) return [wanted];
        return destination.IsSecure ? [SipTransport.Tls] : [SipTransport.Udp, SipTransport.Tcp, SipTransport.Tls];
    }

    private static string PrefixOf(SipTransport transport) => transport switch
    {
        SipTransport.Udp => "_sip._udp",
        SipTransport.Tcp => "_sip._tcp",
        _ => "_sips._tcp",
    };

    /// <summary>Null for services that are not SIP, or SIP over what we do not speak towards servers (SCTP, WebSocket).</summary>
    private static SipTransport? TransportOf(string services) => services.ToUpperInvariant() switch
    {
        "SIP+D2U" => SipTransport.Udp,
        "SIP+D2T" => SipTransport.Tcp,
        "SIPS+D2T" => SipTransport.Tls,
        _ => null,
    };
}
