using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Sipstead.Dns.Resolving;
using Sipstead.Testing;

namespace Sipstead.Dns.Tests;

/// <summary>Our resolver against a name server that is not ours, and against one that lies (S-68).</summary>
public sealed class ResolverTests : IDisposable
{
    private readonly NameServer _server = new();
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Records_OfEachKind_AreRead()
    {
        _server.Naptr("voip.example", 10, "SIP+D2U", "_sip._udp.voip.example").Srv("_sip._udp.voip.example", 1, 2, 5070, "Host.VoIP.example")
            .Srv("_sip._tcp.voip.example", 0, 0, 0, ".").Host("host.voip.example", "192.0.2.7").Host("host.voip.example", "2001:db8::7");
        using var resolver = Resolver();

        var naptr = await resolver.AskAsync("voip.example", ResolverQuestion.Naptr, Cancel);
        Assert.Equal([new ResolvedRecord.Naptr(10, 10, "s", "SIP+D2U", "", "_sip._udp.voip.example")], naptr.Records);
        Assert.Equal((TimeSpan.FromSeconds(300), null, false), (naptr.TimeToLive, naptr.Alias, naptr.IsFailed));
        Assert.Equal([new ResolvedRecord.Srv(1, 2, 5070, "host.voip.example")], (await resolver.AskAsync("_sip._udp.voip.example", ResolverQuestion.Srv, Cancel)).Records);
        Assert.Equal([new ResolvedRecord.Srv(0, 0, 0, "")], (await resolver.AskAsync("_sip._tcp.voip.example", ResolverQuestion.Srv, Cancel)).Records);
        Assert.Equal([Address("192.0.2.7")], (await resolver.AskAsync("host.voip.example", ResolverQuestion.Ipv4, Cancel)).Records);
        Assert.Equal([Address("2001:db8::7")], (await resolver.AskAsync("host.voip.example", ResolverQuestion.Ipv6, Cancel)).Records);
    }

    [Fact]
    public async Task NameWithoutRecords_IsKeptAsLongAsItsZoneSays()
    {
        using var resolver = Resolver();
        var answer = await resolver.AskAsync("nothing.example", ResolverQuestion.Srv, Cancel);
        Assert.Equal((0, false, TimeSpan.FromSeconds(90)), (answer.Records.Count, answer.IsFailed, answer.TimeToLive));
    }

    [Fact]
    public async Task Aliases_AreFollowed_AndTheLastIsToldWhereTheyLeadOn()
    {
        _server.Alias("a.example", "b.example").Alias("b.example", "c.example").Host("c.example", "192.0.2.9").Alias("d.example", "elsewhere.example.net");
        using var resolver = Resolver();
        Assert.Equal([Address("192.0.2.9")], (await resolver.AskAsync("a.example", ResolverQuestion.Ipv4, Cancel)).Records);
        Assert.Equal("elsewhere.example.net", (await resolver.AskAsync("d.example", ResolverQuestion.Ipv4, Cancel)).Alias);
    }

    [Fact]
    public async Task S_68_ChainOfAliases_IsFollowedEightTimes()
    {
        for (var i = 0; i < 15; i++) _server.Alias($"n{i}.example", $"n{i + 1}.example");
        _server.Host("n15.example", "192.0.2.9").Alias("loop.example", "loop.example");
        using var resolver = Resolver();
        var answer = await resolver.AskAsync("n0.example", ResolverQuestion.Ipv4, Cancel);
        Assert.Equal((0, "n8.example"), (answer.Records.Count, answer.Alias));
        Assert.Empty((await resolver.AskAsync("loop.example", ResolverQuestion.Ipv4, Cancel)).Records);
    }

    [Fact]
    public async Task AnswerThatDoesNotFitADatagram_ComesOverTcp()
    {
        for (var i = 0; i < 90; i++) _server.Srv("_sip._udp.large.example", i, 0, 5060, $"a-host-with-a-name-that-takes-room-{i}.large.example");
        using var resolver = Resolver();
        Assert.Equal(90, (await resolver.AskAsync("_sip._udp.large.example", ResolverQuestion.Srv, Cancel)).Records.Count);
    }

    [Fact]
    public async Task S_68_AnswerOfTooManyRecords_IsNone()
    {
        for (var i = 0; i <= 100; i++) _server.Host("many.example", $"192.0.2.{i}");
        using var resolver = Resolver();
        Assert.True((await resolver.AskAsync("many.example", ResolverQuestion.Ipv4, Cancel)).IsFailed);
    }

    [Fact]
    public async Task HostsFileAndLocalhost_AreAnsweredHere()
    {
        var hosts = _folder.Write("hosts", "# comment\n192.0.2.5  Pbx pbx.lan # inside\nfd00::5\tpbx\nnonsense here\n");
        using var resolver = Resolver(hosts);
        Assert.Equal([Address("192.0.2.5")], (await resolver.AskAsync("pbx", ResolverQuestion.Ipv4, Cancel)).Records);
        Assert.Equal([Address("fd00::5")], (await resolver.AskAsync("PBX", ResolverQuestion.Ipv6, Cancel)).Records);
        Assert.Equal([Address("127.0.0.1")], (await resolver.AskAsync("localhost", ResolverQuestion.Ipv4, Cancel)).Records);
        Assert.Equal([Address("::1")], (await resolver.AskAsync("sip.localhost", ResolverQuestion.Ipv6, Cancel)).Records);
        Assert.Empty(_server.Asked);

        File.WriteAllText(hosts, "192.0.2.6 pbx\n");
        File.SetLastWriteTimeUtc(hosts, File.GetLastWriteTimeUtc(hosts).AddSeconds(2));
        Assert.Equal([Address("192.0.2.6")], (await resolver.AskAsync("pbx", ResolverQuestion.Ipv4, Cancel)).Records);
    }

    [Fact]
    public async Task S_68_QuestionsLeaveFromManyPorts_WithManyIds()
    {
        using var liar = new LyingNameServer((query, _) => [LyingNameServer.Answer(query, "192.0.2.1")]);
        using var resolver = Resolver(servers: liar.EndPoint.ToString());
        for (var i = 0; i < 20; i++) Assert.False((await resolver.AskAsync($"n{i}.example", ResolverQuestion.Ipv4, Cancel)).IsFailed);
        Assert.True(liar.Ids.Distinct().Count() > 15, string.Join(' ', liar.Ids));
        Assert.True(liar.Ports.Distinct().Count() > 10, string.Join(' ', liar.Ports));
    }

    [Theory]
    [InlineData("id")]
    [InlineData("question")]
    [InlineData("query")]
    [InlineData("garbage")]
    public async Task S_68_ReplyThatIsNotTheAnswer_IsNeverTaken(string lie)
    {
        using var liar = new LyingNameServer((query, count) => count == 1 ? [Forge(query)] : [LyingNameServer.Answer(query, "192.0.2.1")]);
        using var resolver = Resolver(servers: liar.EndPoint.ToString());

        var answer = await resolver.AskAsync("victim.example", ResolverQuestion.Ipv4, Cancel);

        Assert.All(answer.Records, record => Assert.Equal(Address("192.0.2.1"), record));

        byte[] Forge(byte[] query)
        {
            var forged = LyingNameServer.Answer(query, "198.51.100.66");
            if (lie == "id") forged[0] ^= 0x55;
            else if (lie == "question") forged[13] ^= 0x01; // another first letter
            else if (lie == "query") forged[2] &= 0x7F;
            else Array.Fill(forged, (byte)0xC0, 12, forged.Length - 12);
            return forged;
        }
    }

    [Fact]
    public async Task S_68_RecordsOfOtherNames_AreLeftOut()
    {
        using var liar = new LyingNameServer((query, _) => [LyingNameServer.Answer(query, "198.51.100.66", owner: "evil.example")]);
        using var resolver = Resolver(servers: liar.EndPoint.ToString());
        Assert.Empty((await resolver.AskAsync("victim.example", ResolverQuestion.Ipv4, Cancel)).Records);
    }

    [Fact]
    public async Task ServerThatRefuses_IsFollowedByTheNext()
    {
        using var broken = new LyingNameServer((query, _) => [LyingNameServer.Refuse(query)]);
        _server.Host("host.example", "192.0.2.7");
        using var resolver = Resolver(servers: [broken.EndPoint.ToString(), _server.EndPoint.ToString()]);
        Assert.Equal([Address("192.0.2.7")], (await resolver.AskAsync("host.example", ResolverQuestion.Ipv4, Cancel)).Records);

        using var alone = Resolver(servers: broken.EndPoint.ToString());
        Assert.True((await alone.AskAsync("host.example", ResolverQuestion.Ipv4, Cancel)).IsFailed);
    }

    [Theory]
    [InlineData("192.0.2.53", "")]
    [InlineData("[2001:db8::53]:5353", "")]
    [InlineData("dns.example", "Sipstead:Dns:Resolvers holds \"dns.example\"; give addresses of name servers, such as 192.0.2.53 or [2001:db8::53]:53.")]
    [InlineData("53", "Sipstead:Dns:Resolvers holds \"53\"; give addresses of name servers, such as 192.0.2.53 or [2001:db8::53]:53.")]
    public void Resolvers_AreChecked(string text, string error) => Assert.Equal(error, string.Join(' ', new DnsOptions { Resolvers = [text] }.Validate()));

    private static ResolvedRecord.Address Address(string text) => new(IPAddress.Parse(text));

    private StubResolver Resolver(string? hosts = null, params string[] servers) => new(
        new DnsOptions { Resolvers = servers.Length > 0 ? servers : [_server.EndPoint.ToString()] }, NullLoggerFactory.Instance, hosts ?? _folder["none"]);
}
