using Sipstead.Media;
using Sipstead.Sip.Sessions;
using Sipstead.Voice.Bxml;
using Sipstead.Voice.Callbacks;

namespace Sipstead.Voice.Calls;

/// <summary>A call from a device or by a trunk: its application hears <c>initiate</c>, and what it answers decides whether the call is answered at all.</summary>
internal sealed class InboundCall : Call
{
    private readonly TaskCompletionSource _confirmed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly InboundSession _session;
    private readonly byte[] _sdp;
    private readonly bool _isOfferless;
    private bool _isRinging;
    private bool _hasAnswer;
    private bool _isPartyGone;

    /// <param name="sdp">Our answer to the device's offer, or our offer when it made none.</param>
    public InboundCall(CallServices services, CallState state, CallTargets callbacks, Arrival arrival, MediaSession media, byte[] sdp)
        : base(services, state, callbacks)
    {
        _session = arrival.Session;
        _sdp = sdp;
        _isOfferless = _session.Invite.Body.IsEmpty;
        Brought = arrival.Brought;
        Legs.Begin(_session.CallId, state.From, _session.Flow, services.Time.GetUtcNow(), arrival.Trunk);
        Use(media);
    }

    public override long TraceNumber => _session.Trace.CallNumber;

    internal override InviteHeaders Brought { get; }

    internal override InviteSession Party => _session;

    protected override string SipCallId => _session.CallId;

    public void Start() => Mailbox.Post(() =>
    {
        if (HasEnded) return; // the caller gave up at once
        var callback = new VerbCallback(
            "initiate", Callbacks.Begin!, Callbacks.BeginFallback,
            json => InitiateFields.Write(json, Brought, SipCallId, State.StirShaken, State.Identity));
        RunScript(interrupted => CallbackAsync(callback, interrupted));
    });

    public override async Task AnswerAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested(); // the call may be over since the verb was resumed
        if (!IsAnswered)
        {
            _session.Answer(_sdp);
            Legs.Note(SipCallId, 200);
            Update(state => state with { Phase = CallPhase.Answered, AnswerTime = Time.GetUtcNow() });
        }

        await _confirmed.Task.WaitAsync(cancellationToken);
    }

    public override void Ring()
    {
        if (IsAnswered || _isRinging || _isPartyGone) return;
        _isRinging = true;
        _session.Progress(180, _session.OffersInProgress ? _sdp : default);
        Legs.Note(SipCallId, 180);
    }

    public override void OnCancelled(InboundSession session) => Mailbox.Post(() =>
    {
        _isPartyGone = true;
        Legs.Note(SipCallId, 487);
        Legs.NoteReason(SipCallId, session.PeerReason);
        Finish(CallCause.Cancel);
    });

    public override void OnEarlyAnswer(InboundSession session, ReadOnlyMemory<byte> body) => Mailbox.Post(() =>
    {
        if (!HasEnded) TakeAnswer(body);
    });

    public override void OnConfirmed(InboundSession session, ReadOnlyMemory<byte> body) => Mailbox.Post(() => Confirm(body));

    protected override void ReleaseParty(string cause)
    {
        if (_isPartyGone) return;
        if (IsAnswered)
        {
            _session.Bye();
            return;
        }

        _session.Reject(CallCause.StatusOf(cause));
        Legs.Note(SipCallId, CallCause.StatusOf(cause));
    }

    protected override void OnSessionEnded(InviteSession session, SessionEnd end)
    {
        _isPartyGone = true;
        Legs.NoteReason(SipCallId, session.PeerReason);
        Finish(CallCause.Of(end), CallCause.Explain(end));
    }

    private void Confirm(ReadOnlyMemory<byte> body)
    {
        if (HasEnded || _confirmed.Task.IsCompleted) return;
        if (_isOfferless && !_hasAnswer && !TakeAnswer(body)) return;
        EndWhenSilent();
        _confirmed.TrySetResult();
    }

    /// <summary>Takes the device's answer to our offer. False when it ended the call.</summary>
    private bool TakeAnswer(ReadOnlyMemory<byte> body)
    {
        _hasAnswer = true;
        if (Media!.AcceptAnswer(body.Span) is not { } refusal) return true;
        Finish(CallCause.Error, $"The device's answer cannot be used: {refusal.Reason}");
        return false;
    }
}
