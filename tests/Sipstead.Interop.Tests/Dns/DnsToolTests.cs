using System.Globalization;
using Sipstead.Testing;

namespace Sipstead.Interop.Tests.Dns;

/// <summary>dig, kdig, drill and nslookup ask for what a phone and an operator ask for.</summary>
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
    [InlineData("drill", "")]
    [InlineData("drill", "+tcp")]
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
    [InlineData("drill", "")]
    [InlineData("drill", "+tcp")]
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
    [InlineData("drill", "", "SOA", Base, "NOERROR", "SOA")]
    [InlineData("drill", "+tcp", "NS", Base, "NOERROR", "NS")]
    [InlineData("drill", "", "SRV", "_sip._udp.nobody." + Base, "NXDOMAIN", "SOA")]
    [InlineData("drill", "+tcp", "MX", Base, "NOERROR", "SOA")]
    [InlineData("drill", "", "A", "example.com", "REFUSED", null)]
    [InlineData("dig", "", "ANY", Base, "NOERROR", "HINFO")]
    [InlineData("kdig", "+tcp", "ANY", Base, "NOERROR", "HINFO")]
    [InlineData("drill", "", "ANY", Base, "NOERROR", "HINFO")]
    public async Task Question_IsAnsweredWithStatusAndRecord(string tool, string transport, string type, string name, string status, string? record)
    {
        var reply = await AskAsync(tool, transport, type, name);

        Assert.Equal(status, reply.Status);
        if (record is null) Assert.DoesNotContain(reply.Lines, line => line.Contains("\tIN\t", StringComparison.Ordinal) && !line.StartsWith(';'));
        else Assert.Contains(reply.Lines, line => line.StartsWith(Base, StringComparison.Ordinal) && line.Split(' ', '\t').Contains(record));
    }

    [Theory]
    [InlineData("dig", "")]
    [InlineData("dig", "+tcp")]
    [InlineData("kdig", "")]
    [InlineData("kdig", "+tcp")]
    [InlineData("drill", "")]
    [InlineData("drill", "+tcp")]
    public async Task Realm_HasANaptrForEachTransport(string tool, string transport)
    {
        var realm = (await server.SubscribeAsync()).Realm;

        var reply = await AskAsync(tool, transport, "NAPTR", realm.Fqdn);

        Assert.Equal("NOERROR", reply.Status);
        foreach (var (preference, service, labels) in new[] { (10, "SIP+D2U", "_sip._udp"), (20, "SIP+D2T", "_sip._tcp"), (30, "SIPS+D2T", "_sips._tcp") })
        {
            var record = $" 10 {preference} \"s\" \"{service}\" \"\" {labels}.{realm.Fqdn}.";
            Assert.Contains(reply.Lines, line => line.Replace('\t', ' ').EndsWith(record, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("dig", "+edns=0", "NOERROR")]
    [InlineData("dig", "+noedns", "NOERROR")]
    [InlineData("dig", "+edns=1 +noednsneg", "BADVERS")]
    [InlineData("kdig", "+edns=0 +bufsize=512", "NOERROR")]
    [InlineData("kdig", "+edns=0 +dnssec", "NOERROR")]
    public async Task Edns_IsAnsweredByItsVersion(string tool, string options, string status)
    {
        var reply = await AskAsync(tool, options, "SOA", Base);

        Assert.Equal(status, reply.Status);
        Assert.Equal(!options.Contains("noedns", StringComparison.Ordinal) || options.Contains("edns=1", StringComparison.Ordinal), reply.Text.Contains("1232", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("dig")]
    [InlineData("kdig")]
    public async Task Transfer_IsRefused(string tool)
    {
        var reply = await AskAsync(tool, "+tcp", "AXFR", Base);
        Assert.DoesNotContain(reply.Lines, line => line.StartsWith(Base, StringComparison.Ordinal));
        Assert.True(reply.Text.Contains("failed", StringComparison.OrdinalIgnoreCase) || reply.Text.Contains("REFUSED", StringComparison.Ordinal), reply.Text);
    }

    [Fact]
    public async Task NameServer_ComesWithItsAddress()
    {
        var reply = await AskAsync("dig", "", "NS", Base);
        Assert.Contains(reply.Lines, line => line.StartsWith($"ns1.{Base}.", StringComparison.Ordinal) && line.EndsWith("127.0.0.1", StringComparison.Ordinal));
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
        InteropServer.Require(tool, tool switch { "kdig" => "knot-dnsutils", "drill" => "ldnsutils", _ => "bind9-dnsutils" });
        var port = server.Setup.DnsPort.ToString(CultureInfo.InvariantCulture);
        string[] arguments = tool == "drill"
            ? ["-p", port, .. transport == "+tcp" ? ["-t"] : Array.Empty<string>(), "@127.0.0.1", name, type]
            : ["@127.0.0.1", "-p", port, "-t", type, name, .. transport.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        var result = await ProgramRun.RunAsync(tool, arguments, Cancel);
        return new Reply(result.Output + result.Errors);
    }

    /// <summary>What a tool printed.</summary>
    private sealed record Reply(string Text)
    {
        public IReadOnlyList<string> Lines => Text.Split('\n');

        /// <summary>The response code; dig prints <c>status: X,</c> or <c>; Transfer failed.</c>, kdig <c>status: X;</c>, drill <c>rcode: X,</c>.</summary>
        public string Status => Text.Split(["status: ", "rcode: "], StringSplitOptions.None) is [_, var rest, ..] ? rest.Split(',', ';')[0]
            : Text.Contains("REFUSED", StringComparison.Ordinal) ? "REFUSED" : Text;
    }
}
