using CsCheck;
using Sipstead.Sip.Admission;
using Xunit;

namespace Sipstead.Sip.Tests.Admission;

public sealed class TokenBucketTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void Burst_ComesAtOnce_AndThenSoManyASecond()
    {
        var bucket = new TokenBucket(10, 200, Second);
        long fullAt = 0;
        Assert.Equal(200, Enumerable.Range(0, 1_000).Count(_ => bucket.TryTake(ref fullAt, 5 * Second)));
        Assert.Equal(10, Enumerable.Range(0, 1_000).Count(_ => bucket.TryTake(ref fullAt, 6 * Second)));
        Assert.Equal(200, Enumerable.Range(0, 1_000).Count(_ => bucket.TryTake(ref fullAt, 600 * Second)));
    }

    [Fact]
    public void Refusal_TakesNothing()
    {
        var bucket = new TokenBucket(10, 200, Second);
        long fullAt = 0;
        Assert.False(bucket.TryTake(ref fullAt, Second, 201));
        Assert.True(bucket.TryTake(ref fullAt, Second, 200));
        Assert.False(bucket.TryTake(ref fullAt, Second));
    }

    /// <summary>Against the plain definition: in no stretch of time more than the burst and what came back during it.</summary>
    [Fact]
    public void NoStretchOfTime_HasMoreThanItsShare() => Gen.Select(Gen.Int[1, 50], Gen.Int[1, 100], Gen.Int[0, 200_000_000].Array[1, 300]).Sample((perSecond, burst, steps) =>
    {
        var bucket = new TokenBucket(perSecond, burst, Second);
        long fullAt = 0;
        long now = 0;
        var taken = new List<long>();
        foreach (var step in steps)
        {
            now += step;
            if (bucket.TryTake(ref fullAt, now)) taken.Add(now);
        }

        var cost = Second / perSecond;
        for (var first = 0; first < taken.Count; first++)
        {
            for (var last = first; last < taken.Count; last++) Assert.True((last - first + 1 - burst) * cost <= taken[last] - taken[first]);
        }
    });

    [Fact]
    public void ManyThreads_TakeNoMoreThanThereIs()
    {
        var bucket = new TokenBucket(1, 10_000, Second);
        long fullAt = 0;
        var taken = 0;
        Parallel.For(0, 40_000, _ =>
        {
            if (bucket.TryTake(ref fullAt, Second)) Interlocked.Increment(ref taken);
        });
        Assert.Equal(10_000, taken);
    }
}
