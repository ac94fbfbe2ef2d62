using Microsoft.Extensions.Time.Testing;
using Sipstead.Sip.Transport;
using Xunit;

namespace Sipstead.Sip.Tests.Transport;

/// <summary>When a receiving thread rests between batches: under load, while they are small.</summary>
public class ReceiveModerationTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ReceiveModeration _moderation;

    public ReceiveModerationTests() => _moderation = new ReceiveModeration(_time);

    [Theory]
    [InlineData(1, 99, true)] // more than 10,000 a second
    [InlineData(1, 100, false)]
    [InlineData(5, 499, true)]
    [InlineData(5, 501, false)]
    [InlineData(63, 10, true)]
    [InlineData(64, 10, false)] // full enough
    [InlineData(128, 10, false)]
    public void Rests_WhereSmallBatchesFollowOneAnotherClosely(int datagrams, int microseconds, bool rests)
    {
        _time.Advance(TimeSpan.FromMicroseconds(microseconds));

        Assert.Equal(rests, _moderation.ShouldRest(datagrams));
    }

    [Fact]
    public void DoesNotRest_AfterAWaitInVainOrAnError()
    {
        Assert.False(_moderation.ShouldRest(0));
        Assert.False(_moderation.ShouldRest(-11));
    }

    [Fact]
    public void MeasuresFromTheBatchBefore()
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(_moderation.ShouldRest(1));
        _time.Advance(TimeSpan.FromMicroseconds(30));
        Assert.True(_moderation.ShouldRest(1));
        _time.Advance(TimeSpan.FromMilliseconds(2));
        Assert.False(_moderation.ShouldRest(1));
    }

    [Fact]
    public void ARest_GivesUpTheCoreForItsTime()
    {
        var longest = Enumerable.Range(0, 20).Max(_ => DurationOf(() => LinuxThread.Rest(ReceiveModeration.Rest))); // a signal ends one early

        Assert.InRange(longest, ReceiveModeration.Rest, TimeSpan.FromSeconds(60));
    }

    private static TimeSpan DurationOf(Action action)
    {
        var before = TimeProvider.System.GetTimestamp();
        action();
        return TimeProvider.System.GetElapsedTime(before);
    }
}
