using System.Net;
using System.Net.Sockets;
using ARSoft.Tools.Net.Dns;
using CsCheck;
using Sipstead.Testing.Fuzzing;

namespace Sipstead.Dns.Tests;

/// <summary>Octets that no client of good will sends.</summary>
public sealed class RobustnessTests
{
    private static readonly byte[][] Seeds =
    [
        Query.For("_sip._udp.tenant-a.example.com", RecordType.Srv, payloadSize: 4096),
        Query.For("example.com", RecordType.Any),
        Query.For("a.b.c.example.com", RecordType.Naptr, payloadSize: 512, dnsSecOk: true),
    ];

    /// <summary>A good query with some octets changed, cut or appended: nearer to the edges than noise is.</summary>
    private static readonly Gen<byte[]> Damaged =
        Gen.Select(Gen.Int[0, Seeds.Length - 1], Gen.Select(Gen.Int[0, 80], Gen.Byte).Array[0, 4], Gen.Int[0, 90], Gen.Byte.Array[0, 12])
            .Select((seed, changes, cut, tail) =>
            {
                var octets = Seeds[seed].ToArray();
                foreach (var (position, value) in changes)
                    octets[position % octets.Length] = value;
                return (byte[])[.. octets.Take(cut), .. tail];
            });

    [Fact]
    public async Task S_65_ResponseInThePlaceOfAQuery_GetsSilence()
    {
        await using var running = new RunningResponder();
        using var client = RawClient.Connect(running.EndPoint, tcp: false);
        var response = Query.For("example.com", RecordType.Soa);
        response[2] |= 0x80;

        await client.SendAsync(response);

        await running.UntilDroppedAsync("response", tcp: false);
        Assert.Equal(0, running.Answered);
    }

    [Fact]
    public async Task S_65_QueryFromPort53_GetsSilence()
    {
        await using var running = new RunningResponder();
        using var nameServer = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            nameServer.Bind(new IPEndPoint(IPAddress.Parse("127.77.0.53"), 53));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AccessDenied)
        {
            Assert.Skip("Port 53 is for root.");
        }

        await nameServer.SendToAsync(Query.For("example.com", RecordType.Soa), running.EndPoint, TestContext.Current.CancellationToken);

        await running.UntilDroppedAsync("source_port", tcp: false);
        Assert.Equal(0, running.Answered);
    }

    [Fact]
    public void DNS_10_Triage_RandomOctets_NeverThrowsAndKeepsReplyShort() =>
        Gen.OneOf(Gen.Byte.Array[0, 600], Damaged).Sample(octets =>
        {
            var judged = QueryTriage.Judge(octets);
            if (judged.Outcome == TriageOutcome.Drop)
                return octets.Length < 12 || octets[2] >= 0x80;
            // At most the query and an OPT record: nothing to amplify with.
            return judged.Octets.Length - QueryTriage.LengthPrefix <= octets.Length + WireFormat.EmptyOptLength
                && judged.PayloadSize is >= 512 and <= 1232
                && judged.Octets[2] == octets[0] && judged.Octets[3] == octets[1];
        }, iter: 100_000);

    [Fact]
    public void DNS_10_Answer_QueryThatPassesTriage_NeverThrowsInTheLibrary()
    {
        var zones = new ZonePublisher("example.com", TimeProvider.System);
        zones.Publish(new RealmRecord("tenant-a.example.com", 5070));
        var answers = new ZoneAnswers(zones, RunningResponder.Loopback);
        Damaged.Sample(octets =>
        {
            var judged = QueryTriage.Judge(octets);
            if (judged.Outcome == TriageOutcome.Pass)
                answers.Answer(DnsMessage.Parse(new ArraySegment<byte>(judged.Octets)[QueryTriage.LengthPrefix..]), IPAddress.Loopback);
        }, iter: 20_000);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task DNS_10_Responder_DamagedQueries_GetAtMostTheCapAndItGoesOn(bool tcp)
    {
        var options = RunningResponder.Loopback with
        {
            PublicAddress = string.Join(',', Enumerable.Range(1, 32).Select(i => $"2001:db8::{i:x}")),
        };
        await using var running = new RunningResponder(options);
        using var client = RawClient.Connect(running.EndPoint, tcp);
        long sent = 0, received = 0;

        await Damaged.SampleAsync(async octets =>
        {
            await client.SendAsync(octets);
            sent++;
            // Dropped or answered, each is counted.
            await RunningResponder.UntilAsync(() => running.Answered + running.Meters.Total("sipstead.dns.dropped") >= sent);
            if (running.Answered == received)
                return;
            received++;
            Assert.True((await client.ReceiveAsync())!.Length <= (tcp ? ushort.MaxValue : 1232));
        }, iter: 300, threads: 1);

        Assert.Equal(running.Answered, received);
        Assert.Equal(0, (await client.AskAsync("example.com", RecordType.Soa)).Rcode);
    }

    /// <summary>Noise and damaged queries by turns, over a socket: each is counted as answered or dropped, none as a failure of ours.</summary>
    [Fact]
    public async Task S_66_AHundredThousandRandomDatagrams_LeaveItAnswering()
    {
        await using var running = new RunningResponder();
        using var noise = RawClient.Connect(running.EndPoint, tcp: false);
        for (var sent = 0; sent < 100_000;)
        {
            for (var batch = 0; batch < 100; batch++) await noise.SendAsync(Random(new Random(sent++)));
            await RunningResponder.UntilAsync(() => running.Answered + running.Meters.Total("sipstead.dns.dropped") >= sent); // no more under way than a socket holds
        }

        Assert.Equal(0, running.Meters.Sum("sipstead.dns.queries", "rcode=SERVFAIL"));
        using var client = RawClient.Connect(running.EndPoint, tcp: false);
        Assert.Equal(0, (await client.AskAsync("example.com", RecordType.Soa)).Rcode);
    }

    private static byte[] Random(Random random)
    {
        if (random.Next(2) == 0) return Mutations.Apply(Seeds, random) is { Length: <= 4096 } damaged ? damaged : Seeds[0];
        var octets = new byte[random.Next(600)];
        random.NextBytes(octets);
        return octets;
    }
}
