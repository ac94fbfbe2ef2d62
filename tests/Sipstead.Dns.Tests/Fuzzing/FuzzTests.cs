using System.Net;
using ARSoft.Tools.Net;
using ARSoft.Tools.Net.Dns;
using Microsoft.Extensions.Logging.Abstractions;
using Sipstead.Dns.Inspection;
using Sipstead.Dns.Resolving;
using Sipstead.Testing.Fuzzing;

namespace Sipstead.Dns.Tests.Fuzzing;

/// <summary>FUZZ: damaged queries, through triage, limit, cache and the library, and damaged answers; see bench/fuzz/run for longer runs.</summary>
public sealed class FuzzTests
{
    private static readonly IPAddress Asker = IPAddress.Parse("192.0.2.1");

    private static readonly (string Name, RecordType Type)[] Questions =
    [
        ("_sip._udp.tenant-a.example.com", RecordType.Srv), ("tenant-a.example.com", RecordType.Naptr), ("tenant-a.example.com", RecordType.A),
        ("example.com", RecordType.Soa), ("nobody.example.com", RecordType.Srv),
    ];

    private static readonly IReadOnlyList<byte[]> Queries =
    [
        Query.For("_sip._udp.tenant-a.example.com", RecordType.Srv, payloadSize: 4096),
        Query.For("example.com", RecordType.Any),
        Query.For("a.b.c.example.com", RecordType.Naptr, payloadSize: 512, dnsSecOk: true),
        .. DnsVectors.All(),
    ];

    [Fact]
    public void FUZZ_03_Dns_Mutations_AreDroppedOrAnsweredShortly()
    {
        var zones = new ZonePublisher("example.com", TimeProvider.System);
        zones.Publish(new RealmRecord("tenant-a.example.com", 5070));
        var answers = new ZoneAnswers(zones, RunningResponder.Loopback);
        var cache = new AnswerCache();
        var limit = new ResponseLimit(RunningResponder.Loopback, TimeProvider.System, NullLogger.Instance);
        FuzzRun.Over("dns", Queries, 30_000, octets =>
        {
            var judged = QueryTriage.Judge(octets);
            if (judged.Outcome == TriageOutcome.Drop)
            {
                Assert.True(octets.Length < 12 || octets[2] >= 0x80);
                return;
            }

            Assert.True(judged.Octets.Length - QueryTriage.LengthPrefix <= octets.Length + WireFormat.EmptyOptLength);
            Assert.Equal(octets[..2], judged.Octets[2..4]);
            limit.Judge(Asker, judged.Octets.AsSpan(QueryTriage.LengthPrefix), judged.QuestionLength);
            var cut = ResponseFitter.Truncate(judged.Octets, judged.QuestionLength);
            Assert.True(cut.Length <= judged.Octets.Length && (cut[4] & 0x02) != 0);
            if (judged.Outcome != TriageOutcome.Pass) return;
            answers.Answer(DnsMessage.Parse(new ArraySegment<byte>(judged.Octets)[QueryTriage.LengthPrefix..]), IPAddress.Loopback);
            cache.Keep(zones.Current, judged, judged.Octets); // as if it were its own answer
            Assert.True(cache.TryGet(zones.Current, judged, out var known));
            Assert.Equal(judged.Octets, known);
        });
    }

    /// <summary>The other direction: what name servers answer to us. The library may refuse to parse; what it takes is read, and never too much of it.</summary>
    [Fact]
    public async Task FUZZ_03_Dns_Mutations_OfAnswers_AreReadOrRefused()
    {
        await using var running = new RunningResponder();
        using var client = RawClient.Connect(running.EndPoint, tcp: false);
        var corpus = new List<byte[]>();
        foreach (var (name, type) in Questions) corpus.Add((await client.AskAsync(name, type, 1232)).Octets);
        FuzzRun.Over("dns answers", corpus, 30_000, octets =>
        {
            DnsMessage message;
            try
            {
                message = DnsMessage.Parse(octets);
            }
#pragma warning disable CA1031 // as the resolver does
            catch (Exception)
#pragma warning restore CA1031
            {
                return;
            }

            foreach (var (name, type) in Questions)
                Assert.True(AnswerReader.Read(message, DomainName.Parse(name), type).Records.Count <= AnswerReader.MaximumRecords);
            foreach (var record in message.AnswerRecords) ZoneRecord.From(record);
        });
    }
}
