namespace Sipstead.Testing;

/// <summary>Waits for something to become true, with a deadline.</summary>
public static class Poll
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>What a test waits at most when it names no deadline: long enough for a very busy machine, as only a failure reaches it.</summary>
    public static TimeSpan DefaultDeadline { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Asks until the answer is not null, and returns it. Throws <see cref="TimeoutException"/> naming <paramref name="what"/>.</summary>
    public static async Task<T> ForAsync<T>(string what, Func<Task<T?>> find, CancellationToken cancellationToken, TimeSpan? deadline = null)
        where T : class
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (await find() is { } found) return found;
            if (TimeProvider.System.GetElapsedTime(started) > (deadline ?? DefaultDeadline)) throw new TimeoutException($"In vain waited for: {what}.");
            await Task.Delay(Interval, cancellationToken);
        }
    }

    /// <summary>Asks until the answer is yes.</summary>
    public static async Task UntilAsync(string what, Func<Task<bool>> condition, CancellationToken cancellationToken, TimeSpan? deadline = null) =>
        await ForAsync(what, async () => await condition() ? what : null, cancellationToken, deadline);
}
