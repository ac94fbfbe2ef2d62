using System.Diagnostics.Metrics;
using System.Globalization;

namespace Sipstead.Dns;

/// <summary>The responder's metrics, of the meter <c>Sipstead.Dns</c>.</summary>
internal sealed class DnsMeter
{
    public const string Name = "Sipstead.Dns";
    public const string Udp = "udp";
    public const string Tcp = "tcp";

    private readonly Counter<long> _queries;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _limited;
    private readonly UpDownCounter<long> _connections;

    public DnsMeter(IMeterFactory factory)
    {
        var meter = factory.Create(Name);
        _queries = meter.CreateCounter<long>("sipstead.dns.queries", "{query}", "Answered queries by rcode and transport.");
        _dropped = meter.CreateCounter<long>("sipstead.dns.dropped", "{message}", "Messages and connections left without an answer.");
        _limited = meter.CreateCounter<long>("sipstead.dns.limited", "{response}", "Answers over UDP above the limit of their network, by what became of them.");
        _connections = meter.CreateUpDownCounter<long>("sipstead.dns.tcp.connections", "{connection}", "Open TCP connections.");
    }

    public void Answered(int rcode, string transport) =>
        _queries.Add(1, new("rcode", RcodeName(rcode)), new KeyValuePair<string, object?>("transport", transport));

    public void Dropped(string reason, string transport) =>
        _dropped.Add(1, new("reason", reason), new KeyValuePair<string, object?>("transport", transport));

    public void Limited(LimitVerdict verdict) =>
        _limited.Add(1, new KeyValuePair<string, object?>("action", verdict == LimitVerdict.Truncate ? "truncated" : "dropped"));

    public void ConnectionsChanged(int step) => _connections.Add(step);

    private static string RcodeName(int rcode) => (Rcode)rcode switch
    {
        Rcode.NoError => "NOERROR",
        Rcode.FormErr => "FORMERR",
        Rcode.ServFail => "SERVFAIL",
        Rcode.NxDomain => "NXDOMAIN",
        Rcode.NotImp => "NOTIMP",
        Rcode.Refused => "REFUSED",
        Rcode.BadVers => "BADVERS",
        _ => rcode.ToString(CultureInfo.InvariantCulture),
    };
}
