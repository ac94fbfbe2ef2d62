namespace Sipstead.Dashboard.Overview;

/// <summary>The last 24 hours of one account, in buckets of five minutes. Thread-safe.</summary>
internal sealed class AccountActivity
{
    public static readonly TimeSpan BucketLength = TimeSpan.FromMinutes(5);

    public const int BucketCount = 288;

    private readonly ActivityBucket[] _buckets = new ActivityBucket[BucketCount];
    private readonly Lock _lock = new();
    private long _last = -1;

    /// <summary>Counts something in the bucket of a time.</summary>
    public void Count(DateTimeOffset now, ActivityBucket what)
    {
        lock (_lock)
        {
            Advance(now);
            _buckets[_last % BucketCount] = _buckets[_last % BucketCount].Plus(what);
        }
    }

    /// <summary>The last buckets, oldest first; the last one is still filling.</summary>
    public ActivityBucket[] Last(DateTimeOffset now, int count)
    {
        lock (_lock)
        {
            Advance(now);
            return [.. Enumerable.Range(0, count).Select(i => BucketAt(_last - count + 1 + i))];
        }
    }

    private ActivityBucket BucketAt(long index) => index < 0 ? default : _buckets[index % BucketCount];

    /// <summary>Empties the buckets of the time that passed. A clock that went back counts into the newest one.</summary>
    private void Advance(DateTimeOffset now)
    {
        var index = now.UtcTicks / BucketLength.Ticks;
        if (_last < 0) _last = index;
        if (index - _last >= BucketCount) Array.Clear(_buckets);
        else for (var i = _last + 1; i <= index; i++) _buckets[i % BucketCount] = default;
        _last = Math.Max(_last, index);
    }
}
