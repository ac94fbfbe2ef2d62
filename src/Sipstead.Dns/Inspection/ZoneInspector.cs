using System.Net;
using ARSoft.Tools.Net;
using ARSoft.Tools.Net.Dns;

namespace Sipstead.Dns.Inspection;

/// <summary>Tells what our own zone answers, by the code that answers queries.</summary>
public sealed class ZoneInspector(IZoneSource zones, DnsOptions options)
{
    private static readonly string[] Services = ["_sip._udp", "_sip._tcp", "_sips._tcp"];

    private readonly ZoneAnswers _answers = new(zones, options.PublicAddresses());

    /// <summary>The records that concern a realm: those of the zone's apex, of the realm, and of the targets; none when the zone does not have the realm.</summary>
    /// <param name="machine">
    /// An address of this machine for a responder that listens on all of them: the one that a query comes in on is in the answers when no public address is set.
    /// </param>
    public IReadOnlyList<ZoneRecord> RecordsOf(string realm, IPAddress machine)
    {
        var zone = zones.Current;
        if (!zone.TryGetRealm(realm, out _)) return [];
        var local = options.ListenAddresses().FirstOrDefault(address => !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any)) ?? machine;
        (string, RecordType)[] questions =
        [
            (zone.Apex, RecordType.Soa), (zone.Apex, RecordType.Ns), (realm, RecordType.A), (realm, RecordType.Aaaa),
            .. Services.Select(service => ($"{service}.{realm}", RecordType.Srv)),
        ];
        return [.. questions.SelectMany(question => Ask(question.Item1, question.Item2, local)).Distinct().OrderBy(RankOf)];
    }

    /// <summary>Records as a zone file that another server can take.</summary>
    public string FileOf(IEnumerable<ZoneRecord> records) => $"$ORIGIN {zones.Current.Apex}.\n" + string.Concat(records.Select(record => record + "\n"));

    private IEnumerable<ZoneRecord> Ask(string name, RecordType type, IPAddress local)
    {
        var query = new DnsMessage();
        query.Questions.Add(new DnsQuestion(DomainName.Parse(name), type, RecordClass.INet));
        var answer = _answers.Answer(query, local);
        return answer.AnswerRecords.Concat(answer.AdditionalRecords).Select(ZoneRecord.From).OfType<ZoneRecord>();
    }

    private static int RankOf(ZoneRecord record) => record.Type switch { "SOA" => 0, "NS" => 1, "SRV" => 2, "A" => 3, _ => 4 };
}
