using ARSoft.Tools.Net.Dns;

namespace Sipstead.Dns.Tests;

/// <summary>EDNS and the length of answers.</summary>
public sealed class SizeTests
{
    private static readonly DnsOptions ManyAddresses = RunningResponder.Loopback with
    {
        PublicAddress = string.Join(',', Enumerable.Range(1, 32).Select(i => $"2001:db8::{i:x}")),
    };

    private static readonly DnsOptions MixedAddresses = RunningResponder.Loopback with
    {
        PublicAddress = string.Join(',', Enumerable.Range(1, 31).Select(i => $"192.0.2.{i}")) + ",2001:db8::1",
    };

    [Theory]
    [InlineData(null, false)]
    [InlineData((ushort)512, true)]
    [InlineData((ushort)100, true)]
    [InlineData((ushort)0, true)]
    public async Task DNS_08_AnswerAbove512_IsEmptyWithTcOverUdpAndWholeOverTcp(ushort? payloadSize, bool opt)
    {
        await using var running = new RunningResponder(ManyAddresses);
        using var udp = RawClient.Connect(running.EndPoint, tcp: false);
        using var tcp = RawClient.Connect(running.EndPoint, tcp: true);
        var query = Query.For("sip.example.com", RecordType.Aaaa, payloadSize: payloadSize);

        var cut = await udp.AskAsync(query);
        var whole = await tcp.AskAsync(query);

        Assert.True(cut.HasFlag("TC"));
        Assert.True(cut.Octets.Length <= 512);
        Assert.Empty(cut.Answers);
        Assert.True(cut.Echoes(query));
        Assert.Equal(opt, cut.Opt is not null);
        Assert.False(whole.HasFlag("TC"));
        Assert.Equal(32, whole.Answers.Count);
    }

    [Fact]
    public async Task DNS_09_LargePayloadSize_AllowsUpToOurCap()
    {
        await using var running = new RunningResponder(ManyAddresses);
        using var udp = RawClient.Connect(running.EndPoint, tcp: false);

        var answer = await udp.AskAsync("sip.example.com", RecordType.Aaaa, ushort.MaxValue);

        Assert.False(answer.HasFlag("TC"));
        Assert.Equal(32, answer.Answers.Count);
        Assert.InRange(answer.Octets.Length, 513, 1232);
        Assert.Equal((1232, 0), (answer.Opt!.UdpPayloadSize, answer.Opt.Version));
    }

    [Theory]
    [InlineData(null)]
    [InlineData((ushort)512)]
    public async Task DNS_08_AdditionalThatDoesNotFit_IsLeftOutWithoutTc(ushort? payloadSize)
    {
        await using var running = new RunningResponder(MixedAddresses);
        using var udp = RawClient.Connect(running.EndPoint, tcp: false);

        var answer = await udp.AskAsync("_sip._udp.tenant-a.example.com", RecordType.Srv, payloadSize);

        Assert.False(answer.HasFlag("TC"));
        Assert.IsType<SrvRecord>(Assert.Single(answer.Answers));
        Assert.Empty(answer.Additional);
        Assert.Equal(payloadSize is not null, answer.Opt is not null);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task DNS_09_DnsSecOk_ComesBackWithoutSignatures(bool dnsSecOk)
    {
        await using var running = new RunningResponder();
        using var udp = RawClient.Connect(running.EndPoint, tcp: false);

        var answer = await udp.AskAsync(Query.For("example.com", RecordType.Soa, payloadSize: 1232, dnsSecOk: dnsSecOk));

        Assert.Equal(dnsSecOk, answer.Opt!.IsDnsSecOk);
        Assert.IsType<SoaRecord>(Assert.Single(answer.Answers));
    }

    [Fact]
    public async Task DNS_09_QueryWithoutOpt_GetsNoOpt()
    {
        await using var running = new RunningResponder();
        using var udp = RawClient.Connect(running.EndPoint, tcp: false);
        Assert.Null((await udp.AskAsync("example.com", RecordType.Soa)).Opt);
    }
}
