using Sipstead.Provisioning.Trunks;
using Sipstead.Voice.Trunks;

namespace Sipstead.Voice.Tests.Trunks;

/// <summary>Ruling 27: what checks add up to, and when the next one is due.</summary>
public sealed class TrunkConditionTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);
    private static readonly TrunkFinding Answer = new(TrunkCheckOutcome.Answered, 404, TimeSpan.FromMilliseconds(20));
    private static readonly TrunkFinding Miss = new(TrunkCheckOutcome.Silent, Reason: "no answer");

    private readonly TrunkCondition _condition = new(Start);
    private DateTimeOffset _now = Start;

    private bool Take(TrunkFinding finding) => _condition.Take(finding, _now += TimeSpan.FromSeconds(1));

    [Fact]
    public void NothingIsKnown_BeforeTheFirstCheck() => Assert.Equal(new TrunkHealth(TrunkState.Unknown, Start), _condition.Health);

    [Fact]
    public void FirstAnswer_IsUp()
    {
        Assert.True(Take(Answer));
        Assert.Equal(new TrunkHealth(TrunkState.Up, _now, _now, 404, TimeSpan.FromMilliseconds(20)), _condition.Health);
        var since = _now;
        Assert.False(Take(Answer));
        Assert.Equal((since, _now), (_condition.Health.Since, _condition.Health.CheckedAt));
    }

    [Theory]
    [InlineData(true, TrunkState.Up)]
    [InlineData(false, TrunkState.Unknown)]
    public void OneMiss_ChangesNothingButTheReason_TheSecondIsDown(bool wasUp, TrunkState before)
    {
        if (wasUp) Take(Answer);
        Assert.False(Take(Miss));
        Assert.Equal((before, "no answer", null), (_condition.Health.State, _condition.Health.Reason, _condition.Health.Answer));
        Assert.True(Take(Miss));
        Assert.Equal((TrunkState.Down, _now), (_condition.Health.State, _condition.Health.Since));
        Assert.False(Take(Miss));
        Assert.Equal(_now - TimeSpan.FromSeconds(1), _condition.Health.Since);
        Assert.True(Take(Answer));
        Assert.Equal((TrunkState.Up, null), (_condition.Health.State, _condition.Health.Reason));
    }

    [Fact]
    public void AnswerBetweenMisses_BeginsTheCountAnew()
    {
        foreach (var finding in (TrunkFinding[])[Answer, Miss, Answer, Miss]) Take(finding);
        Assert.Equal(TrunkState.Up, _condition.Health.State);
    }

    [Fact]
    public void Retries_AreFasterThanTheInterval_AndBackOffToIt()
    {
        Assert.Equal(Interval, _condition.NextAfter(Interval));
        double[] waits = [5, 10, 20, 30, 30];
        foreach (var seconds in waits)
        {
            Take(Miss);
            Assert.Equal(TimeSpan.FromSeconds(seconds), _condition.NextAfter(Interval));
        }

        for (var i = 0; i < 100; i++) Take(Miss);
        Assert.Equal(Interval, _condition.NextAfter(Interval));
        Take(Answer);
        Assert.Equal(Interval, _condition.NextAfter(Interval));
    }
}
