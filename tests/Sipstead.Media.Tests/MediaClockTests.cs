using Microsoft.Extensions.Logging.Abstractions;
using Sipstead.Testing;

namespace Sipstead.Media.Tests;

/// <summary>The beat of 20 ms.</summary>
public sealed class MediaClockTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(19, 0)]
    [InlineData(60, 0)]
    [InlineData(79, 0)]
    [InlineData(80, 1)]
    [InlineData(1000, 47)]
    public void AfterAStall_AFewBeatsAreCaughtUp_TheRestIsLeftOut(long late, int skipped) => Assert.Equal(skipped, MediaClock.ToSkip(late, 20));

    [Fact]
    public async Task Beats_KeepToTheSchedule()
    {
        long beats = 0;
        var started = TimeProvider.System.GetTimestamp();
        using (var clock = new MediaClock(TimeProvider.System, NullLogger.Instance, skipped => Interlocked.Add(ref beats, 1 + skipped)))
        {
            clock.Start();
            clock.Start();
            await Poll.UntilAsync("fifty beats", () => Task.FromResult(Interlocked.Read(ref beats) >= 50), TestContext.Current.CancellationToken);
        }

        // Beats and left out ones together are what the time holds, never more.
        var elapsed = TimeProvider.System.GetElapsedTime(started);
        Assert.InRange(beats, 50, (long)(elapsed / TimeSpan.FromMilliseconds(20)) + 1);
        var ended = Interlocked.Read(ref beats);
        await Task.Delay(TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken);
        Assert.Equal(ended, Interlocked.Read(ref beats));
    }
}
