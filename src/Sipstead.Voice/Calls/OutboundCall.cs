using System.Globalization;
using Sipstead.Media;
using Sipstead.Provisioning.Realms;
using Sipstead.Provisioning.View;
using Sipstead.Registrar.Location;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Sessions;
using Sipstead.Sip.Trace;
using Sipstead.Sip.Transport;
using Sipstead.Voice.Bxml;
using Sipstead.Voice.Bxml.Runs;
using Sipstead.Voice.Detection;
using Sipstead.Voice.Trunks;

namespace Sipstead.Voice.Calls;

/// <summary>A call that the API or another call makes: queued, then ringing at the devices of a user, then answered by one of them.</summary>
internal class OutboundCall : Call, IForeignCall
{
    private const int TooManyHops = 483;

    /// <summary>A call that nobody's phone rings for is cancelled after this, whatever callTimeout says.</summary>
    private static readonly TimeSpan TimeToRing = TimeSpan.FromSeconds(30);

    /// <summary>Other ways are tried when none has rung for so long; a phone that is there rings within a second or two.</summary>
    private static readonly TimeSpan Patience = TimeToRing / 3;

    private readonly NewCall _wish;
    private readonly LegMedia _offered;
    private readonly Dictionary<OutboundSession, Binding> _throughProxies = [];
    private IRinging? _ringing;
    private ILocatedRinging? _foreign;
    private MediaSession? _foreignMedia;
    private ITimer? _timer;
    private TimeSpan _silence;
    private OutboundSession? _party;
    private bool _isRinging;
    private bool _isPartyGone;
    private bool _lacksPort;
    private bool _lacksTls;

    public OutboundCall(CallServices services, NewCall wish)
        : base(services, Begin(wish, services.Time.GetUtcNow()), wish.Callbacks)
    {
        _wish = wish;
        _offered = new LegMedia(services);
        TraceNumber = wish.Parent?.TraceNumber ?? services.Trace.NextCallNumber();
    }

    public override long TraceNumber { get; }

    /// <summary>Set by the queue, under its lock.</summary>
    public bool HasLeftQueue { get; set; }

    protected override string? SipCallId => _party?.CallId;

    internal override InviteSession? Party => _party;

    protected override bool CanBeRedirected => IsAnswered && !IsForwarded;

    /// <summary>Notes when the call was queued; under the queue's lock, so that calls are listed in the order of these times.</summary>
    public void Enqueue() => Set(state => state with { EnqueuedTime = Time.GetUtcNow() });

    /// <summary>Leaves the queue.</summary>
    public void Start() => Mailbox.Post(() =>
    {
        if (HasEnded) return;
        if (_wish.PassedOn is { HopsLeft: 0 })
        {
            Finish(CallCause.Error, "The call has been passed on too often", TooManyHops);
            return;
        }

        Update(state => state with { Phase = CallPhase.Initiated, StartTime = Time.GetUtcNow() });
        Services.Metrics.Started();
        _timer = Time.CreateTimer(_ => Mailbox.Post(OnSilence), null, Patience, Patience);
        Dial();
    });

    public override Task AnswerAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Ring()
    {
    }

    public override void OnProvisional(OutboundSession session, int status, ReadOnlyMemory<byte> body)
    {
        if (status >= 180) Mailbox.TryPost(() => OnRinging(session, status));
    }

    public override void OnAnswered(OutboundSession session, ReadOnlyMemory<byte> body, SipMessage response) =>
        Mailbox.Post(() => OnPartyAnswered(session, body));

    public override void OnFailed(OutboundSession session, int status, string reason, SipMessage? response) => Mailbox.Post(() =>
    {
        if (response is not null) _foreign?.Note(session, response);
        OnBranchFailed(session, status, reason);
    });

    protected override void ReleaseParty(string cause)
    {
        _timer?.Dispose();
        _ringing?.CancelAll(CancelReason);
        if (!_isPartyGone) _party?.Bye();
        _offered.DisposeAll();
    }

    protected override void OnSessionEnded(InviteSession session, SessionEnd end)
    {
        if (session != _party) return;
        _isPartyGone = true;
        Legs.NoteReason(session.CallId, session.PeerReason);
        Finish(CallCause.Of(end), CallCause.Explain(end));
    }

    /// <summary>What is run first: the document at hand, or the one that the application answers, who may want to know what answered before.</summary>
    protected virtual async Task<VerbOutcome> BeginAsync(string sipCallId, CancellationToken interrupted)
    {
        var found = _wish.MachineDetection is { Targets: null } detection
            ? await MachineDetectionRun.DetectAsync(Media!, detection, Time, interrupted)
            : null;
        if (_wish.Bxml is { } bxml) return VerbOutcome.Replace(Logged(BxmlSource.TestCall, bxml));
        var callback = new VerbCallback("answer", Callbacks.Begin!, Callbacks.BeginFallback, json =>
        {
            found?.WriteTo(json);
            json.WriteString("sipCallId"u8, sipCallId);
        });
        return await CallbackAsync(callback, interrupted);
    }

    /// <summary>Value of the Reason header that devices hear which ring no longer; null for none.</summary>
    protected virtual string? CancelReason => null;

    /// <summary>The first device rings.</summary>
    protected virtual void OnRings()
    {
    }

    private static CallState Begin(NewCall wish, DateTimeOffset now) => new()
    {
        CallId = Calls.CallId.Create(), AccountId = wish.AccountId.ToString(CultureInfo.InvariantCulture), ApplicationId = wish.ApplicationId,
        To = wish.Parent?.State.To ?? wish.To, From = wish.Parent?.State.From ?? wish.From, Direction = CallDirection.Outbound, BaseUrl = wish.BaseUrl, Phase = CallPhase.Queued,
        LastUpdate = now, Tag = string.IsNullOrEmpty(wish.Tag) ? null : wish.Tag,
        Transfer = wish.Parent is { } parent ? new TransferState(parent.State.CallId, parent.CallerId, wish.To) : null,
    };

    private void Dial()
    {
        switch (Services.Destinations.Resolve(_wish.AccountId, _wish.To, _wish.From))
        {
            case Destination.Device device:
                RingDevices(device);
                break;
            case Destination.Foreign foreign:
                Ring(new ForeignRinging(ForeignParty.Of(foreign, _wish), Services.Routes, this, Time, Mailbox));
                break;
            case Destination.Trunk trunk:
                Ring(new TrunkRinging(trunk, _wish, Services, this, Mailbox));
                break;
            case Destination.Unreachable nowhere:
                Finish(nowhere.Cause, nowhere.Message);
                break;
        }
    }

    private void RingDevices(Destination.Device device)
    {
        var realm = device.Realm;
        var trace = new TraceSubject(realm.Id, device.CredentialId, TraceNumber);
        var bindings = Services.Registrar.Find(device.CredentialId).Where(binding => device.Instance is null || binding.Instance == device.Instance);
        var groups = from devices in ForkPlan.Of(bindings)
                     select devices.Select(flows => flows.Select(WayTo).ToList()).ToList();
        Ring(new Fork(groups), device.Instance is null ? $"No device of {_wish.To} is registered" : $"The device {_wish.To} is not registered");

        Func<OutboundSession?> WayTo(Binding binding) => () =>
        {
            var session = Invite(OutboundInvites.RequestUriOf(binding.Contact), realm, binding.Flow, trace, binding.Path);
            if (session is not null && binding.Path.Count > 0) _throughProxies[session] = binding;
            return session;
        };
    }

    CancellationToken IForeignCall.Ended => Ended;

    bool IForeignCall.HasRung => _isRinging;

    bool IForeignCall.LacksPort => _lacksPort;

    OutboundInvite? IForeignCall.Write(ForeignParty party, in SipFlow flow)
    {
        _foreignMedia = OfferedMedia(flow, MediaEncryption.Optional);
        if (_foreignMedia is null) return null;
        return party.Compose(_foreignMedia.CreateOffer()) with { Trace = new(0, 0, TraceNumber), NextHops = Services.Routes };
    }

    int IForeignCall.SizeOf(OutboundInvite invite, in SipFlow flow) => Services.Sessions.SizeOf(invite, flow, this);

    OutboundSession IForeignCall.Send(ForeignParty party, OutboundInvite invite, in SipFlow flow) => Send(invite, flow, _foreignMedia!, party.Trunk);

    void IForeignCall.GoOn() => _ = GoOnAsync();

    private void Ring(ILocatedRinging foreign)
    {
        _foreign = foreign;
        _ringing = foreign;
        _ = GoOnAsync();
    }

    private async Task GoOnAsync()
    {
        try
        {
            if (await _foreign!.TryNextAsync() || HasEnded) return;
            if (_lacksPort) Finish(CallCause.NodeCapacityExceeded, "No port is left for media");
            else if (_foreign.HasAnswer) FinishBy(_foreign);
            else Finish(CallCause.Error, _foreign.Problem);
        }
        catch (OperationCanceledException)
        {
            // The call ended meanwhile.
        }
#pragma warning disable CA1031 // a defect of ours ends this call, not the process
        catch (Exception e)
#pragma warning restore CA1031
        {
            Fail(e);
        }
    }

    private void Ring(Fork fork, string nobody)
    {
        _ringing = fork;
        if (fork.RingNextGroup()) return;
        if (_lacksPort) Finish(CallCause.NodeCapacityExceeded, "No port is left for media");
        else if (_lacksTls) Finish(CallCause.Error, $"{_wish.To} must be called with encrypted media, and none of its devices is connected over TLS");
        else Finish(CallCause.Error, nobody);
    }

    private OutboundSession? Invite(string requestUri, RealmEntry realm, in SipFlow flow, in TraceSubject trace, IReadOnlyList<string> path)
    {
        if (OfferedMedia(flow, realm.MediaEncryption) is not { } media) return null;
        var invite = OutboundInvites.Create(_wish, requestUri, realm.Fqdn, media.CreateOffer()) with { Trace = trace, Routes = path };
        return Send(invite, flow, media);
    }

    private MediaSession? OfferedMedia(in SipFlow flow, MediaEncryption encryption)
    {
        if (LegProtection.Of(flow.Transport, encryption) is not { } protection)
        {
            _lacksTls = true;
            return null;
        }

        var media = _offered.TryOpen(flow, protection);
        _lacksPort |= media is null;
        return media;
    }

    private OutboundSession Send(OutboundInvite invite, in SipFlow flow, MediaSession media, string? trunk = null)
    {
        var session = Services.Sessions.Invite(invite, flow, this);
        session.State = media; // the answer may come over another flow than the INVITE left by
        Legs.Begin(session.CallId, invite.RequestUri, flow, Time.GetUtcNow(), trunk);
        return session;
    }

    private void OnRinging(OutboundSession session, int status)
    {
        Legs.Note(session.CallId, status);
        if (_isRinging || HasEnded || IsAnswered) return;
        _isRinging = true;
        OnRings();
        _timer?.Dispose();
        _timer = Time.CreateTimer(_ => Mailbox.Post(OnUnanswered), null, _wish.CallTimeout, Timeout.InfiniteTimeSpan);
    }

    private void OnUnanswered()
    {
        if (!IsAnswered) Finish(CallCause.Timeout, "Callee did not answer");
    }

    private void OnSilence()
    {
        if (_isRinging || IsAnswered || HasEnded) return;
        _silence += Patience;
        if (_silence < TimeToRing) _ringing?.GoOnAfterSilence();
        else Finish(CallCause.Timeout, "No device started to ring within 30 s");
    }

    private void OnBranchFailed(OutboundSession session, int status, string reason)
    {
        session.State = null; // its timers keep the session for half a minute, which must not keep the media
        Legs.Note(session.CallId, status);
        Legs.NoteReason(session.CallId, session.PeerReason);
        if (_throughProxies.Remove(session, out var binding) && status == 430) Services.Registrar.EndFlow(binding);
        if (HasEnded || IsAnswered || _ringing is not { } ringing || ringing.GoesOnAfter(session, status, reason)) return;
        FinishBy(ringing);
    }

    private void FinishBy(IRinging ringing)
    {
        var (cause, message) = ringing.End;
        Finish(cause, message, ringing.Best.Status);
    }

    /// <summary>Finds out what answered while the call goes on, and tells it. Nothing is told of a call that ends before.</summary>
    private async Task DetectAsync(MachineDetection detection, CallbackTargets targets)
    {
        try
        {
            var found = await MachineDetectionRun.DetectAsync(Media!, detection, Time, Ended);
            await Webhooks.AskAsync(State, new VerbCallback("machineDetectionComplete", targets.Primary, targets.Fallback, found.WriteTo), CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
            // The call ended meanwhile.
        }
#pragma warning disable CA1031 // a defect of ours costs the result, not the call
        catch (Exception e)
#pragma warning restore CA1031
        {
            VoiceLog.DetectionFailed(Services.Logger, Id, e);
        }
    }

    private void OnPartyAnswered(OutboundSession session, ReadOnlyMemory<byte> body)
    {
        Legs.Note(session.CallId, 200);
        if (HasEnded || IsAnswered)
        {
            session.State = null;
            session.Bye();
            return;
        }

        _timer?.Dispose();
        _ringing!.Win(session);
        _party = session;
        var media = (MediaSession)session.State!;
        session.State = null;
        _offered.Keep(media);
        media.ExpectFrom(session.Flow.Source.ToIPAddress());
        Use(media);
        Update(state => state with { Phase = CallPhase.Answered, AnswerTime = Time.GetUtcNow() });
        if (media.AcceptAnswer(body.Span) is { } refusal)
        {
            Finish(CallCause.Error, $"The device's answer cannot be used: {refusal.Reason}");
            return;
        }

        EndWhenSilent();
        if (_wish.MachineDetection is { Targets: { } targets } detection) _ = DetectAsync(detection, targets);
        RunScript(interrupted => BeginAsync(session.CallId, interrupted));
    }
}
