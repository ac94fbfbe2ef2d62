using System.Net;
using System.Text;
using ARSoft.Tools.Net;
using ARSoft.Tools.Net.Dns;

namespace Sipstead.Dns.Tests;

/// <summary>What the zone answers, name by name and type by type.</summary>
public sealed class AnswerTests : IAsyncDisposable
{
    private const string Realm = "tenant-a.example.com";

    private readonly RunningResponder _running = new();
    private readonly RawClient _client;

    public AnswerTests() => _client = RawClient.Connect(_running.EndPoint, tcp: false);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _running.DisposeAsync();
    }

    [Theory]
    [InlineData("_sip._udp")]
    [InlineData("_sip._tcp")]
    public async Task DNS_05_Srv_TransportThatIsOn_GivesPortAndTargetWithItsAddress(string service)
    {
        var answer = await _client.AskAsync($"{service}.{Realm}", RecordType.Srv);

        var srv = Assert.IsType<SrvRecord>(Assert.Single(answer.Answers));
        Assert.Equal((5, 50, 5070, 300), (srv.Priority, srv.Weight, srv.Port, srv.TimeToLive));
        Assert.Equal("sip.example.com.", srv.Target.ToString());
        var address = Assert.IsType<ARecord>(Assert.Single(answer.Additional));
        Assert.Equal("sip.example.com.", address.Name.ToString());
        Assert.Equal(IPAddress.Loopback, address.Address);
        Assert.Empty(answer.Authority);
    }

    [Fact]
    public async Task DNS_05_Srv_TransportThatIsOff_HasTheTargetDot()
    {
        var answer = await _client.AskAsync($"_sips._tcp.{Realm}", RecordType.Srv);

        var srv = Assert.IsType<SrvRecord>(Assert.Single(answer.Answers));
        Assert.Equal(DomainName.Root, srv.Target);
        Assert.Equal(0, srv.Port);
        Assert.Empty(answer.Additional);
    }

    [Fact]
    public async Task DNS_06_Naptr_HasATransportEach_InOrderOfPreference()
    {
        _running.Zones.Publish(new RealmRecord("B.example.com", 5070, 5061));
        var answer = await _client.AskAsync("b.example.com", RecordType.Naptr);

        Assert.Equal(
            [
                (10, 10, "s", "SIP+D2U", "", "_sip._udp.b.example.com."), (10, 20, "s", "SIP+D2T", "", "_sip._tcp.b.example.com."),
                (10, 30, "s", "SIPS+D2T", "", "_sips._tcp.b.example.com."),
            ],
            answer.Answers.Cast<NaptrRecord>().Select(naptr =>
                ((int)naptr.Order, (int)naptr.Preference, naptr.Flags, naptr.Services, naptr.RegExp, naptr.Replacement.ToString())));
        Assert.All(answer.Answers, record => Assert.Equal(300, record.TimeToLive));
        Assert.Equal(0, answer.Additional.Count + answer.Authority.Count);
    }

    [Theory]
    [InlineData("tls,UDP", new[] { "SIPS+D2T", "SIP+D2U" })]
    [InlineData("tcp", new[] { "SIP+D2T" })]
    [InlineData("off", new string[0])]
    public async Task DNS_06_Naptr_IsAsConfigured(string naptr, string[] services)
    {
        await using var running = new RunningResponder(RunningResponder.Loopback with { Naptr = naptr });
        running.Zones.Publish(new RealmRecord("b.example.com", 5070, 5061));
        using var client = RawClient.Connect(running.EndPoint, tcp: false);

        var answer = await client.AskAsync("b.example.com", RecordType.Naptr);

        Assert.Equal(services, answer.Answers.Cast<NaptrRecord>().OrderBy(record => record.Preference).Select(record => record.Services));
        Assert.Equal(services.Length == 0 ? 1 : 0, answer.Authority.Count);
    }

    [Fact]
    public async Task DNS_06_Naptr_LeavesOutATransportThatIsOff_AndIsNotCompressed()
    {
        var answer = await _client.AskAsync(Realm, RecordType.Naptr);

        Assert.Equal(["SIP+D2U", "SIP+D2T"], answer.Answers.Cast<NaptrRecord>().Select(record => record.Services));
        byte[] replacement = [4, .. "_sip"u8, 4, .. "_udp"u8, 8, .. "tenant-a"u8, 7, .. "example"u8, 3, .. "com"u8, 0];
        Assert.True(answer.Octets.AsSpan().IndexOf(replacement) > 0);
    }

    [Theory]
    [InlineData("example.com")]
    [InlineData("sip.example.com")]
    [InlineData("_sip._udp." + Realm)]
    public async Task DNS_06_Naptr_OfWhatIsNoRealm_IsNoData(string name)
    {
        var answer = await _client.AskAsync(name, RecordType.Naptr);
        Assert.Equal((0, 0, 1), (answer.Rcode, answer.Answers.Count, answer.Authority.Count));
    }

    [Fact]
    public async Task DNS_02_SrvTarget_IsNotCompressed()
    {
        var answer = await _client.AskAsync($"_sip._udp.{Realm}", RecordType.Srv);

        byte[] target = [3, .. "sip"u8, 7, .. "example"u8, 3, .. "com"u8, 0];
        Assert.True(answer.Octets.AsSpan().IndexOf(target) > 0);
    }

    [Theory]
    [InlineData("example.com")]
    [InlineData("sip.example.com")]
    [InlineData("ns1.example.com")]
    [InlineData(Realm)]
    public async Task DNS_12_Address_WithoutPublicAddress_IsTheOneThatWasAsked(string name)
    {
        var answer = await _client.AskAsync(name, RecordType.A);
        Assert.Equal(IPAddress.Loopback, Assert.IsType<ARecord>(Assert.Single(answer.Answers)).Address);

        var absent = await _client.AskAsync(name, RecordType.Aaaa);
        Assert.Equal((0, 0, 1), (absent.Rcode, absent.Answers.Count, absent.Authority.Count));
    }

    [Fact]
    public async Task DNS_05_Address_WithPublicAddresses_GivesEachInItsFamily()
    {
        await using var running = new RunningResponder(
            RunningResponder.Loopback with { PublicAddress = "192.0.2.10, 192.0.2.11, [2001:db8::10], 192.0.2.10" });
        using var client = RawClient.Connect(running.EndPoint, tcp: false);

        var four = await client.AskAsync(Realm, RecordType.A);
        var six = await client.AskAsync("sip.example.com", RecordType.Aaaa);
        var srv = await client.AskAsync($"_sip._udp.{Realm}", RecordType.Srv);

        Assert.Equal(["192.0.2.10", "192.0.2.11"], four.Answers.Cast<ARecord>().Select(record => record.Address.ToString()));
        Assert.Equal("2001:db8::10", Assert.IsType<AaaaRecord>(Assert.Single(six.Answers)).Address.ToString());
        Assert.Equal(3, srv.Additional.Count);
        Assert.Single(four.Answers.Select(record => record.TimeToLive).Distinct());
    }

    [Fact]
    public async Task DNS_04_Apex_HasSoaAndNsWithGlue()
    {
        var soa = Assert.IsType<SoaRecord>(Assert.Single((await _client.AskAsync("example.com", RecordType.Soa)).Answers));
        var ns = await _client.AskAsync("example.com", RecordType.Ns);

        Assert.Equal(("ns1.example.com.", "hostmaster.example.com."), (soa.MasterName.ToString(), soa.ResponsibleName.ToString()));
        Assert.Equal(_running.Zones.Current.Serial, soa.SerialNumber);
        Assert.Equal(300, soa.TimeToLive);
        Assert.Equal("ns1.example.com.", Assert.IsType<NsRecord>(Assert.Single(ns.Answers)).NameServer.ToString());
        Assert.IsType<ARecord>(Assert.Single(ns.Additional));
    }

    [Theory]
    [InlineData("_udp." + Realm, 0)]
    [InlineData("_tcp." + Realm, 0)]
    [InlineData("3efeaa.example.com", 0)]
    [InlineData("hq.3efeaa.example.com", 0)]
    [InlineData("_sip._udp." + Realm, 0)]
    [InlineData("_sip." + Realm, 3)]
    [InlineData("_sctp." + Realm, 3)]
    [InlineData("_sips._udp." + Realm, 3)]
    [InlineData("x._sip._udp." + Realm, 3)]
    [InlineData("x." + Realm, 3)]
    [InlineData("_udp.example.com", 3)]
    [InlineData("_sip._udp.example.com", 3)]
    [InlineData("_sip._udp.sip.example.com", 3)]
    [InlineData("b3efeaa.example.com", 3)]
    [InlineData("tenant-b.example.com", 3)]
    public async Task DNS_04_NameWithoutData_IsNoDataOrNxDomainExactly(string name, int rcode)
    {
        _running.Zones.Publish(new RealmRecord("office.hq.3efeaa.example.com", 5071));

        var answer = await _client.AskAsync(name, RecordType.Txt);

        Assert.Equal(rcode, answer.Rcode);
        Assert.True(answer.HasFlag("AA"));
        Assert.Empty(answer.Answers);
        var soa = Assert.IsType<SoaRecord>(Assert.Single(answer.Authority));
        Assert.Equal("example.com.", soa.Name.ToString());
        Assert.Equal(Math.Min(300, soa.NegativeCachingTTL), soa.TimeToLive);
    }

    [Theory]
    [InlineData("example.net", RecordType.A)]
    [InlineData("com", RecordType.Ns)]
    [InlineData("badexample.com", RecordType.A)]
    [InlineData("example.com.net", RecordType.A)]
    [InlineData("example.com", RecordType.Axfr)]
    [InlineData("example.com", RecordType.Ixfr)]
    public async Task DNS_03_OutsideTheZoneOrTransfer_IsRefused(string name, RecordType type)
    {
        var answer = await _client.AskAsync(name, type);

        Assert.Equal(5, answer.Rcode);
        Assert.Equal("QR RD", answer.Flags);
        Assert.Equal(0, answer.Answers.Count + answer.Authority.Count + answer.Additional.Count);
    }

    [Fact]
    public async Task DNS_03_RootName_IsRefused()
    {
        Assert.Equal(5, (await _client.AskAsync(Query.ForLabels([], RecordType.Ns))).Rcode);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(255)]
    [InlineData(0)]
    public async Task DNS_10_ClassOtherThanIn_IsRefused(int recordClass)
    {
        var answer = await _client.AskAsync(
            Query.ForLabels(["example"u8.ToArray(), "com"u8.ToArray()], RecordType.Soa, recordClass: (ushort)recordClass));
        Assert.Equal(5, answer.Rcode);
    }

    [Theory]
    [InlineData("example.com")]
    [InlineData(Realm)]
    [InlineData("_sip._udp." + Realm)]
    public async Task DNS_10_Any_IsOneSmallRecord(string name)
    {
        var answer = await _client.AskAsync(name, RecordType.Any);
        Assert.Equal("RFC8482", Assert.IsType<HInfoRecord>(Assert.Single(answer.Answers)).Cpu);
        Assert.Empty(answer.Additional);
    }

    [Fact]
    public async Task DNS_10_UnknownType_IsNoData()
    {
        var answer = await _client.AskAsync(Realm, (RecordType)65_280);
        Assert.Equal((0, 0, 1), (answer.Rcode, answer.Answers.Count, answer.Authority.Count));
    }

    [Fact]
    public async Task DNS_02_LabelWithDotsOrNul_NeverIsTheDottedName()
    {
        _running.Zones.Publish(new RealmRecord("a.b.c.example.com", 5072));
        byte[][] suffix = ["example"u8.ToArray(), "com"u8.ToArray()];

        var dotted = await _client.AskAsync("a.b.c.example.com", RecordType.A);
        var oneLabel = await _client.AskAsync(Query.ForLabels(["a.b.c"u8.ToArray(), .. suffix], RecordType.A));
        var apexInLabel = await _client.AskAsync(Query.ForLabels(["tenant-a.example"u8.ToArray(), "com"u8.ToArray()], RecordType.A));
        var nul = await _client.AskAsync(Query.ForLabels(["tenant-a\0"u8.ToArray(), .. suffix], RecordType.A));

        Assert.Equal((0, 3, 5, 3), (dotted.Rcode, oneLabel.Rcode, apexInLabel.Rcode, nul.Rcode));
    }

    [Fact]
    public async Task DNS_01_QuestionWithOctetsAbove127_IsEchoedOctetForOctet()
    {
        var query = Query.ForLabels([[0xFF, 0x80, 0xC3], "eXample"u8.ToArray(), "coM"u8.ToArray()], RecordType.A);
        var answer = await _client.AskAsync(query);
        Assert.Equal(3, answer.Rcode);
        Assert.True(answer.Echoes(query));
    }

    [Fact]
    public async Task DNS_02_LongestName_IsAnswered()
    {
        var label = Encoding.ASCII.GetBytes(new string('a', 63));
        byte[][] longest = [label, label, label, Encoding.ASCII.GetBytes(new string('a', 49)), "example"u8.ToArray(), "com"u8.ToArray()];
        var query = Query.ForLabels(longest, RecordType.A);
        Assert.Equal(12 + 255 + 4, query.Length);

        var answer = await _client.AskAsync(query);

        Assert.Equal(3, answer.Rcode);
        Assert.True(answer.Echoes(query));
    }

    [Fact]
    public async Task DNS_11_RealmAddedAndRemoved_IsSeenByTheNextQueryAndRaisesTheSerial()
    {
        var before = _running.Zones.Current.Serial;
        Assert.Equal(3, (await _client.AskAsync("new.3efeaa.example.com", RecordType.A)).Rcode);

        _running.Zones.Publish(new RealmRecord("New.3efeaa.example.com", 5999));
        var srv = await _client.AskAsync("_sip._udp.new.3efeaa.example.com", RecordType.Srv);
        var raised = Assert.IsType<SoaRecord>((await _client.AskAsync("example.com", RecordType.Soa)).Answers[0]).SerialNumber;
        _running.Zones.Withdraw("new.3EFEAA.example.com");

        Assert.Equal(5999, Assert.IsType<SrvRecord>(Assert.Single(srv.Answers)).Port);
        Assert.True(SerialNumber.IsAfter(raised, before));
        Assert.True(SerialNumber.IsAfter(_running.Zones.Current.Serial, raised));
        Assert.Equal(3, (await _client.AskAsync("new.3efeaa.example.com", RecordType.A)).Rcode);
        Assert.Equal(3, (await _client.AskAsync("3efeaa.example.com", RecordType.A)).Rcode);
    }
}
