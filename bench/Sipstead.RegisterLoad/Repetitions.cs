namespace Sipstead.RegisterLoad;

/// <summary>
/// Requests in the order in which they want to be looked at again: after T1, then after twice as long each time, up to T2 (RFC 3261 17.1.2.2). A queue for
/// each interval, so that nothing needs sorting.
/// </summary>
internal sealed class Repetitions
{
    private readonly long[] _intervals;
    private readonly Queue<Entry>[] _queues;

    /// <param name="intervals">Nanoseconds until the first look, the second and so on; the last holds for all further ones.</param>
    public Repetitions(params long[] intervals)
    {
        _intervals = intervals;
        _queues = [.. intervals.Select(_ => new Queue<Entry>())];
    }

    /// <param name="repeated">How often this request was repeated already.</param>
    /// <param name="latest">When it is looked at whatever the interval: it is given up then.</param>
    public void Add(int device, uint cseq, int repeated, long now, long latest = long.MaxValue)
    {
        var level = Math.Min(repeated, _intervals.Length - 1);
        _queues[level].Enqueue(new Entry(device, cseq, repeated, Math.Min(now + _intervals[level], latest)));
    }

    public bool TryTake(long now, out Entry entry)
    {
        foreach (var queue in _queues)
        {
            if (!queue.TryPeek(out entry) || entry.Due > now) continue;
            queue.Dequeue();
            return true;
        }

        entry = default;
        return false;
    }

    public void Clear()
    {
        foreach (var queue in _queues) queue.Clear();
    }

    public readonly record struct Entry(int Device, uint CSeq, int Repeated, long Due);
}
