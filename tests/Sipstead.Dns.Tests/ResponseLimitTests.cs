using System.Net;
using ARSoft.Tools.Net.Dns;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Sipstead.Dns.Tests;

/// <summary>Response-rate limiting over UDP.</summary>
public sealed class ResponseLimitTests
{
    private const string Service = "_sip._udp.tenant-a.example.com";

    private static readonly IPAddress Asker = IPAddress.Parse("192.0.2.1");

    private readonly FakeTimeProvider _time = new();

    /// <summary>1,000 of each query a second from one address that may be forged: at most three times the octets go out in the first second, then no more than came in.</summary>
    [Fact]
    public async Task S_64_Flood_OfEachQuery_DrawsFewOctets()
    {
        await using var running = new RunningResponder();
        using var client = RawClient.Connect(running.EndPoint, tcp: false);
        foreach (var query in Queries())
        {
            var answer = QueryTriage.Judge(query).Outcome == TriageOutcome.Drop ? [] : (await client.AskAsync(query)).Octets;
            var limit = Limit();
            Assert.True(OctetsOut(limit, query, answer) <= 3 * 1000 * query.Length);
            Assert.True(OctetsOut(limit, query, answer) <= 1000 * query.Length);
        }
    }

    [Fact]
    public async Task S_64_AboveTheLimit_EverySecondAnswerSaysTcp_AndTcpAnswers()
    {
        await using var running = new RunningResponder(RunningResponder.Loopback with { LimitsLoopback = true });
        using var client = RawClient.Connect(running.EndPoint, tcp: false);
        using var tcp = RawClient.Connect(running.EndPoint, tcp: true);
        for (var i = 0; i < 200; i++) Assert.Single((await client.AskAsync(Service, RecordType.Srv)).Answers);

        var query = Query.For(Service, RecordType.Srv, payloadSize: 1232);
        var cut = await client.AskAsync(query);
        await client.SendAsync(query); // silence
        var cutAgain = await client.AskAsync(query);

        Assert.True(cut.HasFlag("TC"));
        Assert.True(cut.Echoes(query));
        Assert.Equal((query.Length, 0, true), (cut.Octets.Length, cut.Answers.Count + cut.Additional.Count, cut.Opt is not null));
        Assert.True(cutAgain.HasFlag("TC"));
        Assert.Equal(2, running.Meters.Sum("sipstead.dns.limited", "action=truncated"));
        Assert.Equal(1, running.Meters.Sum("sipstead.dns.limited", "action=dropped"));
        Assert.Single((await tcp.AskAsync(Service, RecordType.Srv)).Answers);
        Assert.Single((await client.AskAsync("_sip._tcp.tenant-a.example.com", RecordType.Srv)).Answers); // another question
    }

    [Fact]
    public async Task Loopback_IsNotLimited()
    {
        await using var running = new RunningResponder();
        using var client = RawClient.Connect(running.EndPoint, tcp: false);
        for (var i = 0; i < 1000; i++) Assert.Single((await client.AskAsync(Service, RecordType.Srv)).Answers);
        Assert.Equal(0, running.Meters.Total("sipstead.dns.limited"));
    }

    [Fact]
    public void Off_LimitsNobody()
    {
        var limit = Limit(RunningResponder.Loopback with { ResponsesPerSecond = 0 });
        var query = Query.For(Service, RecordType.Srv);
        Assert.Equal(1000, Sent(limit, Asker, query, 1000));
    }

    [Fact]
    public void S_64_Limit_IsOfANetwork_AndOthersGoOn()
    {
        var limit = Limit();
        var query = Query.For(Service, RecordType.Srv);
        Assert.Equal(200, Sent(limit, Asker, query, 300));

        Assert.Equal(0, Sent(limit, IPAddress.Parse("192.0.2.200"), query, 10));
        Assert.Equal(0, Sent(limit, IPAddress.Parse("::ffff:192.0.2.200"), query, 10));
        Assert.Equal(10, Sent(limit, IPAddress.Parse("192.0.3.1"), query, 10));
        Assert.Equal(200, Sent(limit, IPAddress.Parse("2001:db8:0:1::1"), query, 300));
        Assert.Equal(0, Sent(limit, IPAddress.Parse("2001:db8:0:ff::1"), query, 10));
        Assert.Equal(10, Sent(limit, IPAddress.Parse("2001:db8:0:100::1"), query, 10));
    }

    [Fact]
    public void S_64_Limit_IsOfAnAnswer_WhateverItsSpellingAndId()
    {
        var limit = Limit();
        Assert.Equal(200, Sent(limit, Asker, Query.For(Service, RecordType.Srv), 300));
        Assert.Equal(0, Sent(limit, Asker, Query.For("_SIP._udp.Tenant-A.example.com", RecordType.Srv, id: 7), 10));
        Assert.Equal(10, Sent(limit, Asker, Query.For("_sip._tcp.tenant-a.example.com", RecordType.Srv), 10));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(20, Sent(limit, Asker, Query.For(Service, RecordType.Srv), 100));
    }

    [Fact]
    public void S_64_NamesThatDoNotExist_AndErrors_AreOneAnswerEach()
    {
        var limit = Limit();
        Assert.Equal(200, Enumerable.Range(0, 300).Count(i => IsSent(limit, Asker, Query.For($"n{i}.example.com", RecordType.A), rcode: 3, answers: 0)));
        Assert.Equal(200, Enumerable.Range(0, 300).Count(i => IsSent(limit, Asker, Query.For($"n{i}.example.net", RecordType.A), rcode: 5, answers: 0)));
    }

    [Fact]
    public void S_64_TypesThatANameDoesNotHave_AreOneAnswer()
    {
        var limit = Limit();
        Assert.Equal(200, Enumerable.Range(0, 300).Count(i => IsSent(limit, Asker, Query.For("tenant-a.example.com", (RecordType)(1000 + i)), rcode: 0, answers: 0)));
        Assert.True(IsSent(limit, Asker, Query.For("tenant-a.example.com", RecordType.A), rcode: 0, answers: 1));
    }

    [Fact]
    public void S_64_NetworksWithoutEnd_TakeNoMoreRoom_AndTheFloodedOneStaysLimited()
    {
        var limit = Limit();
        var query = Query.For(Service, RecordType.Srv);
        Sent(limit, Asker, query, 400);
        Sent(limit, IPAddress.Parse("10.0.0.1"), query, 1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 2_000; i++) limit.Judge(Asker, query, query.Length - 12);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        for (var i = 0; i < 8_000; i++) Sent(limit, new IPAddress(0x0A_00_00_01L + ((long)i << 8)), query, 1); // half the room
        Assert.Equal(0, Sent(limit, Asker, query, 10));
    }

    private static IEnumerable<byte[]> Queries() =>
    [
        Query.For(Service, RecordType.Srv), Query.For(Service, RecordType.Srv, payloadSize: 1232), Query.For("tenant-a.example.com", RecordType.Naptr),
        Query.For("tenant-a.example.com", RecordType.A), Query.For("tenant-a.example.com", RecordType.Any), Query.For("example.com", RecordType.Soa),
        Query.For("example.com", RecordType.Ns), Query.For("nobody.example.com", RecordType.A), Query.For("example.net", RecordType.A),
        .. DnsVectors.All().Where(octets => octets.Length > 0),
    ];

    private ResponseLimit Limit(DnsOptions? options = null) => new(options ?? RunningResponder.Loopback, _time, NullLogger.Instance);

    /// <summary>The octets that 1,000 queries, spread over a second, draw.</summary>
    private long OctetsOut(ResponseLimit limit, byte[] query, byte[] answer)
    {
        long octets = 0;
        for (var i = 0; i < 1000; i++)
        {
            if (answer.Length > 0) octets += Out(limit, query, answer);
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        return octets;
    }

    private static int Out(ResponseLimit limit, byte[] query, byte[] answer)
    {
        var judged = QueryTriage.Judge(query);
        return limit.Judge(Asker, answer, judged.QuestionLength) switch
        {
            LimitVerdict.Send => answer.Length,
            LimitVerdict.Truncate => ResponseFitter.Truncate([0, 0, .. answer], judged.QuestionLength).Length - QueryTriage.LengthPrefix,
            _ => 0,
        };
    }

    private static int Sent(ResponseLimit limit, IPAddress asker, byte[] query, int times) => Enumerable.Range(0, times).Count(_ => IsSent(limit, asker, query, 0, 1));

    /// <summary>Judges an answer that is as long as the query: only header and question count.</summary>
    private static bool IsSent(ResponseLimit limit, IPAddress asker, byte[] query, byte rcode, byte answers)
    {
        var answer = query.ToArray();
        answer[3] = rcode;
        answer[7] = answers;
        return limit.Judge(asker, answer, query.Length - 12) == LimitVerdict.Send;
    }
}
