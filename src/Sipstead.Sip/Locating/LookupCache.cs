namespace Sipstead.Sip.Locating;

/// <summary>
/// Answers of one kind of lookup for as long as their time to live says, also those that say that there is nothing. Whoever asks what is being asked waits
/// for that answer. When it is full, the answer that would have gone first goes.
/// </summary>
internal sealed class LookupCache<T>(int capacity, int maxInFlight, TimeProvider time, LocatingMetrics metrics)
{
    /// <summary>A failed lookup is not tried again for so long, so that a dead name server is not asked for each call (RFC 2308 7).</summary>
    private static readonly TimeSpan FailureLife = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(1);
    private static readonly TimeSpan LongestEmptyLife = TimeSpan.FromMinutes(5);

    private static readonly LookupAnswer<T> Failed = new([], TimeSpan.Zero, IsFailed: true);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (LookupAnswer<T> Answer, TimeSpan Due)> _kept = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Task<LookupAnswer<T>>> _asked = new(StringComparer.Ordinal);
    private readonly long _start = time.GetTimestamp();

    public async ValueTask<LookupAnswer<T>> GetAsync(string name, Func<string, Task<LookupAnswer<T>>> ask, CancellationToken cancellationToken)
    {
        Task<LookupAnswer<T>>? answer;
        lock (_gate)
        {
            if (TryGetKept(name) is { } kept) return kept;
            if (!_asked.TryGetValue(name, out answer))
            {
                if (_asked.Count >= maxInFlight)
                {
                    metrics.LookedUp("over limit");
                    return Failed;
                }

                _asked[name] = answer = Task.Run(() => AskAsync(name, ask), CancellationToken.None);
            }
        }

        return await answer.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private TimeSpan Now => time.GetElapsedTime(_start);

    private LookupAnswer<T>? TryGetKept(string name)
    {
        if (!_kept.TryGetValue(name, out var entry)) return null;
        if (entry.Due > Now) return entry.Answer;
        Forget(name);
        return null;
    }

    private async Task<LookupAnswer<T>> AskAsync(string name, Func<string, Task<LookupAnswer<T>>> ask)
    {
        var answer = Failed;
        try
        {
            answer = await ask(name).ConfigureAwait(false);
            return answer;
        }
        finally
        {
            metrics.LookedUp(answer.IsFailed ? "failed" : answer.Records.Count > 0 ? "found" : "none");
            lock (_gate)
            {
                _asked.Remove(name);
                Keep(name, answer);
            }
        }
    }

    private void Keep(string name, LookupAnswer<T> answer)
    {
        var life = LifeOf(answer);
        if (life <= TimeSpan.Zero) return;
        if (_kept.Count >= capacity) MakeRoom();
        if (!_kept.ContainsKey(name)) metrics.Kept(1);
        _kept[name] = (answer, Now + life);
    }

    private static TimeSpan LifeOf(LookupAnswer<T> answer)
    {
        if (answer.IsFailed) return FailureLife;
        var longest = answer.Records.Count > 0 ? LongestLife : LongestEmptyLife;
        return answer.TimeToLive < longest ? answer.TimeToLive : longest;
    }

    private void MakeRoom()
    {
        var first = _kept.MinBy(pair => pair.Value.Due);
        if (first.Value.Due > Now) metrics.Dropped("lookups");
        Forget(first.Key);
    }

    private void Forget(string name)
    {
        if (_kept.Remove(name)) metrics.Kept(-1);
    }
}
