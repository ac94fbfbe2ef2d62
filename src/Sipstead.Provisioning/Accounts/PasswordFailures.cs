namespace Sipstead.Provisioning.Accounts;

/// <summary>
/// The wrong passwords of each key: after a number that is free each further try waits 1 s, 2 s, 4 s and so on, up to 60 s; a minute
/// without a failure takes one back. Bounded: at the cap the key whose last failure is the oldest is forgotten. Not for parallel use.
/// </summary>
internal sealed class PasswordFailures<TKey>(TimeProvider time, int maximum, int freeFailures)
    where TKey : notnull
{
    private static readonly TimeSpan MaximumWait = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan DecayTime = TimeSpan.FromMinutes(1);

    /// <summary>The count at which the longest wait is reached: more would only keep a key slow for longer.</summary>
    private readonly int _maximumFailures = freeFailures + 6;

    private readonly Dictionary<TKey, LinkedListNode<Failures>> _byKey = [];

    /// <summary>The key whose last failure is the oldest comes first.</summary>
    private readonly LinkedList<Failures> _byTime = [];

    public int Count => _byKey.Count;

    /// <summary>How many failures a key has, less one for each minute since the last.</summary>
    public int Of(TKey key) => _byKey.TryGetValue(key, out var found) ? Left(found.Value) : 0;

    /// <summary>How long a key has to wait; zero when it need not.</summary>
    public TimeSpan Wait(TKey key)
    {
        if (!_byKey.TryGetValue(key, out var found)) return TimeSpan.Zero;
        var failures = Left(found.Value);
        if (failures < freeFailures) return TimeSpan.Zero;
        var wait = TimeSpan.FromSeconds(1 << (failures - freeFailures));
        var left = (wait < MaximumWait ? wait : MaximumWait) - time.GetElapsedTime(found.Value.Last);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    public void Add(TKey key)
    {
        var failures = Math.Min(Of(key) + 1, _maximumFailures);
        if (_byKey.Remove(key, out var known)) _byTime.Remove(known);
        else if (_byKey.Count >= maximum) Forget(_byTime.First!);
        _byKey[key] = _byTime.AddLast(new Failures(key, failures, time.GetTimestamp()));
    }

    /// <summary>Forgets a key's failures.</summary>
    public void Clear(TKey key)
    {
        if (_byKey.TryGetValue(key, out var found)) Forget(found);
    }

    public void TakeBack(TKey key)
    {
        if (!_byKey.TryGetValue(key, out var found)) return;
        if (found.Value.Count <= 1) Forget(found);
        else found.Value = found.Value with { Count = found.Value.Count - 1 };
    }

    private void Forget(LinkedListNode<Failures> node)
    {
        _byTime.Remove(node);
        _byKey.Remove(node.Value.Key);
    }

    private int Left(Failures failures) => Math.Max(0, failures.Count - (int)(time.GetElapsedTime(failures.Last) / DecayTime));

    private readonly record struct Failures(TKey Key, int Count, long Last);
}
