using Microsoft.Extensions.Logging;
using Sipstead.Sip.Trace;

namespace Sipstead.Sip.Transactions;

/// <summary>
/// Runs steps one at a time, in the order they were posted, on the threads that post them, and holds no lock while one runs. A session and its
/// transactions have one between them: their state needs no other lock, their users are called in order, and a user may call back at any time.
/// </summary>
/// <param name="trace">Whom the messages of the session and its transactions concern.</param>
internal sealed class SerialQueue(ILogger logger, in TraceSubject trace = default)
{
    /// <summary>Steps that messages of peers may have waiting; more are dropped as if the network had lost them.</summary>
    public const int NetworkCapacity = 128;

    private readonly Lock _gate = new();
    private readonly Queue<Action> _waiting = new();
    private bool _running;

    public TraceSubject Trace { get; } = trace;

    /// <summary>Posts a step of our own: a timer's, or a call of the user. When no step runs, it has run on return.</summary>
    public void Post(Action step)
    {
        lock (_gate)
        {
            _waiting.Enqueue(step);
            if (_running) return;
            _running = true;
        }

        Run();
    }

    /// <summary>Posts the step for a message of a peer. False when too many wait.</summary>
    public bool TryPost(Action step)
    {
        lock (_gate)
        {
            if (_waiting.Count >= NetworkCapacity) return false;
            _waiting.Enqueue(step);
            if (_running) return true;
            _running = true;
        }

        Run();
        return true;
    }

    private void Run()
    {
        while (TryTake(out var step))
        {
            try
            {
                step();
            }
#pragma warning disable CA1031 // a failing user must not take a receiving loop or the timers with it
            catch (Exception e)
#pragma warning restore CA1031
            {
                SipLog.StepFailed(logger, e);
            }
        }
    }

    private bool TryTake(out Action step)
    {
        lock (_gate)
        {
            _running = _waiting.TryDequeue(out step!);
            return _running;
        }
    }
}
