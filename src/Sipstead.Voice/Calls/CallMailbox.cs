using Microsoft.Extensions.Logging;

namespace Sipstead.Voice.Calls;

/// <summary>
/// Runs everything that concerns one call or conference, one piece after the other and on no thread of its own: SIP events, webhook answers, timers and API
/// commands are messages to it. It is the synchronization context of what it runs, so that code behind an await comes back to it. What peers can send
/// without end goes through <see cref="TryPost"/>, which refuses at the cap.
/// </summary>
internal sealed class CallMailbox(VoiceMetrics metrics, ILogger logger) : SynchronizationContext
{
    /// <summary>Messages of peers that may wait: far more than any well-behaved call has.</summary>
    private const int Capacity = 256;

    private readonly Lock _lock = new();
    private readonly Queue<(SendOrPostCallback Run, object? State)> _waiting = new();
    private bool _isRunning;

    /// <summary>Posts what has to happen.</summary>
    public void Post(Action message) => Post(static state => ((Action)state!)(), message);

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (_lock)
        {
            _waiting.Enqueue((d, state));
            if (_isRunning) return;
            _isRunning = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static mailbox => mailbox.Run(), this, preferLocal: false);
    }

    /// <summary>Posts what a peer asks for. False when too much waits: the message is dropped and counted.</summary>
    public bool TryPost(Action message)
    {
        lock (_lock)
        {
            if (_waiting.Count >= Capacity)
            {
                metrics.MessageDropped();
                return false;
            }
        }

        Post(message);
        return true;
    }

    /// <summary>Posts a command; its result, or what it threw, comes back to who asked.</summary>
    public Task<T> AskAsync<T>(Func<T> command)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            try
            {
                answer.SetResult(command());
            }
#pragma warning disable CA1031 // told to who asked
            catch (Exception e)
#pragma warning restore CA1031
            {
                answer.SetException(e);
            }
        });
        return answer.Task;
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Nobody may wait for a mailbox.");

    public override SynchronizationContext CreateCopy() => this;

    private void Run()
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            while (TryTake(out var message)) RunOne(message);
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    private bool TryTake(out (SendOrPostCallback Run, object? State) message)
    {
        lock (_lock)
        {
            _isRunning = _waiting.TryDequeue(out message);
            return _isRunning;
        }
    }

    private void RunOne((SendOrPostCallback Run, object? State) message)
    {
        try
        {
            message.Run(message.State);
        }
#pragma warning disable CA1031 // one message's failure must end neither the call's other messages nor the process
        catch (Exception e)
#pragma warning restore CA1031
        {
            VoiceLog.MessageFailed(logger, e);
        }
    }
}
