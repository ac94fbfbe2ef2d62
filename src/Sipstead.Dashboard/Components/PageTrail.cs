namespace Sipstead.Dashboard.Components;

/// <summary>The way through pages that only know the one after them: newer ones are those that were come by.</summary>
/// <typeparam name="T">What tells where a page begins; one that has a null.</typeparam>
public sealed class PageTrail<T>
{
    private readonly Stack<T> _before = new();

    /// <summary>Where the present page begins; null for the newest.</summary>
    public T? Current => _before.TryPeek(out var before) ? before : default;

    /// <summary>From 1.</summary>
    public int Number => _before.Count + 1;

    /// <summary>Goes on to the page that begins there.</summary>
    public void Older(T next) => _before.Push(next);

    /// <summary>Goes back to the page that was come by last.</summary>
    public void Newer() => _before.TryPop(out _);

    /// <summary>Goes back to the newest.</summary>
    public void Reset() => _before.Clear();
}
