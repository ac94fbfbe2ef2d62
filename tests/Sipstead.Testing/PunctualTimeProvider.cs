using Microsoft.Extensions.Time.Testing;

namespace Sipstead.Testing;

/// <summary>
/// A fake clock for code on several threads. The fake clock fires timers that are due on the thread that looks first, which may be one that just arms a
/// timer; this one waits for it, so that after <see cref="Pass"/> nothing is due any more.
/// </summary>
public sealed class PunctualTimeProvider(DateTimeOffset start) : FakeTimeProvider(start)
{
    private int _arming;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        Arm(() => new PunctualTimer(this, base.CreateTimer(callback, state, dueTime, period)));

    /// <summary>Lets time pass, and returns when all timers that are due have fired. Not to be called from a timer.</summary>
    public void Pass(TimeSpan time)
    {
        Advance(time);
        SpinWait.SpinUntil(() => Volatile.Read(ref _arming) == 0);

        // Who was about to stop looking when the time changed has kept this thread from looking, and fired nothing.
        Advance(TimeSpan.Zero);
        SpinWait.SpinUntil(() => Volatile.Read(ref _arming) == 0);
    }

    private T Arm<T>(Func<T> arm)
    {
        Interlocked.Increment(ref _arming);
        try
        {
            return arm();
        }
        finally
        {
            Interlocked.Decrement(ref _arming);
        }
    }

    private sealed class PunctualTimer(PunctualTimeProvider time, ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => time.Arm(() => timer.Change(dueTime, period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
