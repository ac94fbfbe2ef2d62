using System.Net;
using Sipstead.Dashboard.Doctor;
using Sipstead.Dns.Inspection;

namespace Sipstead.Dashboard.Tests.Doctor;

public sealed class ConnectionFindingsTests
{
    private const string Realm = "office.3efeaa.sip.example.org";

    private static readonly ZoneRecord Srv = new($"_sip._udp.{Realm}.", 300, "SRV", "5 50 5060 sip.sip.example.org.");

    /// <summary>A server on the internet, delegated and reachable.</summary>
    private static readonly ConnectionFacts Sound = new()
    {
        Settings = new ConnectionSettings
        {
            SipAddress = "0.0.0.0,[::]", PublicAddress = "", BaseDomain = "sip.example.org", DnsPort = 53, TlsPort = 0, HttpUrls = ["http://127.0.0.1:8080"], MediaPorts = "20000-29999",
        },
        SipPort = 5060, OpenPorts = [5060], Zone = [Srv], LocalAddresses = [IPAddress.Loopback, IPAddress.Parse("203.0.113.7")], Devices = [], IsInContainer = false,
    };

    [Fact]
    public void SoundServer_HasNothingToMend() =>
        Assert.DoesNotContain(ConnectionFindings.Of(Sound with { System = new LookupResult([Srv], null) }), finding => finding.Severity > FindingSeverity.Note);

    [Fact]
    public void ResolverThatAgrees_IsGood() =>
        Assert.Contains(ConnectionFindings.Of(Sound with { System = new LookupResult([Srv], null) }), finding => finding.What.Contains("finds the realm as we publish it", StringComparison.Ordinal));

    [Fact]
    public void DnsOff_LeavesTheOutboundProxy() =>
        Found(Sound with { Settings = Sound.Settings with { DnsPort = 0 }, Zone = [] }, FindingSeverity.Warning, "DNS is off", "127.0.0.1:5060");

    [Fact]
    public void RealmOutsideTheZone_IsAnError() => Found(Sound with { Zone = [] }, FindingSeverity.Error, "does not lie below sip.example.org", "Sipstead__BaseDomain");

    [Fact]
    public void UnusualDnsPort_IsTold() => Found(Sound with { Settings = Sound.Settings with { DnsPort = 8053 } }, FindingSeverity.Note, "port 8053", "dns_server 127.0.0.1:8053");

    [Fact]
    public void NameOfThisMachineOnly_IsTold() =>
        Found(Sound with { Settings = Sound.Settings with { BaseDomain = "auth.sipstead.localhost" } }, FindingSeverity.Note, "a name for this machine only", "delegate");

    [Fact]
    public void ResolverThatFindsNothing_AsksForTheDelegation() =>
        Found(Sound with { System = new LookupResult([], null) }, FindingSeverity.Error, "finds no SRV record", "ns1.sip.example.org");

    [Fact]
    public void ResolverThatFindsAnotherPort_ShowsBoth()
    {
        var other = Srv with { Data = "5 50 5070 sip.sip.example.org." };

        Found(Sound with { System = new LookupResult([other], null) }, FindingSeverity.Error, "5 50 5070 sip.sip.example.org. in the place of 5 50 5060", "delegation");
    }

    [Fact]
    public void ResolverThatIsSilent_IsTold() =>
        Found(Sound with { System = new LookupResult([], "No answer from 192.0.2.1 within 2 s.") }, FindingSeverity.Warning, "No answer from 192.0.2.1", "resolv.conf");

    [Fact]
    public void ClosedPort_IsAnError() => Found(Sound with { OpenPorts = [5061] }, FindingSeverity.Error, "port 5060 is not open", "Stop that one");

    [Fact]
    public void LoopbackOnly_IsTold() =>
        Found(Sound with { Settings = Sound.Settings with { SipAddress = "127.0.0.1, ::1" } }, FindingSeverity.Note, "other machines cannot reach it", "Sipstead__Sip__Address");

    [Fact]
    public void DevicesOfTheInternet_WhileOnlyPrivateAddressesAreTold_AreAnError() => Found(
        Sound with { LocalAddresses = [IPAddress.Parse("192.168.1.5")], Devices = [new SeenDevice(IPAddress.Parse("198.51.100.9"), true)] },
        FindingSeverity.Error, "they will hear nothing", "Sipstead__PublicAddress");

    [Fact]
    public void PrivatePublicAddress_WithDevicesOfTheInternet_IsAnError() => Found(
        Sound with { Settings = Sound.Settings with { PublicAddress = "10.0.0.5" }, Devices = [new SeenDevice(IPAddress.Parse("198.51.100.9"), true)] },
        FindingSeverity.Error, "the private address 10.0.0.5", "public address of your router");

    [Fact]
    public void PublicAddressOfARouter_NeedsForwarding() => Found(
        Sound with { Settings = Sound.Settings with { PublicAddress = "198.51.100.1" } }, FindingSeverity.Note, "no address of this machine", "Forward port 5060");

    [Fact]
    public void Container_TellsItsInnerAddress() => Found(
        Sound with { IsInContainer = true, LocalAddresses = [IPAddress.Parse("172.17.0.2")] }, FindingSeverity.Warning, "inner address (172.17.0.2)", "publish the SIP and media ports");

    [Fact]
    public void DevicesBehindNat_AreCounted()
    {
        IReadOnlyList<SeenDevice> devices = [new(IPAddress.Parse("203.0.113.1"), true), new(IPAddress.Parse("203.0.113.2"), false)];

        Assert.Contains(ConnectionFindings.Of(Sound with { Devices = devices }), finding => finding.What.StartsWith("1 of 2 registered devices", StringComparison.Ordinal));
    }

    [Fact]
    public void Worst_ComesFirst()
    {
        var severities = ConnectionFindings.Of(Sound with { OpenPorts = [], Settings = Sound.Settings with { DnsPort = 8053 }, IsInContainer = true }).Select(finding => finding.Severity).ToList();

        Assert.Equal(severities.OrderDescending(), severities);
        Assert.Equal(FindingSeverity.Error, severities[0]);
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("2001:4860::1", true)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.31.0.1", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("192.168.0.1", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("169.254.1.1", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    public void Address_IsPublicOrNot(string address, bool isPublic) => Assert.Equal(isPublic, ConnectionFindings.IsPublic(IPAddress.Parse(address)));

    private static void Found(ConnectionFacts facts, FindingSeverity severity, string what, string fix)
    {
        var found = Assert.Single(ConnectionFindings.Of(facts), finding => finding.What.Contains(what, StringComparison.Ordinal));
        Assert.Equal(severity, found.Severity);
        Assert.Contains(fix, found.Fix, StringComparison.Ordinal);
    }
}
