using System.Collections.Concurrent;
using System.Net;
using ARSoft.Tools.Net;
using ARSoft.Tools.Net.Dns;

namespace Sipstead.Testing;

/// <summary>An authoritative name server on loopback, over UDP and TCP, for the records that a test gives it; made of the library's parts, not of ours.</summary>
public sealed class NameServer : IDisposable
{
    private const int TimeToLive = 300;

    private readonly ConcurrentQueue<DnsRecordBase> _records = new();
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly DnsServer _server;

    public NameServer()
    {
        EndPoint = new IPEndPoint(IPAddress.Loopback, FreePort.Take());
        _server = new DnsServer(new UdpServerTransport(EndPoint), new TcpServerTransport(EndPoint));
        _server.QueryReceived += AnswerAsync;
        _server.Start();
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>The questions so far, such as <c>Srv _sip._udp.example.net udp</c>.</summary>
    public IReadOnlyList<string> Asked => [.. _asked];

    public NameServer Naptr(string name, int order, string services, string replacement) =>
        Add(new NaptrRecord(DomainName.Parse(name), TimeToLive, (ushort)order, 10, "s", services, "", DomainName.Parse(replacement)));

    public NameServer Srv(string name, int priority, int weight, int port, string target) => Add(new SrvRecord(
        DomainName.Parse(name), TimeToLive, (ushort)priority, (ushort)weight, (ushort)port, target == "." ? DomainName.Root : DomainName.Parse(target)));

    public NameServer Host(string name, string address)
    {
        var ip = IPAddress.Parse(address);
        var owner = DomainName.Parse(name);
        return Add(ip.GetAddressBytes().Length == 4 ? new ARecord(owner, TimeToLive, ip) : new AaaaRecord(owner, TimeToLive, ip));
    }

    public NameServer Alias(string name, string canonical) => Add(new CNameRecord(DomainName.Parse(name), TimeToLive, DomainName.Parse(canonical)));

    public void Dispose()
    {
        try
        {
            _server.Stop();
        }
        catch (AggregateException e) when (e.InnerExceptions.All(inner => inner is OperationCanceledException))
        {
            // The library waits for what it has just cancelled, and is told so.
        }
    }

    private NameServer Add(DnsRecordBase record)
    {
        _records.Enqueue(record);
        return this;
    }

    private Task AnswerAsync(object sender, QueryReceivedEventArgs e)
    {
        var query = (DnsMessage)e.Query;
        var question = query.Questions[0];
        _asked.Enqueue($"{question.RecordType} {question.Name} {e.TransportProtocol}".Replace(". ", " ", StringComparison.Ordinal).ToLowerInvariant());
        var answer = query.CreateResponseInstance();
        var name = question.Name;
        while (_records.OfType<CNameRecord>().FirstOrDefault(record => record.Name.Equals(name)) is { } alias && answer.AnswerRecords.Count < 20)
        {
            answer.AnswerRecords.Add(alias);
            name = alias.CanonicalName;
        }

        answer.AnswerRecords.AddRange(_records.Where(record => record.RecordType == question.RecordType && record.Name.Equals(name)));
        if (answer.AnswerRecords.Count == 0) answer.AuthorityRecords.Add(Zone());
        e.Response = answer;
        return Task.CompletedTask;
    }

    private static SoaRecord Zone() => new(
        DomainName.Parse("example"), 600, DomainName.Parse("ns.example"), DomainName.Parse("hostmaster.example"), 1, 3600, 600, 86_400, 90);
}
