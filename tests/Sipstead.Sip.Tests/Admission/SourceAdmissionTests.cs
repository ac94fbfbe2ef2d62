using System.Net;
using Microsoft.Extensions.Time.Testing;
using Sipstead.Sip.Admission;
using Sipstead.Sip.Transport;
using Sipstead.Testing;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Sip.Tests.Admission;

/// <summary>What one source may send (S-18, S-19, S-20, ruling 35).</summary>
public sealed class SourceAdmissionTests : IDisposable
{
    private readonly CountingMeters _meters = new();
    private readonly FakeTimeProvider _time = new();
    private readonly LogLines _log = new();

    public void Dispose() => _meters.Dispose();

    [Fact]
    public void S_18_AFlood_IsCutToItsRate_AndEndsWithIt()
    {
        var admission = Create();
        var flooder = Address("198.51.100.1");
        Assert.Equal(500, Admitted(admission, flooder, 10_000));
        Assert.Equal(9_500, _meters["sipstead.sip.dropped source over limit"]);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(100, Admitted(admission, flooder, 10_000));
        Assert.Equal(500, Admitted(admission, Address("198.51.100.2"), 10_000));
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(200, Admitted(admission, flooder, 200));
    }

    [Theory]
    [InlineData("198.51.100.1", "198.51.100.2", false)]
    [InlineData("2001:db8::1", "2001:db8::ffff:2", true)] // one /64
    [InlineData("2001:db8:0:1::1", "2001:db8:0:2::1", false)]
    [InlineData("198.51.100.1", "::ffff:198.51.100.1", true)]
    public void S_18_Sources_AreIpv4AddressesAndIpv6Networks(string first, string second, bool areOne)
    {
        var admission = Create();
        Assert.Equal(500, Admitted(admission, Address(first), 1_000));
        Assert.Equal(areOne ? 0 : 500, Admitted(admission, Address(second), 1_000));
    }

    [Fact]
    public void S_18_KnownSources_HaveABudgetOfTheirOwn_ThatAFloodOfStrangersDoesNotTouch()
    {
        var admission = Create(new AdmissionOptions { MaxSources = 1_024 });
        var phone = Address("192.0.2.10");
        Assert.Equal(500, Admitted(admission, phone, 1_000));
        admission.Vouch(phone, TimeSpan.FromMinutes(10), admission.Now);
        for (var i = 0; i < 100_000; i++) admission.Admits(new TransportAddress((UInt128)0xFFFF_0B00_0000 + (uint)i, 5060), admission.Now);
        Assert.True(_meters["sipstead.sip.sources.evicted"] > 90_000);
        Assert.InRange(admission.SourceCount, 1, 1_024);
        Assert.True(admission.IsKnown(phone, admission.Now));
        Assert.Equal(2_000, Admitted(admission, phone, 10_000));
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.False(admission.IsKnown(phone, admission.Now));
    }

    [Fact]
    public void Loopback_IsExempt_UnlessASettingIncludesIt()
    {
        Assert.Equal(10_000, Admitted(Create(), Address("127.0.0.9"), 10_000));
        Assert.Equal(10_000, Admitted(Create(), Address("::1"), 10_000));
        Assert.Equal(500, Admitted(Create(new AdmissionOptions { IncludeLoopback = true }), Address("127.0.0.9"), 10_000));
        Assert.Equal(500, Admitted(Create(new AdmissionOptions { IncludeLoopback = true }), Address("::1"), 10_000));
    }

    [Fact]
    public void S_19_Malformed_IsAnsweredABurst_ThenOnceASecond()
    {
        var admission = Create();
        var source = Address("198.51.100.1");
        Assert.Equal(200, Enumerable.Range(0, 1_000).Count(_ => admission.MayRefuseMalformed(source)));
        Assert.Equal(800, _meters["sipstead.sip.dropped malformed over limit"]);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, Enumerable.Range(0, 1_000).Count(_ => admission.MayRefuseMalformed(source)));
    }

    [Fact]
    public void S_19_AnUnprovenSource_GetsThreeTimesWhatItSent_AndALittle()
    {
        var admission = Create();
        var source = Address("198.51.100.1");
        Assert.All(Enumerable.Range(0, 1_000), _ => Assert.True(admission.MayReply(source, 100, 300, admission.Now)));
        Assert.Equal(10, Enumerable.Range(0, 1_000).Count(_ => admission.MayReply(source, 100, 400, admission.Now)));
        Assert.Equal(990, _meters["sipstead.sip.dropped amplification"]);
        _time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal(5, Enumerable.Range(0, 1_000).Count(_ => admission.MayReply(source, 100, 400, admission.Now)));
        admission.Vouch(source, TimeSpan.FromSeconds(10), admission.Now);
        Assert.True(admission.MayReply(source, 100, 65_000, admission.Now));
    }

    [Fact]
    public void S_29_LinesAboutFloods_AreBounded_InFromOneAndInFromAll()
    {
        var admission = Create();
        Admitted(admission, Address("198.51.100.1"), 100_000);
        Assert.Equal("Warning 2060 Source 198.51.100.1 sends more than it may; what is above its limit is dropped unread (Sipstead__Limits__RequestsPerSecond)", Assert.Single(_log.All));
        for (var i = 0; i < 250; i++) Admitted(admission, Address($"198.51.101.{i}"), 600);
        Assert.InRange(_log.All.Count, 2, 20);
    }

    [Fact]
    public void Admission_DoesNotAllocate()
    {
        var admission = Create();
        var next = 0u;
        Assert.Equal(0, Allocations.Of(() =>
        {
            var source = new TransportAddress((UInt128)0xFFFF_0B00_0000 + (++next % 100_000), 5060);
            admission.Admits(source, admission.Now);
            admission.MayReply(source, 100, 500, admission.Now);
            admission.Vouch(source, TimeSpan.FromSeconds(1), admission.Now);
        }));
    }

    [Theory]
    [InlineData("friendly-scanner", true)]
    [InlineData("Friendly-Scanner/2", true)]
    [InlineData("sipcli/v1.8", true)]
    [InlineData("Phone/1.0 (friendly)", false)]
    [InlineData("", false)]
    public void S_20_SilentUserAgents_AreASetting(string userAgent, bool isSilenced)
    {
        var message = ParsedMessage.Datagram(new RequestText { Headers = $"User-Agent: {userAgent}\r\n" }.ToString());
        Assert.Equal(isSilenced, Create(new AdmissionOptions { SilentUserAgents = ["friendly-scanner", "SIPCLI"] }).IsSilenced(message));
        Assert.False(Create().IsSilenced(message));
    }

    [Fact]
    public void Settings_AreChecked()
    {
        Assert.Empty(new AdmissionOptions().Validate());
        var wrong = new AdmissionOptions
        {
            RequestsPerSecond = 0, RequestBurst = 199, KnownRequestsPerSecond = -1, KnownRequestBurst = 0, SlowedPart = 0, MalformedBurst = 1,
            UnprovenOctetsPerSecond = 0, MaxSources = 1, SilentUserAgents = ["ip"],
        };
        Assert.Equal(9, wrong.Validate().Count());
        Assert.All(wrong.Validate(), problem => Assert.StartsWith("Sipstead:Limits:", problem, StringComparison.Ordinal));
    }

    private static TransportAddress Address(string address) => new(new IPEndPoint(IPAddress.Parse(address), 5060));

    private static int Admitted(SourceAdmission admission, TransportAddress source, int messages)
    {
        var now = admission.Now;
        return Enumerable.Range(0, messages).Count(_ => admission.Admits(source, now));
    }

    private SourceAdmission Create(AdmissionOptions? options = null) => new(options ?? new AdmissionOptions(), new SipMetrics(_meters), _time, _log);
}
