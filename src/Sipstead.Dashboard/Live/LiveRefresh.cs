namespace Sipstead.Dashboard.Live;

/// <summary>
/// Turns any number of changes into at most one refresh an interval, on the page's own dispatcher. A page makes one, signals it from the events of the services,
/// and disposes of it: nothing of it outlives the page.
/// </summary>
public sealed class LiveRefresh : IDisposable
{
    /// <summary>Often enough to look live, seldom enough for a busy server.</summary>
    public static readonly TimeSpan DefaultInterval = TimeSpan.FromMilliseconds(500);

    private readonly Func<Task> _refresh;
    private readonly TimeSpan _interval;
    private readonly ITimer _timer;
    private int _isPlanned;
    private volatile bool _isDisposed;

    /// <param name="refresh">Loads and renders, such as <c>() => InvokeAsync(LoadAsync)</c>. Its failures are the page's to show.</param>
    /// <param name="time">The clock.</param>
    /// <param name="interval">Least time between a signal and the refresh that it causes; <see cref="DefaultInterval"/> when not given.</param>
    public LiveRefresh(Func<Task> refresh, TimeProvider time, TimeSpan? interval = null)
    {
        ArgumentNullException.ThrowIfNull(time);
        _refresh = refresh;
        _interval = interval ?? DefaultInterval;
        _timer = time.CreateTimer(_ => Run(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Notes a change. Cheap, and from any thread.</summary>
    public void Signal()
    {
        if (_isDisposed || Interlocked.Exchange(ref _isPlanned, 1) == 1) return;
        _timer.Change(_interval, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        _isDisposed = true;
        _timer.Dispose();
    }

    private void Run()
    {
        Volatile.Write(ref _isPlanned, 0); // a change from here on is not in what the refresh reads
        if (!_isDisposed) _ = RefreshAsync();
    }

    private async Task RefreshAsync()
    {
        try
        {
            await _refresh();
        }
        catch (ObjectDisposedException)
        {
            // The page closed meanwhile.
        }
    }
}
