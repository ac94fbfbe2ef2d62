namespace Sipstead.Dashboard.Calls;

/// <summary>The way through pages that only know the one after them: newer ones are those that were come by.</summary>
internal sealed class CallPages
{
    private readonly Stack<long> _before = new();

    /// <summary>Where the present page begins; null for the newest.</summary>
    public long? Current => _before.TryPeek(out var before) ? before : null;

    /// <summary>From 1.</summary>
    public int Number => _before.Count + 1;

    public void Older(long next) => _before.Push(next);

    public void Newer() => _before.TryPop(out _);

    public void Reset() => _before.Clear();
}
