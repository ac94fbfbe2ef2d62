namespace Sipstead.Sip.Admission;

/// <summary>
/// So many events a second, and a burst of them at once. What is kept of each peer is one number: the time at which its bucket is full again (the generic
/// cell rate algorithm), so that taking is one compare and exchange. Thread-safe.
/// </summary>
public readonly struct TokenBucket
{
    private readonly long _cost;
    private readonly long _depth;

    /// <param name="perSecond">Events that come back each second.</param>
    /// <param name="burst">Events at once.</param>
    /// <param name="frequency">Ticks a second of the clock, <see cref="TimeProvider.TimestampFrequency"/>.</param>
    public TokenBucket(double perSecond, int burst, long frequency)
    {
        _cost = Math.Max(1, (long)(frequency / perSecond));
        _depth = _cost * burst;
    }

    /// <summary>Takes from a bucket. False, and nothing taken, when there is not enough.</summary>
    /// <param name="fullAt">The peer's bucket; 0 for a full one.</param>
    /// <param name="now">Ticks.</param>
    /// <param name="count">Events.</param>
    public bool TryTake(ref long fullAt, long now, int count = 1)
    {
        var seen = Volatile.Read(ref fullAt);
        while (true)
        {
            var next = Math.Max(seen, now) + (count * _cost);
            if (next - now > _depth) return false;
            var before = Interlocked.CompareExchange(ref fullAt, next, seen);
            if (before == seen) return true;
            seen = before;
        }
    }
}
