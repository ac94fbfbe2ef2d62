using Microsoft.Extensions.Time.Testing;
using Sipstead.Sip.Locating;
using Sipstead.Sip.Transport;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Sip.Tests.Locating;

public sealed class CachedLookupTests : IDisposable
{
    private readonly ScriptedLookup _dns = new();
    private readonly FakeTimeProvider _time = new();
    private readonly CountingMeters _meters = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _meters.Dispose();

    [Fact]
    public async Task SameQuestionAtOneTime_IsAskedOnce()
    {
        var lookup = Create();
        _dns.Gate = new TaskCompletionSource();
        _dns.Host("a.example", "192.0.2.1");
        var answers = Enumerable.Range(0, 50).Select(_ => lookup.FindAddressesAsync("a.example", false, Cancel).AsTask()).ToList();
        var other = lookup.FindAddressesAsync("a.example", true, Cancel).AsTask();
        _dns.Gate.SetResult();
        Assert.All(await Task.WhenAll(answers), answer => Assert.Single(answer.Records));
        Assert.Empty((await other).Records);
        Assert.Equal(["A a.example", "AAAA a.example"], _dns.Asked.Order());
    }

    [Fact]
    public async Task WhoGivesUp_DoesNotTakeTheAnswerFromTheOthers()
    {
        var lookup = Create();
        _dns.Gate = new TaskCompletionSource();
        using var impatience = new CancellationTokenSource();
        var impatient = lookup.FindSrvAsync("_sip._udp.a.example", impatience.Token).AsTask();
        var patient = lookup.FindSrvAsync("_sip._udp.a.example", Cancel).AsTask();
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        _dns.Gate.SetResult();
        Assert.False((await patient).IsFailed);
        Assert.Single(_dns.Asked);
    }

    [Fact]
    public async Task NothingAndFailure_AreKeptToo_FailureForFiveSeconds()
    {
        var lookup = Create();
        _dns.Break("A broken.example");
        await lookup.FindAddressesAsync("none.example", false, Cancel);
        await lookup.FindAddressesAsync("broken.example", false, Cancel);
        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.True((await lookup.FindAddressesAsync("broken.example", false, Cancel)).IsFailed);
        Assert.Equal(2, _dns.Asked.Count);
        _time.Advance(TimeSpan.FromSeconds(.1));
        await lookup.FindAddressesAsync("broken.example", false, Cancel);
        await lookup.FindAddressesAsync("none.example", false, Cancel);
        Assert.Equal(["A none.example", "A broken.example", "A broken.example"], _dns.Asked);
        Assert.Equal((1, 2), (_meters["sipstead.sip.lookups none"], _meters["sipstead.sip.lookups failed"]));
    }

    [Fact]
    public async Task FullCache_DropsWhatWouldGoFirst()
    {
        var lookup = Create(capacity: 10);
        for (var i = 0; i < 25; i++)
        {
            await lookup.FindNaptrAsync($"n{i}.example", Cancel);
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal((10, 15), (_meters["sipstead.sip.lookups.kept"], _meters["sipstead.sip.locating.dropped lookups"]));
        await lookup.FindNaptrAsync("n24.example", Cancel);
        Assert.Equal(25, _dns.Asked.Count);
        await lookup.FindNaptrAsync("n0.example", Cancel);
        Assert.Equal(26, _dns.Asked.Count);
    }

    [Fact]
    public async Task TooManyAtOneTime_FailAtOnce()
    {
        var lookup = Create(maxInFlight: 3);
        _dns.Gate = new TaskCompletionSource();
        var first = Enumerable.Range(0, 3).Select(i => lookup.FindNaptrAsync($"n{i}.example", Cancel).AsTask()).ToList();
        Assert.True((await lookup.FindNaptrAsync("n3.example", Cancel)).IsFailed);
        Assert.Equal(1, _meters["sipstead.sip.lookups over limit"]);
        _dns.Gate.SetResult();
        await Task.WhenAll(first);
        Assert.False((await lookup.FindNaptrAsync("n3.example", Cancel)).IsFailed);
    }

    [Fact]
    public void AvoidedTargets_ComeBack_AndAreBounded()
    {
        var avoided = new AvoidedTargets(_time, new LocatingMetrics(_meters));
        avoided.Avoid(Target(1), TimeSpan.FromSeconds(30));
        avoided.Avoid(Target(2), TimeSpan.FromDays(30));
        avoided.Avoid(Target(3), TimeSpan.Zero);
        Assert.Equal((true, true, false), (avoided.Contains(Target(1)), avoided.Contains(Target(2)), avoided.Contains(Target(3))));
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal((false, true), (avoided.Contains(Target(1)), avoided.Contains(Target(2))));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.False(avoided.Contains(Target(2)));

        for (var port = 1; port <= AvoidedTargets.Capacity + 50; port++) avoided.Avoid(Target(port), TimeSpan.FromSeconds(port));
        Assert.False(avoided.Contains(Target(10)));
        Assert.True(avoided.Contains(Target(AvoidedTargets.Capacity)));
        Assert.InRange(_meters["sipstead.sip.locating.dropped avoided targets"], 40, 60);

        static SipTarget Target(int port) =>
            new(SipTransport.Udp, new(System.Net.IPEndPoint.Parse($"192.0.2.1:{port}")), "example.net");
    }

    private CachedLookup Create(int capacity = CachedLookup.Capacity, int maxInFlight = CachedLookup.MaxInFlight) =>
        new(_dns, _time, new LocatingMetrics(_meters), capacity, maxInFlight);
}
