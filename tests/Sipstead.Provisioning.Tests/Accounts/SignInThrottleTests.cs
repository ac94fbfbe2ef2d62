using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Sipstead.Provisioning.Accounts;

namespace Sipstead.Provisioning.Tests.Accounts;

/// <summary>Guessing is slowed, nobody is locked out.</summary>
public sealed class SignInThrottleTests : IDisposable
{
    private const int MaximumKeys = 50;
    private static readonly IPAddress Home = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress Elsewhere = IPAddress.Parse("198.51.100.7");

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(60));
    private readonly ProvisioningMetrics _metrics;
    private readonly SignInThrottle _throttle;

    public SignInThrottleTests()
    {
        _metrics = new ProvisioningMetrics(_services.GetRequiredService<IMeterFactory>());
        _throttle = new SignInThrottle(_time, _metrics, MaximumKeys);
    }

    public void Dispose()
    {
        _metrics.Dispose();
        _services.Dispose();
    }

    [Fact]
    public void Failures_AfterFive_WaitTwiceAsLongEachTimeUpToAMinute()
    {
        Fail("admin", Home, 5);
        foreach (var seconds in new[] { 1, 2, 4, 8, 16, 32, 60, 60, 60 })
        {
            Assert.Equal(TimeSpan.FromSeconds(seconds), Wait("admin", Home));
            _time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
            Assert.Equal(TimeSpan.FromMilliseconds(1), Wait("admin", Home));
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Fail("admin", Home, 1);
        }
    }

    [Fact]
    public void Refused_TriesInTheMeantime_MakeItNoLonger()
    {
        Fail("admin", Home, 6);
        for (var i = 0; i < 100; i++) Assert.Equal(TimeSpan.FromSeconds(2), Wait("admin", Home));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(TimeSpan.Zero, Wait("admin", Home));
    }

    [Fact]
    public void Failures_DecayByOneEachMinute()
    {
        Fail("admin", Home, 5);
        _time.Advance(TimeSpan.FromMinutes(3));
        Fail("admin", Home, 2);
        Assert.Equal(TimeSpan.Zero, Wait("admin", Home));
        Fail("admin", Home, 1);
        Assert.Equal(TimeSpan.FromSeconds(1), Wait("admin", Home));
        _time.Advance(TimeSpan.FromMinutes(5));
        Fail("admin", Home, 4);
        Assert.Equal(TimeSpan.Zero, Wait("admin", Home));
    }

    [Fact]
    public void RightPasswords_TakenBack_NeverSlow()
    {
        for (var i = 0; i < 100; i++)
        {
            Fail("admin", Home, 1);
            _throttle.TakeBack("admin", Home);
        }

        Assert.Equal(0, _throttle.Count);
        Fail("admin", Home, 4);
        Assert.Equal(TimeSpan.Zero, Wait("admin", Home));
    }

    [Fact]
    public void Address_WithoutFailure_IsNotSlowedByWhatOthersDidToTheName()
    {
        Fail("admin", Home, 6);
        Assert.Equal(TimeSpan.Zero, Wait("admin", Elsewhere));
        Fail("admin", Elsewhere, 1);
        Assert.NotEqual(TimeSpan.Zero, Wait("admin", Elsewhere));
        Assert.Equal(TimeSpan.Zero, Wait("another", Elsewhere));
    }

    [Fact]
    public void Address_ThatTriesManyNames_IsSlowedForEveryName()
    {
        for (var i = 0; i < 5; i++) Fail($"name{i}", Home, 1);
        Assert.Equal(TimeSpan.FromSeconds(1), Wait("never tried", Home));
        Assert.Equal(TimeSpan.Zero, Wait("never tried", Elsewhere));
    }

    [Theory]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    public void Addresses_OfOneSubscriber_CountAsOne(string one, string other, bool isSame)
    {
        for (var i = 0; i < 5; i++) Fail($"name{i}", IPAddress.Parse(one), 1);
        Assert.Equal(isSame, Wait("another", IPAddress.Parse(other)) > TimeSpan.Zero);
    }

    [Fact]
    public void NoAddress_CountsByNameAlone()
    {
        Fail("admin", null, 5);
        Assert.Equal(TimeSpan.FromSeconds(1), Wait("admin", null));
        Assert.Equal(TimeSpan.Zero, Wait("another", null));
    }

    [Fact]
    public void Flood_OfNamesAndAddresses_StaysBoundedAndForgetsTheOldestFirst()
    {
        Fail("admin", Home, 5);
        for (var i = 0; i < 1000; i++)
        {
            Fail($"name{i}", new IPAddress([10, 0, (byte)(i >> 8), (byte)i]), 1);
            Assert.InRange(_throttle.Count, 1, 2 * MaximumKeys);
            if (i == MaximumKeys - 2) Assert.NotEqual(TimeSpan.Zero, Wait("admin", Home));
        }

        Assert.Equal(2 * MaximumKeys, _throttle.Count);
        Fail("admin", Home, 4);
        Fail(new string('x', 1000), Elsewhere, 1);
        Assert.Equal(2 * MaximumKeys, _throttle.Count);
    }

    [Fact]
    public void Refusals_AreCounted()
    {
        var slowed = 0L;
        using var listener = new MeterListener();
        var factory = _services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "sipstead.dashboard.slowed_sign_ins" && instrument.Meter.Scope == factory) self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => slowed += value);
        listener.Start();
        Fail("admin", Home, 5);
        Assert.Equal(0, slowed);
        Assert.False(_throttle.TryBegin("admin", Home, out _));
        Assert.Equal(1, slowed);
    }

    private void Fail(string userName, IPAddress? remote, int times)
    {
        for (var i = 0; i < times; i++)
        {
            if (_throttle.TryBegin(userName, remote, out var wait)) continue;
            _time.Advance(wait);
            Assert.True(_throttle.TryBegin(userName, remote, out _));
        }
    }

    /// <summary>How long a try would have to wait; one that need not is taken back.</summary>
    private TimeSpan Wait(string userName, IPAddress? remote)
    {
        if (_throttle.TryBegin(userName, remote, out var wait)) _throttle.TakeBack(userName, remote);
        return wait;
    }
}
