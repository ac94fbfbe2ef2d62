using System.Globalization;
using Sipstead.Testing;

namespace Sipstead.Interop.Tests.Dns;

/// <summary>dig, nslookup and kdig ask for what a phone and an operator ask for.</summary>
public sealed class DnsToolTests(InteropServer server)
{
    private const string Base = "auth.sipstead.localhost";

    /// <summary>Far less than any timer of ours would take; what it takes is the runs of dig.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("dig", "")]
    [InlineData("dig", "+tcp")]
    [InlineData("kdig", "")]
    [InlineData("kdig", "+tcp")]
    public async Task Realm_HasItsSrvAndAddress(string tool, string transport)
    {
        var realm = (await server.SubscribeAsync()).Realm;

        foreach (var (service, port) in new[] { ("_sip._udp.", server.Setup.SipPort), ("_sip._tcp.", server.Setup.SipPort), ("_sips._tcp.", server.Setup.TlsPort) })
        {
            var srv = await AskAsync(tool, transport, "SRV", service + realm.Fqdn);
            Assert.Equal("NOERROR", srv.Status);
            Assert.Contains(srv.Lines, line => line.Replace('\t', ' ').Contains($" 5 50 {port} ", StringComparison.Ordinal));
        }

        var address = await AskAsync(tool, transport, "A", realm.Fqdn);
        Assert.Equal("NOERROR", address.Status);
        Assert.Contains(address.Lines, line => line.StartsWith(realm.Fqdn + ".", StringComparison.Ordinal) && line.EndsWith("127.0.0.1", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("dig", "")]
    [InlineData("dig", "+tcp")]
    [InlineData("kdig", "")]
    [InlineData("kdig", "+tcp")]
    public async Task SrvTarget_ResolvesToThisServer(string tool, string transport)
    {
        var realm = (await server.SubscribeAsync()).Realm;
        var srv = await AskAsync(tool, transport, "SRV", "_sip._udp." + realm.Fqdn);
        var target = srv.Lines.First(line => line.Contains("SRV", StringComparison.Ordinal) && line.StartsWith('_')).Split(' ', '\t')[^1];

        Assert.Contains((await AskAsync(tool, transport, "A", target)).Lines, line => line.EndsWith("127.0.0.1", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("dig", "", "SOA", Base, "NOERROR", "SOA")]
    [InlineData("dig", "+tcp", "SOA", Base, "NOERROR", "SOA")]
    [InlineData("kdig", "", "NS", Base, "NOERROR", "NS")]
    [InlineData("kdig", "+tcp", "NS", Base, "NOERROR", "NS")]
    [InlineData("dig", "", "A", "nobody." + Base, "NXDOMAIN", "SOA")]
    [InlineData("dig", "+tcp", "A", "nobody." + Base, "NXDOMAIN", "SOA")]
    [InlineData("kdig", "", "SRV", "_sip._udp.nobody." + Base, "NXDOMAIN", "SOA")]
    [InlineData("dig", "", "MX", Base, "NOERROR", "SOA")]
    [InlineData("kdig", "+tcp", "MX", Base, "NOERROR", "SOA")]
    [InlineData("dig", "", "A", "example.com", "REFUSED", null)]
    [InlineData("dig", "+tcp", "A", "example.com", "REFUSED", null)]
    [InlineData("kdig", "", "A", "example.com", "REFUSED", null)]
    public async Task Question_IsAnsweredWithStatusAndRecord(string tool, string transport, string type, string name, string status, string? record)
    {
        var reply = await AskAsync(tool, transport, type, name);

        Assert.Equal(status, reply.Status);
        if (record is null) Assert.DoesNotContain(reply.Lines, line => line.Contains("\tIN\t", StringComparison.Ordinal) && !line.StartsWith(';'));
        else Assert.Contains(reply.Lines, line => line.StartsWith(Base, StringComparison.Ordinal) && line.Split(' ', '\t').Contains(record));
    }

    [Fact]
    public async Task Realm_WithoutTheTypeAsked_IsNodata()
    {
        var realm = (await server.SubscribeAsync()).Realm;

        var reply = await AskAsync("dig", "", "MX", realm.Fqdn);

        Assert.Equal("NOERROR", reply.Status);
        Assert.DoesNotContain(reply.Lines, line => line.StartsWith(realm.Fqdn, StringComparison.Ordinal));
        Assert.Contains(reply.Lines, line => line.StartsWith(Base, StringComparison.Ordinal) && line.Contains("SOA", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nslookup_AsTheGuideWritesIt_TellsThePort()
    {
        InteropServer.Require("nslookup", "bind9-dnsutils");
        var realm = (await server.SubscribeAsync()).Realm;

        var result = await ProgramRun.RunAsync(
            "nslookup", [$"-port={server.Setup.DnsPort}", "-q=srv", $"_sip._udp.{realm.Fqdn}", "127.0.0.1"], Cancel);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains($"service = 5 50 {server.Setup.SipPort} ", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NewRealm_ResolvesSoon_AndIsGoneSoonAfterDelete()
    {
        var created = await server.Client.PostAsync("realms", "<Realm><Realm>shortlived</Realm><Default>false</Default></Realm>", Cancel);
        var fqdn = created.Xml!.Element("Realm")!.Element("Realm")!.Value;

        await WaitForStatusAsync(fqdn, "NOERROR");
        var serial = await SerialAsync();

        await server.Client.DeleteAsync("realms/shortlived", Cancel);
        await WaitForStatusAsync(fqdn, "NXDOMAIN");
        Assert.True(await SerialAsync() > serial);
    }

    private Task WaitForStatusAsync(string fqdn, string status) =>
        Poll.UntilAsync($"{fqdn} to be {status}", async () => (await AskAsync("dig", "", "SRV", "_sip._udp." + fqdn)).Status == status, Cancel, Soon);

    private async Task<uint> SerialAsync()
    {
        var soa = (await AskAsync("dig", "", "SOA", Base)).Lines.First(line => line.StartsWith(Base, StringComparison.Ordinal));
        return uint.Parse(soa.Split(' ', '\t')[^5], CultureInfo.InvariantCulture);
    }

    private async Task<Reply> AskAsync(string tool, string transport, string type, string name)
    {
        InteropServer.Require(tool, tool == "kdig" ? "knot-dnsutils" : "bind9-dnsutils");
        string[] options = transport.Length > 0 ? [transport] : [];
        var result = await ProgramRun.RunAsync(
            tool, ["@127.0.0.1", "-p", server.Setup.DnsPort.ToString(CultureInfo.InvariantCulture), "-t", type, name, .. options], Cancel);
        return new Reply(result.Output);
    }

    /// <summary>What a tool printed.</summary>
    private sealed record Reply(string Text)
    {
        public IReadOnlyList<string> Lines => Text.Split('\n');

        /// <summary>The response code; dig prints <c>status: X,</c> or <c>; Transfer failed.</c>, kdig <c>status: X;</c>.</summary>
        public string Status => Text.Split("status: ") is [_, var rest, ..] ? rest.Split(',', ';')[0]
            : Text.Contains("REFUSED", StringComparison.Ordinal) ? "REFUSED" : Text;
    }
}
