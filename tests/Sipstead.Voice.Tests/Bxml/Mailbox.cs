using Sipstead.Testing;

namespace Sipstead.Voice.Tests.Bxml;

/// <summary>A call's mailbox for tests: what comes back to it waits until it is run, on the test's own thread, so that nothing depends on luck.</summary>
internal sealed class Mailbox : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _queue = [];

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (_queue)
        {
            _queue.Enqueue((d, state));
            Monitor.PulseAll(_queue);
        }
    }

    /// <summary>Runs an action, then all that comes back.</summary>
    public void Run(Action action)
    {
        var outer = Current;
        SetSynchronizationContext(this);
        try
        {
            action();
            while (TryTake(out var next)) next.Callback(next.State);
        }
        finally
        {
            SetSynchronizationContext(outer);
        }
    }

    /// <summary>Runs an action, then all that comes back until the task is over: a canceled read of a channel comes back from the thread pool.</summary>
    public void RunUntilOver(Action action, Task task)
    {
        Run(action);
        var started = TimeProvider.System.GetTimestamp();
        while (!task.IsCompleted && TimeProvider.System.GetElapsedTime(started) < Poll.DefaultDeadline)
        {
            lock (_queue)
            {
                if (_queue.Count == 0) Monitor.Wait(_queue, TimeSpan.FromMilliseconds(100));
            }

            Run(() => { });
        }
    }

    private bool TryTake(out (SendOrPostCallback Callback, object? State) next)
    {
        lock (_queue) return _queue.TryDequeue(out next);
    }
}
