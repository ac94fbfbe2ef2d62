namespace Sipstead.Voice.Tests.Bxml;

/// <summary>A call's mailbox for tests: what comes back to it waits until it is run, on the test's own thread, so that nothing depends on luck.</summary>
internal sealed class Mailbox : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _queue = [];

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (_queue) _queue.Enqueue((d, state));
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

    private bool TryTake(out (SendOrPostCallback Callback, object? State) next)
    {
        lock (_queue) return _queue.TryDequeue(out next);
    }
}
