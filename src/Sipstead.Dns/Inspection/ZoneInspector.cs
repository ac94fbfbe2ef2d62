using System.Net;
using System.Net.NetworkInformation;
using ARSoft.Tools.Net;
using ARSoft.Tools.Net.Dns;

namespace Sipstead.Dns.Inspection;

/// <summary>Tells what our own zone answers, by the code that answers queries.</summary>
public sealed class ZoneInspector(IZoneSource zones, DnsOptions options)
{
    /// <summary>The media type of a zone file (RFC 4027).</summary>
    public const string FileType = "text/dns";

    private static readonly string[] Services = ["_sip._udp", "_sip._tcp", "_sips._tcp"];

    private readonly ZoneAnswers _answers = new(zones, options);

    /// <summary>
    /// The records that concern a realm: those of the zone's apex, of the realm, and of the targets; none when the zone does not have the realm. Where no
    /// public address is set and the responder listens on all addresses, they have the machine's first one that is not loopback.
    /// </summary>
    public IReadOnlyList<ZoneRecord> RecordsOf(string realm) => RecordsOf(realm, MachineAddress());

    /// <inheritdoc cref="RecordsOf(string)"/>
    /// <param name="realm">Fully qualified name of a realm.</param>
    /// <param name="machine">The address of this machine that a query to a responder on all of them comes in on.</param>
    public IReadOnlyList<ZoneRecord> RecordsOf(string realm, IPAddress machine)
    {
        var zone = zones.Current;
        if (!zone.TryGetRealm(realm, out _)) return [];
        var local = options.ListenAddresses().FirstOrDefault(address => !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any)) ?? machine;
        (string, RecordType)[] questions =
        [
            (zone.Apex, RecordType.Soa), (zone.Apex, RecordType.Ns), (realm, RecordType.A), (realm, RecordType.Aaaa), (realm, RecordType.Naptr),
            .. Services.Select(service => ($"{service}.{realm}", RecordType.Srv)),
        ];
        return [.. questions.SelectMany(question => Ask(question.Item1, question.Item2, local)).Distinct().OrderBy(RankOf)];
    }

    /// <summary>Records as a zone file that another server can take (RFC 1035 5).</summary>
    public string FileOf(IEnumerable<ZoneRecord> records) =>
        FormattableString.Invariant($"$ORIGIN {zones.Current.Apex}.\n$TTL {ZoneAnswers.TimeToLive}\n") + string.Concat(records.Select(record => record + "\n"));

    private static IPAddress MachineAddress()
    {
        try
        {
            using var addresses = new MachineAddresses();
            return addresses.List().FirstOrDefault(address => !IPAddress.IsLoopback(address)) ?? IPAddress.Loopback;
        }
        catch (NetworkInformationException)
        {
            return IPAddress.Loopback;
        }
    }

    private IEnumerable<ZoneRecord> Ask(string name, RecordType type, IPAddress local)
    {
        var query = new DnsMessage();
        query.Questions.Add(new DnsQuestion(DomainName.Parse(name), type, RecordClass.INet));
        var answer = _answers.Answer(query, local);
        return answer.AnswerRecords.Concat(answer.AdditionalRecords).Select(ZoneRecord.From).OfType<ZoneRecord>();
    }

    private static int RankOf(ZoneRecord record) => record.Type switch { "SOA" => 0, "NS" => 1, "NAPTR" => 2, "SRV" => 3, "A" => 4, _ => 5 };
}
