using System.Net;
using ARSoft.Tools.Net.Dns;
using Sipstead.Testing.Fuzzing;

namespace Sipstead.Dns.Tests.Fuzzing;

/// <summary>FUZZ: damaged queries, through triage and the library behind it; see bench/fuzz/run for longer runs.</summary>
public sealed class FuzzTests
{
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
            if (judged.Outcome == TriageOutcome.Pass)
                answers.Answer(DnsMessage.Parse(new ArraySegment<byte>(judged.Octets)[QueryTriage.LengthPrefix..]), IPAddress.Loopback);
        });
    }
}
