using Sipstead.Voice.Bxml;
using Sipstead.Voice.Calls;

namespace Sipstead.Voice.Connecting;

/// <summary>
/// The call to one target of a Transfer or Forward. What its application answers to <c>transferAnswer</c> runs on it first; when that is over, it is connected
/// with the call that it was made for. Redirected after that, it goes its own way.
/// </summary>
internal sealed class TransferLeg : OutboundCall
{
    private readonly Transferring _transfer;
    private readonly CallbackTargets? _answer;
    private bool _isAdmitted;
    private bool _hasWon;
    private volatile bool _wasConnected;

    public TransferLeg(Transferring transfer, CallServices services, NewCall wish, TransferTarget target)
        : base(services, wish)
    {
        _transfer = transfer;
        _answer = target.Answer;
    }

    /// <summary>The documents that run before it is connected may not connect it with anybody else.</summary>
    internal override BxmlContext DocumentContext => _wasConnected ? BxmlContext.Call : BxmlContext.TransferAnswer;

    internal override bool IsForwarded => _transfer.IsForward;

    /// <summary>Takes it into the account's calls and begins to ring, unless a limit forbids it; then it ends with the cause of that.</summary>
    public void Begin() => Mailbox.Post(() =>
    {
        if (HasEnded) return;
        switch (Services.Traffic.AdmitAtOnce(this))
        {
            case CallAdmission.Admitted:
                _isAdmitted = true;
                Services.Metrics.Created("outbound");
                break;
            case CallAdmission.ServerCalls:
                Finish(CallCause.NodeCapacityExceeded, "The server has as many calls as it may");
                break;
            case CallAdmission.AccountRate:
                Finish(CallCause.AccountLimit, "The account begins as many calls a second as it may");
                break;
            default:
                Finish(CallCause.AccountLimit, "The account has as many calls as it may");
                break;
        }
    });

    /// <summary>Ends it because another target was faster, or because nobody waits for it any more. Nothing happens once it goes its own way.</summary>
    public void LetGo() => Mailbox.Post(() =>
    {
        if (!_wasConnected) Finish(_hasWon ? CallCause.Hangup : CallCause.Cancel);
    });

    /// <summary>A device that loses to another target missed nothing.</summary>
    protected override string? CancelReason => _transfer.IsWon ? Fork.CompletedElsewhere : null;

    protected override void OnRings() => _transfer.OnRings();

    protected override Task<VerbOutcome> BeginAsync(string sipCallId, CancellationToken interrupted)
    {
        _hasWon = _transfer.TryWin(this);
        if (!_hasWon) return Task.FromResult(VerbOutcome.End(CallCause.Cancel));
        return _answer is null
            ? Task.FromResult(VerbOutcome.OutOfVerbs)
            : CallbackAsync(new VerbCallback("transferAnswer", _answer.Primary, _answer.Fallback), interrupted);
    }

    protected override async Task<VerbOutcome> GoOnWithoutVerbsAsync(CancellationToken interrupted)
    {
        if (_wasConnected) return VerbOutcome.HangUp;
        try
        {
            _wasConnected = true;
            await _transfer.ConnectAsync(this, interrupted);
        }
        finally
        {
            _transfer.OnLeft(this);
        }

        return VerbOutcome.HangUp;
    }

    private protected override void OnTakenOver()
    {
        if (_wasConnected) return;
        _wasConnected = true;
        _transfer.OnLeft(this);
    }

    protected override void LeaveTraffic()
    {
        if (_isAdmitted) base.LeaveTraffic();
    }

    protected override void OnFinished() => _transfer.OnLeft(this);
}
