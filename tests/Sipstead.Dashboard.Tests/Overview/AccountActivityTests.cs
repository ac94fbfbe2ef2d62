using Sipstead.Dashboard.Overview;

namespace Sipstead.Dashboard.Tests.Overview;

public sealed class AccountActivityTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ActivityBucket OneCall = new() { Calls = 1 };

    private readonly AccountActivity _activity = new();

    [Fact]
    public void Counts_FallIntoTheirBuckets()
    {
        _activity.Count(Noon, OneCall);
        _activity.Count(Noon.AddMinutes(4), OneCall with { FailedCalls = 1 });
        _activity.Count(Noon.AddMinutes(11), OneCall);

        Assert.Equal([0, 2, 0, 1], _activity.Last(Noon.AddMinutes(14), 4).Select(bucket => bucket.Calls));
        Assert.Equal(1, _activity.Last(Noon.AddMinutes(14), 4)[1].FailedCalls);
    }

    [Fact]
    public void SilentTime_EmptiesWhatIsADayOld()
    {
        _activity.Count(Noon, OneCall);
        _activity.Count(Noon.AddHours(23), OneCall);

        Assert.Equal(1, _activity.Last(Noon.AddHours(24).AddMinutes(5), AccountActivity.BucketCount).Sum(bucket => bucket.Calls));
        Assert.Equal(0, _activity.Last(Noon.AddDays(9), AccountActivity.BucketCount).Sum(bucket => bucket.Calls));
    }

    [Fact]
    public void ClockThatGoesBack_CountsIntoTheNewestBucket()
    {
        _activity.Count(Noon, OneCall);
        _activity.Count(Noon.AddHours(-2), OneCall);

        Assert.Equal([2], _activity.Last(Noon, 1).Select(bucket => bucket.Calls));
    }

    [Fact]
    public void Untouched_IsAllZero() => Assert.All(_activity.Last(Noon, 10), bucket => Assert.Equal(default, bucket));
}
