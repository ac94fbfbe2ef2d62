using System.Globalization;
using System.Net;
using ARSoft.Tools.Net.Dns;
using Sipstead.Dns.Resolving;

namespace Sipstead.Dns.Inspection;

/// <summary>
/// Asks for the zone as the world does: our own responder, then the name servers that the zone is delegated to, each over UDP and TCP. Takes a few seconds at
/// most, and never throws for what the network does.
/// </summary>
public sealed class ZoneProbe
{
    /// <summary>Name servers, and addresses of each and of our own, that are asked.</summary>
    private const int Most = 4;

    private readonly IZoneSource _zones;
    private readonly Func<IReadOnlyList<IPEndPoint>> _own;
    private readonly SystemLookup _lookup;
    private readonly int _delegatedPort;

    public ZoneProbe(IZoneSource zones, DnsResponder responder, SystemLookup lookup)
        : this(zones, () => responder.Endpoints, lookup, NameServers.DnsPort)
    {
    }

    internal ZoneProbe(IZoneSource zones, Func<IReadOnlyList<IPEndPoint>> own, SystemLookup lookup, int delegatedPort) =>
        (_zones, _own, _lookup, _delegatedPort) = (zones, own, lookup, delegatedPort);

    /// <summary>Asks for the zone and one realm of it.</summary>
    public async Task<ZoneCheck> RunAsync(string realm, CancellationToken cancellationToken)
    {
        var zone = _zones.Current;
        var own = AskEachAsync(_own().Take(Most), zone.Apex, realm, cancellationToken);
        var known = await _lookup.AskSystemAsync(zone.Apex, RecordType.Ns, cancellationToken).ConfigureAwait(false);
        var delegation = await Task.WhenAll(known.Records.Take(Most).Select(record => FindAddressesAsync(record.Data, cancellationToken))).ConfigureAwait(false);
        var servers = delegation.SelectMany(server => server.Addresses).Distinct().Take(Most).Select(address => new IPEndPoint(address, _delegatedPort));
        var delegated = await AskEachAsync(servers, zone.Apex, realm, cancellationToken).ConfigureAwait(false);
        return new ZoneCheck(zone.Serial, await own.ConfigureAwait(false), delegation, known.Error, delegated);
    }

    private async Task<DelegatedServer> FindAddressesAsync(string name, CancellationToken cancellationToken)
    {
        var found = await Task.WhenAll(
            _lookup.AskSystemAsync(name, RecordType.A, cancellationToken), _lookup.AskSystemAsync(name, RecordType.Aaaa, cancellationToken)).ConfigureAwait(false);
        return new DelegatedServer(name, [.. found.SelectMany(answer => answer.Records).Select(record => IPAddress.Parse(record.Data)).Take(Most)]);
    }

    private Task<NameServerAnswer[]> AskEachAsync(IEnumerable<IPEndPoint> servers, string apex, string realm, CancellationToken cancellationToken) =>
        Task.WhenAll(servers.SelectMany(server => new[] { AskAsync(server, false, apex, realm, cancellationToken), AskAsync(server, true, apex, realm, cancellationToken) }));

    private async Task<NameServerAnswer> AskAsync(IPEndPoint server, bool isTcp, string apex, string realm, CancellationToken cancellationToken)
    {
        var soa = await AskAsync(apex, RecordType.Soa).ConfigureAwait(false);
        if (soa.Error is not null) return new NameServerAnswer(server, isTcp, null, [], [], soa.Error);
        var srv = await AskAsync($"_sip._udp.{realm}", RecordType.Srv).ConfigureAwait(false);
        var naptr = await AskAsync(realm, RecordType.Naptr).ConfigureAwait(false);
        return new NameServerAnswer(server, isTcp, SerialOf(soa), srv.Records, naptr.Records, srv.Error ?? naptr.Error);

        Task<LookupResult> AskAsync(string name, RecordType type) => _lookup.AskAsync([server.Address], server.Port, isTcp, name, type, cancellationToken);
    }

    /// <summary>The third field of an SOA record's data.</summary>
    private static uint? SerialOf(LookupResult soa) =>
        soa.Records is [var record, ..] && record.Data.Split(' ') is [_, _, var serial, ..] ? uint.Parse(serial, CultureInfo.InvariantCulture) : null;
}
