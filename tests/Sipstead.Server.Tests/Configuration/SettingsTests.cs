using Microsoft.Extensions.Configuration;
using Sipstead.Server.Configuration;

namespace Sipstead.Server.Tests.Configuration;

/// <summary>Each wrong setting is named, with what is wrong and what to give.</summary>
public sealed class SettingsTests
{
    [Fact]
    public void Read_Nothing_GivesTheDocumentedDefaults()
    {
        var settings = Read();

        Assert.Equal(Path.GetFullPath("data"), settings.DataDirectory);
        Assert.Equal("auth.sipstead.localhost", settings.Provisioning.BaseDomain);
        Assert.Equal("{name}.{hex}.{base}", settings.Provisioning.RealmFqdn);
        Assert.Equal(["http://127.0.0.1:8080"], settings.Http.Urls);
        Assert.Equal(("0.0.0.0,[::]", 5060), (settings.Sip.Address, settings.Sip.Port));
        Assert.Equal("5100-5999", settings.Provisioning.AccountPorts);
        Assert.Equal(("127.0.0.1", 8053), (settings.Dns.Address, settings.Dns.Port));
        Assert.Equal((9_900_000, "admin"), (settings.Provisioning.BootstrapAccountId, settings.Provisioning.BootstrapUserName));
        Assert.False(settings.Registrar.FsyncAlways);
    }

    [Fact]
    public void Read_Dns_IsAsSet()
    {
        var dns = Read(
            ("Dns:Targets", "sip1 5 60 203.0.113.1 2001:db8::1, sip2 5 40"), ("Dns:Naptr", "tls,udp"), ("Dns:ResponsesPerSecond", "0"), ("Dns:ResponseBurst", "500"),
            ("Limits:IncludeLoopback", "true")).Dns;

        Assert.Equal(["sip1 5 60 203.0.113.1 2001:db8::1", "sip2 5 40"], dns.Targets);
        Assert.Equal(("tls,udp", 0, 500, true), (dns.Naptr, dns.ResponsesPerSecond, dns.ResponseBurst, dns.LimitsLoopback));
    }

    [Theory]
    [InlineData("BaseDomain", "not a domain", "no domain name")]
    [InlineData("BaseDomain", "-a.example", "no domain name")]
    [InlineData("RealmFqdn", "{hex}.{base}", "{name}")]
    [InlineData("RealmFqdn", "{name}_{hex}.{base}", "no domain name")]
    [InlineData("PublicAddress", "phones.example", "not an IP address")]
    [InlineData("PublicAddress", "0.0.0.0", "wildcard")]
    [InlineData("Http:Url", "ftp://127.0.0.1:8443", "give a URL such as http://127.0.0.1:8080")]
    [InlineData("Sip:TlsPort", "70000", "give a port from 1 to 65535, or 0 to turn TLS off")]
    [InlineData("Sip:TlsPort", "5060", "give TLS a port of its own")]
    [InlineData("Tls:Key", "key.pem", "is set without Sipstead:Tls:Certificate")]
    [InlineData("Tls:Certificate", "a.pem,b.pem", "names 2 files and Sipstead:Tls:Key 0")]
    [InlineData("Http:Url", "127.0.0.1:8080", "give a URL such as")]
    [InlineData("Http:Url", "http://127.0.0.1:8080/api", "without a path")]
    [InlineData("Http:Url", "http://dashboard.example:8080", "IP address, localhost or *")]
    [InlineData("Http:Url", "http://127.0.0.1:99999", "give a URL such as")]
    [InlineData("Http:RedirectFirstPage", "maybe", "true or false")]
    [InlineData("Http:KnownProxies", "10.0.0.1, proxy", "'proxy', which is no IP address")]
    [InlineData("Sip:Address", "0.0.0.0, eth0", "IP addresses separated by commas")]
    [InlineData("Sip:Port", "sixty", "whole number")]
    [InlineData("Sip:Port", "65536", "1 to 65535")]
    [InlineData("Sip:Port", "-1", "1 to 65535")]
    [InlineData("Sip:AccountPorts", "5999-5100", "range of ports")]
    [InlineData("Sip:UdpThreads", "0", "1 to 64")]
    [InlineData("Sip:MaxConnections", "0", "at least 1")]
    [InlineData("Sip:MaxConnectionsPerSource", "0", "at least 1")]
    [InlineData("Dns:Address", "localhost", "not an IP address")]
    [InlineData("Dns:Port", "65536", "0 to turn DNS off")]
    [InlineData("Dns:Targets", "sip1 5 50, sip2", "\"sip2\": write a host, a priority and a weight")]
    [InlineData("Dns:Naptr", "udp,ws", "udp,tcp,tls, the preferred one first, or off")]
    [InlineData("Dns:ResponsesPerSecond", "-1", "0 for no limit")]
    [InlineData("Dns:ResponseBurst", "10", "200 to")]
    [InlineData("Bootstrap:AccountId", "0", "1 or more")]
    [InlineData("Bootstrap:AccountId", "acme", "whole number")]
    [InlineData("Bootstrap:UserName", "a:b", "colon")]
    [InlineData("Bootstrap:Password", "short", "shorter than 8")]
    [InlineData("Registrar:MinExpires", "0", "1 to 3600")]
    [InlineData("Registrar:MaxExpires", "30", "MinExpires (60)")]
    [InlineData("Registrar:DefaultExpires", "9000", "MaxExpires (7200)")]
    [InlineData("Registrar:MaxContacts", "0", "1 to 100")]
    [InlineData("Registrar:ContactLimit", "1", "replaceoldest, refuse")]
    [InlineData("Registrar:NonceLifetime", "5", "30 to 86400")]
    [InlineData("Registrar:KeepAlive", "ping", "off, crlf, options")]
    [InlineData("Registrar:KeepAliveInterval", "1", "5 to 600")]
    [InlineData("Journal:Fsync", "never", "second, always")]
    public void Read_WrongValue_NamesKeyAndRemedy(string key, string value, string words)
    {
        var errors = Errors((key, value));

        Assert.Contains(errors, line => line.Contains($"Sipstead:{key}", StringComparison.Ordinal) && line.Contains(words, StringComparison.Ordinal));
        Assert.All(errors, line => Assert.DoesNotContain('\n', line));
    }

    [Fact]
    public void Read_OneMistake_IsToldOnce() => Assert.Single(Errors(("BaseDomain", "not a domain")));

    [Fact]
    public void Read_WrongPassword_DoesNotRepeatIt() => Assert.DoesNotContain("hunter2", string.Join('\n', Errors(("Bootstrap:Password", "hunter2"))));

    [Fact]
    public void Read_SeveralMistakes_TellsAllAtOnce()
    {
        var errors = Errors(("Sip:Port", "x"), ("Dns:Port", "70000"), ("Registrar:MaxContacts", "0"), ("Sip:Prot", "5060"), ("Http:Url", "ftp://x"));

        Assert.Equal(5, errors.Count);
    }

    [Theory]
    [InlineData("Sip:Prot")]
    [InlineData("Sipp:Port")]
    [InlineData("Port")]
    [InlineData("Sip:Port:Number")]
    public void Read_UnknownKey_IsRefused(string key) =>
        Assert.Contains(Errors((key, "5060")), line => line.StartsWith($"Sipstead:{key} is set, but there is no such setting.", StringComparison.Ordinal));

    [Fact]
    public void Read_KeysOfOthers_AreNotOurs() =>
        ServerSettings.Read(new ConfigurationBuilder().AddInMemoryCollection([new("ASPNETCORE_URLS", "http://*:80")]).Build());

    [Fact]
    public void Read_KeyInAnotherCase_IsTheSameKey() => Assert.Equal(5080, Read(("SIP:PORT", "5080")).Sip.Port);

    [Fact]
    public void Read_Lists_AreSplitAndTrimmed() =>
        Assert.Equal(["a.example", "b.example"], Read(("Registrar:RealmsWithoutKeepAlive", " a.example , b.example,")).Registrar.RealmsWithoutKeepAlive);

    private static IReadOnlyList<string> Errors(params (string Key, string Value)[] set) =>
        Assert.Throws<SettingsException>(() => Read(set)).Errors;

    private static ServerSettings Read(params (string Key, string Value)[] set) => ServerSettings.Read(
        new ConfigurationBuilder()
            .AddInMemoryCollection(set.Select(pair => new KeyValuePair<string, string?>($"Sipstead:{pair.Key}", pair.Value)))
            .Build());
}
