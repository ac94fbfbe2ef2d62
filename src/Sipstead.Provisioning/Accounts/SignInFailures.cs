namespace Sipstead.Provisioning.Accounts;

/// <summary>
/// The failures of each key, bounded: at the cap the key whose last failure is the oldest is forgotten. Not for parallel use.
/// </summary>
internal sealed class SignInFailures<TKey>(TimeProvider time, int maximum)
    where TKey : notnull
{
    private const int FreeFailures = 5;
    private static readonly TimeSpan MaximumWait = TimeSpan.FromSeconds(60);

    /// <summary>The count at which the longest wait is reached: more would only keep a key slow for longer.</summary>
    private const int MaximumFailures = FreeFailures + 6;

    private static readonly TimeSpan DecayTime = TimeSpan.FromMinutes(1);

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
        if (failures < FreeFailures) return TimeSpan.Zero;
        var wait = TimeSpan.FromSeconds(1 << (failures - FreeFailures));
        var left = (wait < MaximumWait ? wait : MaximumWait) - time.GetElapsedTime(found.Value.Last);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    public void Add(TKey key)
    {
        var failures = Math.Min(Of(key) + 1, MaximumFailures);
        if (_byKey.Remove(key, out var known)) _byTime.Remove(known);
        else if (_byKey.Count >= maximum) Forget(_byTime.First!);
        _byKey[key] = _byTime.AddLast(new Failures(key, failures, time.GetTimestamp()));
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
