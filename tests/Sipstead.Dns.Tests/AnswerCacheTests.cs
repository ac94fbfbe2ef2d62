using ARSoft.Tools.Net.Dns;

namespace Sipstead.Dns.Tests;

/// <summary>Answers that are given again: they are what the first one was but for id and spelling, and end with the zone that they came from.</summary>
public sealed class AnswerCacheTests : IAsyncDisposable
{
    private const string Service = "_sip._udp.tenant-a.example.com";

    private readonly RunningResponder _running = new();
    private readonly RawClient _client;

    public AnswerCacheTests() => _client = RawClient.Connect(_running.EndPoint, tcp: false);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _running.DisposeAsync();
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(512, false)]
    [InlineData(1232, true)]
    [InlineData(4096, false)]
    public async Task Again_TheAnswerIsTheSame_ButForTheId(int? payloadSize, bool dnsSecOk)
    {
        var first = await AskAsync(Query.For(Service, RecordType.Srv, 0x0102, (ushort?)payloadSize, dnsSecOk));
        var again = await AskAsync(Query.For(Service, RecordType.Srv, 0x0304, (ushort?)payloadSize, dnsSecOk));

        Assert.Equal([3, 4], again[..2]);
        Assert.Equal(first[2..], again[2..]);
        await RunningResponder.UntilAsync(() => _running.Answered == 2);
    }

    [Fact]
    public async Task Again_InAnotherSpelling_TheQuestionGoesBackAsAsked()
    {
        await AskAsync(Query.For(Service, RecordType.Srv));
        var query = Query.For("_SIP._udp.Tenant-A.example.COM", RecordType.Srv);
        var again = await AskAsync(query);

        Assert.Equal(query[12..], again[12..query.Length]);
        Assert.Equal(5070, Assert.IsType<SrvRecord>(Assert.Single(new Answer(again).Answers)).Port);
    }

    [Fact]
    public async Task Again_WithAnotherType_IsAnotherQuestion()
    {
        Assert.Single((await _client.AskAsync("tenant-a.example.com", RecordType.A)).Answers);
        Assert.Empty((await _client.AskAsync("tenant-a.example.com", (RecordType)('A'))).Answers); // 65, HTTPS
        Assert.Empty((await _client.AskAsync("tenant-a.example.com", (RecordType)('a'))).Answers);
        Assert.Single((await _client.AskAsync("tenant-a.example.com", RecordType.A)).Answers);
    }

    [Fact]
    public async Task AfterAChangeOfTheZone_TheAnswerIsNew()
    {
        Assert.Equal(5070, await PortAsync());
        _running.Zones.Publish(new RealmRecord("tenant-a.example.com", 5080));
        Assert.Equal(5080, await PortAsync());
        Assert.Equal(5080, await PortAsync());
        _running.Zones.Withdraw("tenant-a.example.com");
        Assert.Empty((await _client.AskAsync(Service, RecordType.Srv)).Answers);
    }

    [Fact]
    public void Keep_BeyondItsCapacity_BeginsAnew()
    {
        var cache = new AnswerCache();
        for (var i = 0; i <= AnswerCache.Capacity; i++) cache.Keep(_running.Zones.Current, Judged(i), Judged(i).Octets);

        Assert.False(cache.TryGet(_running.Zones.Current, Judged(0), out _));
        Assert.True(cache.TryGet(_running.Zones.Current, Judged(AnswerCache.Capacity), out _));
        Assert.False(cache.TryGet(ZoneData.Empty("example.com", 1), Judged(AnswerCache.Capacity), out _));
    }

    [Fact]
    public void Keep_ARefusal_IsLeftOut()
    {
        var cache = new AnswerCache();
        var query = Judged(1);
        var answer = query.Octets.ToArray();
        answer[QueryTriage.LengthPrefix + 3] = 3;
        cache.Keep(_running.Zones.Current, query, answer);
        Assert.False(cache.TryGet(_running.Zones.Current, query, out _));
    }

    private static TriageResult Judged(int i) => QueryTriage.Judge(Query.For($"n{i}.example.com", RecordType.A));

    private async Task<int> PortAsync() => Assert.IsType<SrvRecord>(Assert.Single((await _client.AskAsync(Service, RecordType.Srv)).Answers)).Port;

    private async Task<byte[]> AskAsync(byte[] query)
    {
        await _client.SendAsync(query);
        return await _client.ReceiveAsync() ?? throw new IOException("closed");
    }
}
