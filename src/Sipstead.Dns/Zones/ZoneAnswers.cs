using System.Net;
using System.Net.Sockets;
using ARSoft.Tools.Net;
using ARSoft.Tools.Net.Dns;

namespace Sipstead.Dns;

/// <summary>Turns a well-formed query into the zone's answer (RFC 1034 4.3.2, 2308, 2782, 3403, 8482).</summary>
internal sealed class ZoneAnswers(IZoneSource source, DnsOptions options)
{
    /// <summary>Seconds; the TTL that Bandwidth's realms have.</summary>
    internal const int TimeToLive = 300;

    /// <summary>Seconds that a resolver may remember that a name is absent, so that a new realm is seen by all within a minute.</summary>
    internal const int NegativeTimeToLive = 60;

    /// <summary>All NAPTR records have this order: a client takes by preference, and goes on when a transport fails.</summary>
    private const ushort NaptrOrder = 10;

    private const ushort NaptrPreferenceStep = 10;

    private readonly IReadOnlyList<IPAddress> _publicAddresses = options.PublicAddresses();
    private readonly SipTargets _targets = SipTargets.Of(options);
    private readonly IReadOnlyList<NaptrService> _naptr = NaptrServices.Read(options.Naptr) ?? [];

    /// <summary>The snapshot of the zone that an answer would come from now.</summary>
    public ZoneData Zone => source.Current;

    /// <summary>Answers a query of one question that arrived on <paramref name="local"/>.</summary>
    public DnsMessage Answer(DnsMessage query, IPAddress local)
    {
        var response = query.CreateResponseInstance();
        response.ReturnCode = ReturnCode.NoError;
        response.IsRecursionAllowed = false;
        if (query.EDnsOptions is { } edns)
            response.EDnsOptions = new OptRecord(QueryTriage.OwnPayloadSize) { IsDnsSecOk = edns.IsDnsSecOk };

        var zone = source.Current;
        var question = query.Questions[0];
        var node = ZoneNode.Find(zone, _targets, question.Name);
        if (question.RecordClass != RecordClass.INet || node.Kind == ZoneNodeKind.OutsideZone || IsTransfer(question.RecordType))
        {
            response.ReturnCode = ReturnCode.Refused;
            return response;
        }

        response.IsAuthoritiveAnswer = true;
        if (node.Kind == ZoneNodeKind.Nonexistent)
            response.ReturnCode = ReturnCode.NxDomain;
        else
            AddAnswer(response, zone, node, question, local);
        if (response.AnswerRecords.Count == 0)
            response.AuthorityRecords.Add(Soa(zone, Math.Min(TimeToLive, NegativeTimeToLive)));
        return response;
    }

    private static bool IsTransfer(RecordType type) => type is RecordType.Axfr or RecordType.Ixfr;

    private void AddAnswer(DnsMessage response, ZoneData zone, ZoneNode node, DnsQuestion question, IPAddress local)
    {
        var answers = response.AnswerRecords;
        switch (node.Kind, question.RecordType)
        {
            case (ZoneNodeKind.EmptyNonTerminal, _):
                break;
            case (_, RecordType.Any):
                // One small RRset in place of all: no use for amplification (RFC 8482 4.2).
                answers.Add(new HInfoRecord(question.Name, TimeToLive, "RFC8482", ""));
                break;
            case (ZoneNodeKind.Apex, RecordType.Soa):
                answers.Add(Soa(zone, TimeToLive));
                break;
            case (ZoneNodeKind.Apex, RecordType.Ns):
                answers.Add(new NsRecord(question.Name, TimeToLive, zone.Names.NameServerName));
                AddAddresses(response.AdditionalRecords, zone.Names.NameServerName, [], local);
                break;
            case (ZoneNodeKind.Apex or ZoneNodeKind.Host or ZoneNodeKind.Realm, RecordType.A):
                AddAddresses(answers, question.Name, AddressesOf(node), local, AddressFamily.InterNetwork);
                break;
            case (ZoneNodeKind.Apex or ZoneNodeKind.Host or ZoneNodeKind.Realm, RecordType.Aaaa):
                AddAddresses(answers, question.Name, AddressesOf(node), local, AddressFamily.InterNetworkV6);
                break;
            case (ZoneNodeKind.Realm, RecordType.Naptr):
                AddTransports(answers, node.Realm!, question.Name);
                break;
            case (ZoneNodeKind.Service, RecordType.Srv):
                AddService(response, node.Service!, question.Name, local);
                break;
        }
    }

    private IReadOnlyList<IPAddress> AddressesOf(ZoneNode node) =>
        node.Target?.Addresses ?? (node.Kind == ZoneNodeKind.Realm ? _targets.RealmAddresses : []);

    /// <summary>A record for each transport that is on, without the SRV records that they lead to: a NAPTR answer is large enough as it is (S-64).</summary>
    private void AddTransports(List<DnsRecordBase> answers, RealmRecord realm, DomainName owner)
    {
        ushort preference = 0;
        foreach (var naptr in _naptr)
        {
            preference += NaptrPreferenceStep;
            if (realm.Services.Any(service => service.Port != 0 && service.Service == naptr.Service && service.Protocol == naptr.Protocol))
            {
                var replacement = DomainName.Parse($"{naptr.Service}.{naptr.Protocol}.{ZoneName.Fold(realm.Fqdn)}");
                answers.Add(new NaptrRecord(owner, TimeToLive, NaptrOrder, preference, "s", naptr.Name, "", replacement));
            }
        }
    }

    private void AddService(DnsMessage response, SipService service, DomainName owner, IPAddress local)
    {
        if (service.Port == 0)
        {
            // RFC 2782: "." says decidedly that the service is not available here.
            response.AnswerRecords.Add(new SrvRecord(owner, TimeToLive, 0, 0, 0, DomainName.Root));
            return;
        }
        foreach (var target in _targets.All)
        {
            response.AnswerRecords.Add(new SrvRecord(owner, TimeToLive, target.Priority, target.Weight, (ushort)service.Port, target.Name));
            if (target.IsInZone)
                AddAddresses(response.AdditionalRecords, target.Name, target.Addresses, local);
        }
    }

    private void AddAddresses(List<DnsRecordBase> section, DomainName owner, IReadOnlyList<IPAddress> given, IPAddress local)
    {
        AddAddresses(section, owner, given, local, AddressFamily.InterNetwork);
        AddAddresses(section, owner, given, local, AddressFamily.InterNetworkV6);
    }

    /// <summary>Adds the given addresses of a family; where none are, those that the server is told to have, or the one that was asked.</summary>
    private void AddAddresses(List<DnsRecordBase> section, DomainName owner, IReadOnlyList<IPAddress> given, IPAddress local, AddressFamily family)
    {
        var addresses = given.Count > 0 ? given : _publicAddresses;
        // A link-local address means nothing without its link, which a record cannot carry (RFC 4472 2.1).
        if (addresses.Count == 0 && local.AddressFamily == family && !local.IsIPv6LinkLocal)
            section.Add(AddressRecord(owner, local));
        foreach (var address in addresses)
        {
            if (address.AddressFamily == family)
                section.Add(AddressRecord(owner, address));
        }
    }

    private static DnsRecordBase AddressRecord(DomainName owner, IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork
            ? new ARecord(owner, TimeToLive, address)
            : new AaaaRecord(owner, TimeToLive, address);

    private static SoaRecord Soa(ZoneData zone, int timeToLive) => new(
        zone.Names.ApexName, timeToLive, zone.Names.NameServerName, zone.Names.HostmasterName, zone.Serial,
        refreshInterval: 3600, retryInterval: 600, expireInterval: 604_800, negativeCachingTTL: NegativeTimeToLive);
}
