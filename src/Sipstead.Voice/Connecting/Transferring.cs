using Sipstead.Voice.Calls;

namespace Sipstead.Voice.Connecting;

/// <summary>
/// One Transfer or Forward of a call. All targets ring together, each with a call of its own; the first that answers wins, and is connected with the call once
/// its own documents are over. Runs on the call's mailbox; what the targets' calls tell comes from theirs.
/// </summary>
internal sealed class Transferring(Call call, TransferPlan plan, bool isForward)
{
    /// <summary>Of targets that did not answer the one is told of whose cause tells most; causes that are not here tell least.</summary>
    private static readonly string[] Telling = [CallCause.Busy, CallCause.Rejected, CallCause.Timeout, CallCause.Error, CallCause.NodeCapacityExceeded, CallCause.AccountLimit];

    private readonly TaskCompletionSource _rings = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _deciding = new();
    private TransferLeg[] _legs = [];
    private TransferLeg? _winner;
    private CallBridge? _bridge;
    private int _open;
    private bool _isReady;
    private bool _isOver;

    /// <summary>True when the application has no say in the two calls any more.</summary>
    public bool IsForward => isForward;

    /// <summary>True once a target has answered.</summary>
    public bool IsWon => Volatile.Read(ref _winner) is not null;

    /// <summary>Rings, connects, and waits until the target that won leaves, or none is left.</summary>
    public async Task<TransferEnd> RunAsync(CancellationToken interrupted)
    {
        var wishes = new TransferWishes(call, plan, isForward);
        _legs = [.. plan.Targets.Select(target => new TransferLeg(this, call.Services, wishes.For(target), target))];
        _open = _legs.Length;
        try
        {
            foreach (var leg in _legs)
            {
                call.Legs.Follow(leg.Legs);
                leg.Begin();
            }

            await RingUntilSettledAsync(interrupted);
            if (_isReady && !_winner!.HasEnded) await _bridge!.StayAsync(call, interrupted);
            return EndOf(_winner ?? _legs.MinBy(RankOf)!);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>A target's phone rings.</summary>
    public void OnRings() => _rings.TrySetResult();

    /// <summary>A target answered. False when another was faster, or nobody waits any more.</summary>
    public bool TryWin(TransferLeg leg)
    {
        lock (_deciding)
        {
            if (_isOver || _winner is not null) return false;
            _winner = leg;
            _bridge = new CallBridge(call, leg);
        }

        foreach (var other in _legs)
        {
            if (other != leg) other.LetGo();
        }

        return true;
    }

    /// <summary>The winner is ready to talk: its party hears the other and is heard, until one of them leaves.</summary>
    public Task ConnectAsync(TransferLeg winner, CancellationToken interrupted)
    {
        _isReady = true;
        _settled.TrySetResult();
        return _bridge!.StayAsync(winner, interrupted);
    }

    /// <summary>A target's call ended, or was taken to talk to somebody else.</summary>
    public void OnLeft(TransferLeg leg)
    {
        bool isSettled;
        lock (_deciding) isSettled = leg == _winner || (--_open == 0 && _winner is null);
        if (isSettled) _settled.TrySetResult();
    }

    /// <summary>The caller hears that it rings, once one of the targets does, until a target is ready to talk or none is left.</summary>
    private async Task RingUntilSettledAsync(CancellationToken interrupted)
    {
        await Task.WhenAny(_rings.Task, _settled.Task).WaitAsync(interrupted);
        if (_settled.Task.IsCompleted) return;
        if (!call.IsAnswered)
        {
            call.Ring();
            await _settled.Task.WaitAsync(interrupted);
            return;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        var ringBack = call.PlayRingBackAsync(TimeSpan.MaxValue, stop.Token);
        try
        {
            await _settled.Task.WaitAsync(interrupted);
        }
        finally
        {
            stop.Cancel();
            await ringBack.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    /// <summary>Whoever still rings is cancelled, and whoever was connected leaves.</summary>
    private void Leave()
    {
        lock (_deciding) _isOver = true;
        _bridge?.End();
        foreach (var leg in _legs) leg.LetGo();
    }

    private static int RankOf(TransferLeg leg) => Array.IndexOf(Telling, leg.State.DisconnectCause) is >= 0 and var rank ? rank : Telling.Length;

    private static TransferEnd EndOf(TransferLeg leg)
    {
        var state = leg.State;
        return new TransferEnd(state.Transfer!.CallerId, state.Transfer.To, state.DisconnectCause ?? CallCause.Hangup, state.ErrorMessage, state.ErrorId);
    }
}
