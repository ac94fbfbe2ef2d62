using ARSoft.Tools.Net.Dns;

namespace Sipstead.Dns.Tests;

/// <summary>Several hosts that SRV records lead to, as configured.</summary>
public sealed class TargetTests
{
    private const string Realm = "tenant-a.example.com";

    private static readonly DnsOptions ThreeTargets = RunningResponder.Loopback with
    {
        PublicAddress = "192.0.2.9",
        Targets = ["SIP1 5 60 192.0.2.1 2001:db8::1", "sip2.example.com. 5 40", "backup.example.net 10 0"],
    };

    [Fact]
    public async Task DNS_05_Srv_LeadsToEachTarget_WithTheAddressesThatAreOurs()
    {
        await using var running = new RunningResponder(ThreeTargets);
        using var client = RawClient.Connect(running.EndPoint, tcp: false);

        var answer = await client.AskAsync($"_sip._udp.{Realm}", RecordType.Srv);

        Assert.Equal(
            [(5, 60, 5070, "sip1.example.com."), (5, 40, 5070, "sip2.example.com."), (10, 0, 5070, "backup.example.net.")],
            answer.Answers.Cast<SrvRecord>().Select(srv => ((int)srv.Priority, (int)srv.Weight, (int)srv.Port, srv.Target.ToString())));
        Assert.Equal(
            [("sip1.example.com.", "192.0.2.1"), ("sip1.example.com.", "2001:db8::1"), ("sip2.example.com.", "192.0.2.9")],
            answer.Additional.Select(record => (record.Name.ToString(), ((IAddressRecord)record).Address.ToString())));
    }

    [Theory]
    [InlineData("sip1.example.com", RecordType.A, "192.0.2.1")]
    [InlineData("Sip1.example.com", RecordType.Aaaa, "2001:db8::1")]
    [InlineData("sip2.example.com", RecordType.A, "192.0.2.9")]
    [InlineData("sip.example.com", RecordType.A, "192.0.2.9")]
    [InlineData("ns1.example.com", RecordType.A, "192.0.2.9")]
    [InlineData(Realm, RecordType.A, "192.0.2.1")] // for devices that ask for no SRV records
    public async Task DNS_05_Target_HasItsAddresses(string name, RecordType type, string address)
    {
        await using var running = new RunningResponder(ThreeTargets);
        using var client = RawClient.Connect(running.EndPoint, tcp: false);

        var record = (IAddressRecord)Assert.Single((await client.AskAsync(name, type)).Answers);

        Assert.Equal(address, record.Address.ToString());
    }

    [Fact]
    public async Task DNS_08_MostTargetsWithMostAddresses_FitWithoutTheirAddresses()
    {
        var targets = Enumerable.Range(1, 8).Select(i => $"sip{i} 5 50 " + string.Join(' ', Enumerable.Range(1, 8).Select(j => $"2001:db8::{i}:{j}"))).ToList();
        await using var running = new RunningResponder(RunningResponder.Loopback with { Targets = targets });
        using var udp = RawClient.Connect(running.EndPoint, tcp: false);
        using var tcp = RawClient.Connect(running.EndPoint, tcp: true);

        var small = await udp.AskAsync($"_sip._udp.{Realm}", RecordType.Srv, 1232);
        var whole = await tcp.AskAsync($"_sip._udp.{Realm}", RecordType.Srv, 1232);

        Assert.Equal((8, 0, false), (small.Answers.Count, small.Additional.Count, small.HasFlag("TC")));
        Assert.Equal((8, 64), (whole.Answers.Count, whole.Additional.Count));
    }

    [Theory]
    [InlineData("sip1", "write a host, a priority and a weight")]
    [InlineData("sip1 5 65536", "write a host, a priority and a weight")]
    [InlineData("sip1 -5 50", "write a host, a priority and a weight")]
    [InlineData("si*p 5 50", "holds a character")]
    [InlineData("sip1 5 50 192.0.2.1 x", "\"x\" is not an IP address")]
    [InlineData("sip1 5 50 ::1 ::2 ::3 ::4 ::5 ::6 ::7 ::8 ::9", "it has 9 addresses")]
    [InlineData("a.b.example.com 5 50", "right below example.com")]
    [InlineData("sip.example.net 5 50 192.0.2.1", "not ours to give")]
    public void Options_TargetThatIsNotValid_IsRefused(string target, string problem)
    {
        var told = Assert.Single((RunningResponder.Loopback with { Targets = [target] }).Validate());
        Assert.StartsWith($"Sipstead:Dns:Targets holds \"{target}\": ", told, StringComparison.Ordinal);
        Assert.Contains(problem, told, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_TooManyTargets_OrOneTwice_AreRefused()
    {
        Assert.Contains("names sip1.example.com twice", Assert.Single((RunningResponder.Loopback with { Targets = ["sip1 5 50", "SIP1.example.com 6 50"] }).Validate()), StringComparison.Ordinal);
        Assert.Contains("holds 9 targets", Assert.Single((RunningResponder.Loopback with { Targets = [.. Enumerable.Range(1, 9).Select(i => $"s{i} 5 50")] }).Validate()), StringComparison.Ordinal);
    }
}
