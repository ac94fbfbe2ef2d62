using System.Net;
using Sipstead.Dashboard.Doctor;
using Sipstead.Dns.Inspection;

namespace Sipstead.Dashboard.Tests.Doctor;

/// <summary>What follows from the answers of our responder, of the delegation, and of the servers that it leads to.</summary>
public sealed class DnsFindingsTests
{
    private const string Realm = "office.3efeaa.sip.example.org";
    private const uint Serial = 1_800_000_000;

    private static readonly IPAddress Address = IPAddress.Parse("203.0.113.7");
    private static readonly ZoneRecord Srv = new($"_sip._udp.{Realm}.", 300, "SRV", "5 50 5060 sip.sip.example.org.");
    private static readonly ZoneRecord OverTcp = new($"_sip._tcp.{Realm}.", 300, "SRV", "5 50 5060 sip.sip.example.org.");
    private static readonly ZoneRecord Naptr = new($"{Realm}.", 300, "NAPTR", $"10 10 \"s\" \"SIP+D2U\" \"\" _sip._udp.{Realm}.");
    private static readonly NameServerAnswer Udp = new(new IPEndPoint(Address, 53), false, Serial, [Srv], [Naptr], null);
    private static readonly NameServerAnswer Tcp = Udp with { IsTcp = true };

    /// <summary>All in order: asked here and through the delegation.</summary>
    private static readonly ZoneCheck InOrder = new(Serial, [Udp, Tcp], [new DelegatedServer("ns1.sip.example.org.", [Address])], null, [Udp, Tcp]);

    private static readonly ConnectionFacts Sound = new()
    {
        Settings = new ConnectionSettings
        {
            SipAddress = "0.0.0.0,[::]", PublicAddress = "", BaseDomain = "sip.example.org", DnsPort = 53, TlsPort = 5061, HttpUrls = ["http://127.0.0.1:8080"], MediaPorts = "20000-29999",
        },
        SipPort = 5060, OpenPorts = [5060], Zone = [Naptr, Srv, OverTcp], LocalAddresses = [IPAddress.Loopback, Address], Devices = [], IsInContainer = false,
        System = new LookupResult([Srv], null), Check = InOrder,
    };

    [Fact]
    public void AllInOrder_IsGood_AndNothingIsToBeDone()
    {
        var findings = ConnectionFindings.Of(Sound);

        Assert.All(findings, finding => Assert.Equal(FindingSeverity.Good, finding.Severity));
        Assert.Contains(findings, finding => finding.What.Contains("Our DNS answers at 203.0.113.7:53 over UDP and TCP, with serial 1800000000", StringComparison.Ordinal));
        Assert.Contains(findings, finding => finding.What.Contains("delegated to 203.0.113.7:53", StringComparison.Ordinal));
        Assert.StartsWith("Nothing", ConnectionFindings.NextStep(findings, Sound), StringComparison.Ordinal);
    }

    [Fact]
    public void NotAskedYet_NextIsToAsk()
    {
        var facts = Sound with { Check = null, System = null };
        Assert.StartsWith("Ask DNS", ConnectionFindings.NextStep(ConnectionFindings.Of(facts), facts), StringComparison.Ordinal);
    }

    [Fact]
    public void NotDelegated_TellsTheRecordsToAdd_Once()
    {
        var facts = Sound with { System = new LookupResult([], null), Check = InOrder with { Delegation = [], Delegated = [] } };

        var error = Assert.Single(ConnectionFindings.Of(facts), finding => finding.Severity == FindingSeverity.Error);

        Assert.Contains("sip.example.org is not delegated", error.What, StringComparison.Ordinal);
        Assert.Contains("\"sip.example.org. NS ns1.sip.example.org.\" and \"ns1.sip.example.org. A 203.0.113.7\"", error.Fix, StringComparison.Ordinal);
        Assert.Equal(error.Fix, ConnectionFindings.NextStep(ConnectionFindings.Of(facts), facts));
    }

    [Fact]
    public void NotDelegated_NameOfThisMachine_IsForInformation()
    {
        var facts = Sound with
        {
            Settings = Sound.Settings with { BaseDomain = "auth.sipstead.localhost" }, System = new LookupResult([], null), Check = InOrder with { Delegation = [], Delegated = [] },
        };
        Assert.DoesNotContain(ConnectionFindings.Of(facts), finding => finding.Severity > FindingSeverity.Note);
    }

    [Fact]
    public void LabWhoseResolverKnowsOurPort_NeedsNoPort53()
    {
        var facts = Sound with
        {
            Settings = Sound.Settings with { BaseDomain = "sip.lab.internal", DnsPort = 8053 }, Check = InOrder with { Delegated = [Silent(Udp), Silent(Tcp)] },
        };
        Assert.DoesNotContain(ConnectionFindings.Of(facts), finding => finding.Severity > FindingSeverity.Note);
    }

    [Fact]
    public void NameServerWithoutAddress_NeedsGlue() => Found(
        Sound with { Check = InOrder with { Delegation = [new DelegatedServer("ns1.sip.example.org.", [])], Delegated = [] } },
        FindingSeverity.Error, "ns1.sip.example.org. of sip.example.org has no address", "glue");

    [Theory]
    [InlineData(53, "Open port 53 in the firewall")]
    [InlineData(8053, "Sipstead__Dns__Port=53")]
    public void DelegatedServerWithoutAnAnswer_TellsHowToOpenThePort(int port, string fix) => Found(
        Sound with { Settings = Sound.Settings with { DnsPort = port }, Check = InOrder with { Delegated = [Silent(Udp)] } },
        FindingSeverity.Error, "ns1.sip.example.org. at 203.0.113.7:53 over UDP: No answer", fix);

    [Fact]
    public void DelegatedServerWithoutTcp_IsAWarning() => Found(
        Sound with { Check = InOrder with { Delegated = [Udp, Silent(Tcp)] } }, FindingSeverity.Warning, "over TCP: No answer", "UDP and TCP");

    [Fact]
    public void OurOwnPortWithoutAnAnswer_LeadsToTheLog() =>
        Found(Sound with { Check = InOrder with { Own = [Silent(Udp), Tcp] } }, FindingSeverity.Error, "our DNS at 203.0.113.7:53 over UDP", "log");

    [Fact]
    public void OlderSerial_IsAnotherServer() => Found(
        Sound with { Check = InOrder with { Delegated = [Udp with { Serial = Serial - 1 }] } }, FindingSeverity.Error, "serial 1799999999, ours is 1800000000", "Another server");

    [Fact]
    public void NewerSerial_IsAChangeMeanwhile() =>
        Assert.DoesNotContain(ConnectionFindings.Of(Sound with { Check = InOrder with { Own = [Udp with { Serial = Serial + 1 }] } }), finding => finding.Severity > FindingSeverity.Good);

    [Fact]
    public void OtherSrvOrNaptr_IsAnotherServer()
    {
        var otherPort = Udp with { Services = [Srv with { Data = "5 50 5070 sip.sip.example.org." }] };
        Found(Sound with { Check = InOrder with { Delegated = [otherPort] } }, FindingSeverity.Error, "Other SRV or NAPTR records", "Another server");
        Found(Sound with { Check = InOrder with { Delegated = [Udp with { Transports = [] }] } }, FindingSeverity.Error, "Other SRV or NAPTR records", "Another server");
    }

    [Fact]
    public void ResolverWithoutAnAnswer_IsToldOnce()
    {
        var facts = Sound with { System = new LookupResult([], "No answer from 192.0.2.1 within 2 s."), Check = InOrder with { Delegation = [], DelegationError = "No answer from 192.0.2.1 within 2 s.", Delegated = [] } };
        Assert.Contains("gives no answer", Assert.Single(ConnectionFindings.Of(facts), finding => finding.Severity > FindingSeverity.Good).What, StringComparison.Ordinal);
    }

    private static NameServerAnswer Silent(NameServerAnswer answer) => answer with { Serial = null, Services = [], Transports = [], Error = "No answer from 203.0.113.7 within 2 s." };

    private static void Found(ConnectionFacts facts, FindingSeverity severity, string what, string fix)
    {
        var found = Assert.Single(ConnectionFindings.Of(facts), finding => finding.What.Contains(what, StringComparison.Ordinal));
        Assert.Equal(severity, found.Severity);
        Assert.Contains(fix, found.Fix, StringComparison.Ordinal);
    }
}
