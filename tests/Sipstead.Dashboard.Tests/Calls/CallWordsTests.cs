using Sipstead.Dashboard.Calls;
using Sipstead.Dashboard.Components;
using Sipstead.Voice.Calls;

namespace Sipstead.Dashboard.Tests.Calls;

public sealed class CallWordsTests
{
    [Theory]
    [InlineData(-5, "0.0 s")]
    [InlineData(0.19, "0.1 s")]
    [InlineData(59.96, "59.9 s")]
    [InlineData(60, "1:00 min")]
    [InlineData(3599, "59:59 min")]
    [InlineData(90_061, "25:01:01 h")]
    public void Time_IsToldInTheUnitThatFits(double seconds, string words) => Assert.Equal(words, CallWords.Of(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Talk_IsFromAnswerToEnd_OrSoFar()
    {
        var now = SomeCall.Start.AddMinutes(2);

        Assert.Equal("12.5 s", CallWords.TalkOf(SomeCall.State, now));
        Assert.Equal("1:57 min", CallWords.TalkOf(SomeCall.State with { EndTime = null, Phase = CallPhase.Answered }, now));
        Assert.Null(CallWords.TalkOf(SomeCall.State with { AnswerTime = null }, now));
    }

    [Fact]
    public void State_OfAnEndedCall_IsItsCause()
    {
        Assert.Equal("hangup", CallWords.StateOf(SomeCall.State));
        Assert.Equal("queued", CallWords.StateOf(SomeCall.State with { Phase = CallPhase.Queued }));
    }

    [Fact]
    public void Moments_AreThoseThatCame_WithTheTimeSinceTheFirst()
    {
        var moments = CallMoment.Of(SomeCall.State with { AnswerTime = null });

        Assert.Equal(["Queued", "Initiated", "Disconnected"], moments.Select(moment => moment.Name));
        Assert.Equal([0, 1, 15.5], moments.Select(moment => moment.Since.TotalSeconds));
    }

    [Fact]
    public void Moments_OfAnInboundCall_BeginWithItsInvite()
    {
        var moments = CallMoment.Of(SomeCall.State with { EnqueuedTime = null });

        Assert.Equal(("Initiated", TimeSpan.Zero), (moments[0].Name, moments[0].Since));
    }

    [Fact]
    public void Pages_GoBackTheWayTheyCame()
    {
        var pages = new PageTrail<long?>();
        pages.Older(70);
        pages.Older(40);
        Assert.Equal((40L, 3), (pages.Current, pages.Number));

        pages.Newer();
        Assert.Equal((70L, 2), (pages.Current, pages.Number));

        pages.Newer();
        pages.Newer();
        Assert.Equal((null, 1), (pages.Current, pages.Number));
    }
}
