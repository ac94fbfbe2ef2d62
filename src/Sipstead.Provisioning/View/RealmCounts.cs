using System.Collections.Concurrent;

namespace Sipstead.Provisioning.View;

/// <summary>How many credentials each realm has, counted by one writer while others read.</summary>
internal sealed class RealmCounts
{
    private readonly ConcurrentDictionary<long, Counter> _counters = new();

    /// <summary>The one that was changed last: most changes in a row are of one realm.</summary>
    private (long RealmId, Counter? Counter) _last;

    public int Of(long realmId) => _counters.TryGetValue(realmId, out var counter) ? Volatile.Read(ref counter.Value) : 0;

    public void Add(long realmId, int step)
    {
        if (_last.Counter is null || _last.RealmId != realmId) _last = (realmId, _counters.GetOrAdd(realmId, _ => new Counter()));
        var counter = _last.Counter!;
        Volatile.Write(ref counter.Value, counter.Value + step);
        if (counter.Value != 0) return;
        _counters.TryRemove(realmId, out _); // realms come and go
        _last = default;
    }

    private sealed class Counter
    {
        public int Value;
    }
}
