using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Sipstead.Sip.Locating;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Transport;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Conformance.Tests.Locating;

/// <summary>Locating SIP servers: RFC 3263 with 2782, 3403, 6724 (conformance.md).</summary>
public sealed class LocatingTests : ITargetPolicy
{
    private const string Domain = "example.net";

    private readonly ScriptedLookup _dns = new();
    private readonly FakeTimeProvider _time = new();
    private readonly HashSet<string> _refused = [];
    private bool _hasIpv6 = true;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public bool Allows(TransportAddress address) => !_refused.Contains(address.ToIPAddress().ToString());

    [Theory]
    [InlineData("sip:a@192.0.2.7", "UDP 192.0.2.7:5060")]
    [InlineData("sip:a@192.0.2.7:5070", "UDP 192.0.2.7:5070")]
    [InlineData("sip:a@192.0.2.7;transport=tcp", "TCP 192.0.2.7:5060")]
    [InlineData("sip:a@192.0.2.7;transport=TLS", "TLS 192.0.2.7:5061")]
    [InlineData("sips:a@192.0.2.7", "TLS 192.0.2.7:5061")]
    [InlineData("sips:a@192.0.2.7:5090;transport=tcp", "TLS 192.0.2.7:5090")]
    [InlineData("sip:[2001:db8::7]:5070", "UDP [2001:db8::7]:5070")]
    public async Task LOC_01_NumericHost_IsTakenWithoutDns(string uri, string target)
    {
        Assert.Equal([target], await LocateAsync(uri));
        Assert.Empty(_dns.Asked);
    }

    [Theory]
    [InlineData("sip:a@192.0.2.7;maddr=127.0.0.1")]
    [InlineData("sip:a@192.0.2.7;transport=foo")]
    [InlineData("sip:a@192.0.2.7;transport=ws")]
    [InlineData("sips:a@192.0.2.7;transport=udp")]
    [InlineData("sip:a@192.0.2.7:0")]
    [InlineData("tel:+15551234")]
    public void LOC_01_UriThatReachesNobody_IsNoDestination(string uri)
    {
        Assert.True(SipUri.TryParse(Encoding.ASCII.GetBytes(uri), out var parsed));
        Assert.Null(SipDestination.Of(parsed));
    }

    [Fact]
    public async Task LOC_02_Port_AsksForAddressesOnly()
    {
        _dns.Host(Domain, "192.0.2.7").Srv($"_sip._udp.{Domain}", 0, 0, 5099, "other.example.net").Host("other.example.net", "192.0.2.8");
        Assert.Equal(["UDP 192.0.2.7:5070"], await LocateAsync($"sip:a@{Domain}:5070"));
        Assert.Equal(["TCP 192.0.2.7:5070"], await LocateAsync($"sip:a@{Domain}:5070;transport=tcp"));
        Assert.Equal(["TLS 192.0.2.7:5070"], await LocateAsync($"sips:a@{Domain}:5070"));
        Assert.DoesNotContain(_dns.Asked, question => question.StartsWith("SRV", StringComparison.Ordinal) || question.StartsWith("NAPTR", StringComparison.Ordinal));
    }

    [Fact]
    public async Task LOC_02_Transport_AsksForItsServiceOnly()
    {
        _dns.Srv($"_sip._tcp.{Domain}", 0, 0, 5070, "one.example.net").Host("one.example.net", "192.0.2.7").Naptr(Domain, 1, 1, "SIP+D2U", "never.example.net");
        Assert.Equal(["TCP 192.0.2.7:5070"], await LocateAsync($"sip:a@{Domain};transport=tcp"));
        Assert.Equal($"SRV _sip._tcp.{Domain}", _dns.Asked[0]);
    }

    [Fact]
    public async Task LOC_02_Naptr_ChoosesTransportsInItsOrder()
    {
        _dns.Naptr(Domain, 20, 1, "SIP+D2U", $"_sip._udp.{Domain}").Naptr(Domain, 10, 9, "SIP+D2T", $"_sip._tcp.{Domain}")
            .Naptr(Domain, 10, 2, "SIPS+D2T", "_sips._tcp.secure.example.net").Naptr(Domain, 1, 1, "SIP+D2W", "_sip._ws.example.net")
            .Naptr(Domain, 1, 1, "SIP+D2U", "rewritten.example.net", regexp: "!^.*$!sip:x@evil.example.net!")
            .Naptr(Domain, 1, 1, "SIP+D2U", "terminal.example.net", flags: "u")
            .Srv($"_sip._udp.{Domain}", 0, 0, 5060, "one.example.net").Srv($"_sip._tcp.{Domain}", 0, 0, 5062, "one.example.net")
            .Srv("_sips._tcp.secure.example.net", 0, 0, 5443, "one.example.net").Host("one.example.net", "192.0.2.7");

        Assert.Equal(["TLS 192.0.2.7:5443", "TCP 192.0.2.7:5062", "UDP 192.0.2.7:5060"], await LocateAsync($"sip:a@{Domain}"));
    }

    [Fact]
    public async Task LOC_02_CertificateMustStandForTheDomain_WhereverNaptrLeads()
    {
        _dns.Naptr(Domain, 1, 1, "SIPS+D2T", "_sips._tcp.host.example.org").Srv("_sips._tcp.host.example.org", 0, 0, 5061, "one.example.org")
            .Host("one.example.org", "192.0.2.7");
        Assert.Equal(Domain, Assert.Single((await FindAsync($"sips:a@{Domain}")).Targets).Host);
    }

    [Fact]
    public async Task LOC_02_WithoutNaptr_EachTransportIsAskedFor()
    {
        _dns.Srv($"_sip._tcp.{Domain}", 0, 0, 5062, "one.example.net").Srv($"_sips._tcp.{Domain}", 0, 0, 5063, "one.example.net")
            .Srv($"_sip._udp.{Domain}", 0, 0, 5064, "one.example.net").Host("one.example.net", "192.0.2.7");
        Assert.Equal(["UDP 192.0.2.7:5064", "TCP 192.0.2.7:5062", "TLS 192.0.2.7:5063"], await LocateAsync($"sip:a@{Domain}"));
    }

    [Fact]
    public async Task LOC_02_WithoutSrv_TheAddressesOfTheDomainCount()
    {
        _dns.Host(Domain, "192.0.2.7");
        Assert.Equal(["UDP 192.0.2.7:5060"], await LocateAsync($"sip:a@{Domain}"));
        Assert.Equal(["TLS 192.0.2.7:5061"], await LocateAsync($"sips:a@{Domain}"));
        Assert.Equal(["TCP 192.0.2.7:5060"], await LocateAsync($"sip:a@{Domain};transport=tcp"));
    }

    [Fact]
    public async Task LOC_02_NamesThatDnsDoesNotKnow_HaveNoTarget()
    {
        Assert.Equal(LocationProblem.NoAddress, (await FindAsync($"sip:a@{Domain}")).Problem);
        foreach (var host in (string[])["127.1", "1.2.3.4.5", "0x7f.1", "a..b", new string('a', 64)])
            Assert.Equal(LocationProblem.NoAddress, (await new SipLocator(_dns, this, _time).LocateAsync(new(false, host, null, null), Cancel)).Problem);
        Assert.All(_dns.Asked, question => Assert.EndsWith(Domain, question, StringComparison.Ordinal));
    }

    [Fact]
    public async Task LOC_03_LowerPriorities_AreTriedFirst_AndAllAddressesOfAHost()
    {
        _dns.Srv($"_sip._udp.{Domain}", 20, 100, 5060, "backup.example.net").Srv($"_sip._udp.{Domain}", 10, 0, 5070, "main.example.net")
            .Host("backup.example.net", "192.0.2.9").Host("main.example.net", "192.0.2.7", "192.0.2.8");
        Assert.Equal(["UDP 192.0.2.7:5070", "UDP 192.0.2.8:5070", "UDP 192.0.2.9:5060"], await LocateAsync($"sip:a@{Domain};transport=udp"));
    }

    [Fact]
    public async Task LOC_03_TargetDot_SaysThatThereIsNoService()
    {
        _dns.Srv($"_sip._udp.{Domain}", 0, 0, 0, "").Host(Domain, "192.0.2.7");
        Assert.Equal(LocationProblem.NoService, (await FindAsync($"sip:a@{Domain}")).Problem);
        _dns.Srv($"_sip._tcp.{Domain}", 0, 0, 5060, Domain);
        Assert.Equal(["TCP 192.0.2.7:5060"], await LocateAsync($"sip:a@{Domain}"));
    }

    [Fact]
    public async Task LOC_03_Weights_ShareTheLoad()
    {
        _dns.Srv($"_sip._udp.{Domain}", 1, 75, 1001, Domain).Srv($"_sip._udp.{Domain}", 1, 25, 1002, Domain).Srv($"_sip._udp.{Domain}", 1, 0, 1003, Domain)
            .Host(Domain, "192.0.2.7");
        var random = new Random(4711);
        var firsts = new Dictionary<int, int>();
        for (var i = 0; i < 4_000; i++)
        {
            var targets = (await FindAsync($"sip:a@{Domain};transport=udp", random)).Targets;
            Assert.Equal(3, targets.Count);
            firsts[targets[0].Address.Port] = firsts.GetValueOrDefault(targets[0].Address.Port) + 1;
        }

        Assert.InRange(firsts[1001], 2_850, 3_100); // 75 of 101
        Assert.InRange(firsts[1002], 880, 1_110);
        Assert.InRange(firsts[1003], 10, 90); // small, and not never
    }

    [Fact]
    public async Task LOC_03_Answers_AreKeptForTheirTimeToLive()
    {
        var cached = Cached();
        _dns.Host(Domain, "192.0.2.7");
        Assert.Equal(["UDP 192.0.2.7:5060"], await LocateAsync($"sip:a@{Domain}", cached));
        var asked = _dns.Asked.Count;
        _time.Advance(ScriptedLookup.TimeToLive - TimeSpan.FromMilliseconds(1));
        Assert.Equal(["UDP 192.0.2.7:5060"], await LocateAsync($"sip:a@{Domain}", cached));
        Assert.Equal(asked, _dns.Asked.Count);
        _dns.Host(Domain, "192.0.2.8");
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(["UDP 192.0.2.7:5060", "UDP 192.0.2.8:5060"], await LocateAsync($"sip:a@{Domain}", cached));
        Assert.Equal(2 * asked, _dns.Asked.Count);
    }

    [Theory]
    [InlineData(true, "[2001:db8::7]:5060 192.0.2.7:5060")]
    [InlineData(false, "192.0.2.7:5060 [2001:db8::7]:5060")]
    public async Task LOC_07_Families_ComeInTheOrderOfWhatALocalAddressReaches(bool hasIpv6, string order)
    {
        _hasIpv6 = hasIpv6;
        _dns.Host(Domain, "192.0.2.7", "2001:db8::7");
        Assert.Equal(order, string.Join(' ', (await FindAsync($"sip:a@{Domain}")).Targets.Select(target => target.Address)));
    }

    [Fact]
    public async Task LOC_07_Aliases_AreFollowed_EightOfThem()
    {
        for (var i = 0; i < 20; i++) _dns.Alias($"A alias{i}.example.net", $"alias{i + 1}.example.net");
        _dns.Host("alias8.example.net", "192.0.2.8").Host("alias9.example.net", "192.0.2.9");
        Assert.Equal(["UDP 192.0.2.8:5060"], await LocateAsync("sip:a@alias0.example.net:5060"));
        Assert.Equal(["UDP 192.0.2.9:5060"], await LocateAsync("sip:a@alias9.example.net:5060"));
        var before = _dns.Asked.Count;
        Assert.Equal(LocationProblem.NoAddress, (await FindAsync("sip:a@alias10.example.net:5060")).Problem);
        Assert.Equal(9, _dns.Asked.Skip(before).Count(question => question.StartsWith("A ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task LOC_07_AliasThatLeadsToItself_Ends()
    {
        _dns.Alias($"A {Domain}", Domain).Alias($"SRV _sip._udp.{Domain}", $"_sip._udp.{Domain}");
        Assert.Equal(LocationProblem.NoAddress, (await FindAsync($"sip:a@{Domain}")).Problem);
    }

    [Fact]
    public async Task LOC_07_Lookups_AreTwentyAtMost()
    {
        for (var i = 0; i < 100; i++)
        {
            _dns.Naptr(Domain, i, 0, "SIP+D2U", $"_sip._udp.n{i}.example.net");
            for (var j = 0; j < 100; j++) _dns.Srv($"_sip._udp.n{i}.example.net", j, 0, 5060, $"h{i}x{j}.example.net").Host($"h{i}x{j}.example.net", $"198.51.{i}.{j}");
        }

        var location = await FindAsync($"sip:a@{Domain}");

        Assert.Equal(20, _dns.Asked.Count);
        Assert.Equal("198.51.0.0:5060", location.Targets[0].Address.ToString());
        Assert.InRange(location.Targets.Count, 5, 16);
    }

    [Fact]
    public async Task LOC_07_SilentNameServers_AreNotWaitedForLongerThanTenSeconds()
    {
        _dns.Gate = new TaskCompletionSource();
        var location = FindAsync($"sip:a@{Domain}");
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(LocationProblem.NoAnswer, (await location).Problem);
    }

    [Fact]
    public async Task LOC_07_FailedLookup_CountsAsEmpty_AndIsTold()
    {
        _dns.Break($"NAPTR {Domain}").Break($"SRV _sip._udp.{Domain}").Host(Domain, "192.0.2.7");
        Assert.Equal(["UDP 192.0.2.7:5060"], await LocateAsync($"sip:a@{Domain}"));
        Assert.Equal(LocationProblem.NoAnswer, (await FindAsync("sip:a@other.example.net", prepare: () => _dns.Break("A other.example.net"))).Problem);
    }

    [Fact]
    public async Task S_14_EachAddressThatANameLeadsTo_IsJudged()
    {
        _refused.UnionWith(["127.0.0.1", "::1", "10.0.0.1"]);
        _dns.Host(Domain, "127.0.0.1", "192.0.2.7", "::1").Host("inside.example.net", "10.0.0.1");
        Assert.Equal(["UDP 192.0.2.7:5070"], await LocateAsync($"sip:a@{Domain}:5070"));
        Assert.Equal(LocationProblem.Refused, (await FindAsync("sip:a@inside.example.net:5070")).Problem);
        Assert.Equal(LocationProblem.Refused, (await FindAsync("sip:a@[::ffff:127.0.0.1]:5070")).Problem);
    }

    [Fact]
    public async Task S_61_SipsUri_HasTlsTargetsOnly()
    {
        _dns.Naptr(Domain, 1, 1, "SIP+D2U", $"_sip._udp.{Domain}").Naptr(Domain, 2, 1, "SIP+D2T", $"_sip._tcp.{Domain}")
            .Srv($"_sip._udp.{Domain}", 0, 0, 5060, Domain).Srv($"_sip._tcp.{Domain}", 0, 0, 5060, Domain).Host(Domain, "192.0.2.7");
        Assert.Equal(["TLS 192.0.2.7:5061"], await LocateAsync($"sips:a@{Domain}"));
        _dns.Srv($"_sips._tcp.{Domain}", 0, 0, 5443, Domain);
        Assert.Equal(["TLS 192.0.2.7:5443"], await LocateAsync($"sips:a@{Domain}"));
        _dns.Naptr(Domain, 3, 1, "SIPS+D2T", $"_sips._tcp.{Domain}");
        Assert.Equal(["TLS 192.0.2.7:5443"], await LocateAsync($"sips:a@{Domain};transport=tcp"));
        Assert.DoesNotContain($"SRV _sip._udp.{Domain}", _dns.Asked);
    }

    private CachedLookup Cached() => new(_dns, _time, new LocatingMetrics(new CountingMeters()));

    private async Task<IReadOnlyList<string>> LocateAsync(string uri, ISipLookup? lookup = null)
    {
        var location = await FindAsync(uri, lookup: lookup);
        return [.. location.Targets.Select(target => string.Create(CultureInfo.InvariantCulture, $"{target.Transport.Token()} {target.Address}"))];
    }

    private async Task<SipLocation> FindAsync(string uri, Random? random = null, ISipLookup? lookup = null, Action? prepare = null)
    {
        prepare?.Invoke();
        Assert.True(SipUri.TryParse(Encoding.ASCII.GetBytes(uri), out var parsed));
        var locator = new SipLocator(lookup ?? _dns, this, _time, Facing, random ?? new Random(1));
        return await locator.LocateAsync(SipDestination.Of(parsed)!, Cancel);
    }

    private TransportAddress? Facing(TransportAddress peer)
    {
        if (peer.IsIpv4) return new TransportAddress(IPEndPoint.Parse("192.0.2.1:0"));
        return _hasIpv6 ? new TransportAddress(IPEndPoint.Parse("[2001:db8::1]:0")) : null;
    }
}
