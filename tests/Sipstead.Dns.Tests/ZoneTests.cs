using Microsoft.Extensions.Time.Testing;

namespace Sipstead.Dns.Tests;

/// <summary>The zone's snapshots and their serials.</summary>
public sealed class ZoneTests
{
    [Theory]
    [InlineData(2u, 1u, true)]
    [InlineData(1u, 1u, false)]
    [InlineData(1u, 2u, false)]
    [InlineData(0u, uint.MaxValue, true)]
    [InlineData(uint.MaxValue, 0u, false)]
    public void DNS_11_Serial_FollowsRfc1982(uint candidate, uint serial, bool isAfter) =>
        Assert.Equal(isAfter, SerialNumber.IsAfter(candidate, serial));

    [Theory]
    [InlineData(0)]
    [InlineData(5061)]
    public void DNS_05_Realm_HasAServiceForEachTransport(int tlsPort) => Assert.Equal(
        [new SipService("_sip", "_udp", 5060), new SipService("_sip", "_tcp", 5060), new SipService("_sips", "_tcp", tlsPort)],
        new RealmRecord("a.example.com", 5060, tlsPort).Services);

    [Fact]
    public void DNS_11_SerialAtTheEndOfItsRange_GoesOnFromZero() =>
        Assert.Equal(0u, SerialNumber.Next(uint.MaxValue, DateTimeOffset.FromUnixTimeSeconds(uint.MaxValue - 5L)));

    [Fact]
    public void DNS_11_SerialAfterAPause_CatchesUpWithTheClock() =>
        Assert.Equal(2_000u, SerialNumber.Next(1_000, DateTimeOffset.FromUnixTimeSeconds(2_000)));

    [Fact]
    public void Publisher_SnapshotTakenBeforeAChange_StaysAsItWas()
    {
        var zones = new ZonePublisher("example.com", new FakeTimeProvider());
        var before = zones.Current;
        zones.Publish(new RealmRecord("a.example.com", 5060));
        Assert.False(before.TryGetRealm("a.example.com", out _));
        Assert.True(zones.Current.TryGetRealm("A.Example.com", out _));
    }

    [Fact]
    public void Publisher_WithdrawOfAnUnknownRealm_KeepsTheSerial()
    {
        var zones = new ZonePublisher("example.com", new FakeTimeProvider());
        var before = zones.Current;
        zones.Withdraw("nobody.example.com");
        Assert.Same(before, zones.Current);
    }

    [Fact]
    public void Publisher_TenThousandRealmsOneByOne_AreAllFoundAndTheirCommonParentEndsWithTheLast()
    {
        var zones = new ZonePublisher("example.com", new FakeTimeProvider());
        var names = Enumerable.Range(0, 10_000).Select(i => $"r{i}.3efeaa.example.com").ToList();

        names.ForEach(name => zones.Publish(new RealmRecord(name, 5060)));

        Assert.Equal(10_000, zones.Current.RealmCount);
        Assert.True(zones.Current.HasRealmBelow("3efeaa.example.com"));
        zones.Change([], names[1..]);
        Assert.True(zones.Current.HasRealmBelow("3efeaa.example.com"));
        zones.Withdraw(names[0]);
        Assert.False(zones.Current.HasRealmBelow("3efeaa.example.com"));
        Assert.Equal(0, zones.Current.RealmCount);
    }

    [Fact]
    public void Publisher_RealmPublishedTwice_IsReplaced()
    {
        var zones = new ZonePublisher("example.com", new FakeTimeProvider());
        zones.Publish(new RealmRecord("a.hex.example.com", 5060));
        zones.Publish(new RealmRecord("a.hex.example.com", 5061));
        zones.Withdraw("a.hex.example.com");
        Assert.Equal(0, zones.Current.RealmCount);
        Assert.False(zones.Current.HasRealmBelow("hex.example.com"));
    }

    [Theory]
    [InlineData("example.com")]
    [InlineData("a.example.net")]
    [InlineData("aexample.com")]
    [InlineData("a..example.com")]
    [InlineData("a.example.com.")]
    [InlineData("*.example.com")]
    [InlineData("a b.example.com")]
    [InlineData("ns1.example.com")]
    [InlineData("NS1.example.com")]
    [InlineData("bücher.example.com")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example.com")]
    public void S_67_NameThatCannotBeInTheZone_IsRefusedAndChangesNothing(string fqdn)
    {
        var zones = new ZonePublisher("example.com", new FakeTimeProvider());
        var before = zones.Current;
        var refused = Assert.Throws<ArgumentException>(() => zones.Publish(new RealmRecord(fqdn, 5060)));
        Assert.Contains(fqdn, refused.Message, StringComparison.Ordinal);
        Assert.Same(before, zones.Current);
    }

    [Theory]
    [InlineData("sip", "_udp", 5060)]
    [InlineData("_sip", "_U", 5060)]
    [InlineData("_sip", "_udp", 65_536)]
    public void Publisher_ServiceThatIsNotValid_IsRefused(string service, string protocol, int port)
    {
        var zones = new ZonePublisher("example.com", new FakeTimeProvider());
        var realm = new RealmRecord("a.example.com", [new SipService(service, protocol, port)]);
        Assert.Throws<ArgumentException>(() => zones.Publish(realm));
    }

    [Theory]
    [InlineData("udp,ws")]
    [InlineData("udp off")]
    [InlineData(",")]
    public void Options_NaptrThatIsNoList_IsRefused(string naptr) =>
        Assert.Contains("Sipstead:Dns:Naptr is", Assert.Single(new DnsOptions { Naptr = naptr }.Validate()), StringComparison.Ordinal);

    [Theory]
    [InlineData(-1, 200, "Sipstead:Dns:ResponsesPerSecond is -1")]
    [InlineData(20, 199, "Sipstead:Dns:ResponseBurst is 199")]
    public void Options_LimitOutOfRange_IsRefused(int rate, int burst, string problem) => Assert.Contains(
        problem, Assert.Single(new DnsOptions { ResponsesPerSecond = rate, ResponseBurst = burst }.Validate()), StringComparison.Ordinal);

    [Fact]
    public void Options_Defaults_AreValid() => Assert.Empty(new DnsOptions().Validate());

    [Fact]
    public void Options_ManyMistakes_AreAllNamedWithTheirKeys()
    {
        var options = new DnsOptions { Address = "localhost", Port = 70_000, PublicAddress = "0.0.0.0,x", BaseDomain = "a..b" };
        var problems = options.Validate().ToList();
        Assert.Equal(5, problems.Count);
        Assert.Contains(problems, problem => problem.Contains("Sipstead:Dns:Port", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("Sipstead:Dns:Address", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("Sipstead:BaseDomain", StringComparison.Ordinal));
        Assert.Equal(2, problems.Count(problem => problem.Contains("Sipstead:PublicAddress", StringComparison.Ordinal)));
    }
}
