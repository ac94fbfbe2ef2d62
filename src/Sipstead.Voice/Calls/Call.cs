using System.Globalization;
using Sipstead.Media;
using Sipstead.Media.Audio;
using Sipstead.Media.Speech;
using Sipstead.Sip.Sessions;
using Sipstead.Voice.Bxml;
using Sipstead.Voice.Bxml.Runs;
using Sipstead.Voice.Callbacks;
using Sipstead.Voice.Collecting;
using Sipstead.Voice.Conferences;
using Sipstead.Voice.Connecting;
using Sipstead.Voice.Recordings;
using Sipstead.Voice.Streams;
using Sipstead.Voice.Transcribing;
using Sipstead.Webhooks;

namespace Sipstead.Voice.Calls;

/// <summary>
/// One call: its state, its party's session and media, and the BXML that runs on it. Everything but <see cref="State"/> and the commands of the API happens
/// on its mailbox.
/// </summary>
#pragma warning disable CA1001 // token sources without timers hold nothing to free; Finish cancels them
internal abstract partial class Call : IVerbCall, ISessionListener
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource _ended = new();
    private volatile CallState _state;
    private volatile Uri? _documentUrl;
    private volatile MediaSession? _media;
    private volatile MediaStatistics? _lastMedia;
    private readonly KeyPresses _presses;
    private readonly KeyEvents _keys;
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CallConnections _connections;
    private DigitListener? _listener;
    private CancellationTokenSource? _interrupt;
    private Task _script = Task.CompletedTask;
    private volatile Task _disconnecting = Task.CompletedTask;

    protected Call(CallServices services, CallState state, CallTargets callbacks)
    {
        Services = services;
        Callbacks = callbacks;
        Mailbox = new CallMailbox(services.Metrics, services.Logger);
        Webhooks = new CallWebhooks(services, callbacks);
        _presses = new KeyPresses(services.Time);
        _keys = new KeyEvents(this);
        Streams = new CallStreams(this);
        Transcriptions = new CallTranscriptions(this);
        _state = state;
        RecordingOf = new CallRecording(this);
        _connections = new CallConnections(this);
    }

    public CallState State => _state;

    public string Id => _state.CallId;

    /// <summary>The number of the call in the SIP trace, which all its sessions share.</summary>
    public abstract long TraceNumber { get; }

    public TimeProvider Time => Services.Time;

    public bool IsAnswered => _state.Phase == CallPhase.Answered;

    public string? Tag
    {
        get => _state.Tag;
        set => Update(state => state with { Tag = string.IsNullOrEmpty(value) ? null : value });
    }

    /// <summary>The URL that delivered the document that runs or ran last; relative URLs of a document without one are resolved against it.</summary>
    public Uri? DocumentUrl => _documentUrl;

    /// <summary>The devices that it came from or rang.</summary>
    public CallLegs Legs { get; } = new();

    /// <summary>What the party was sent and sent so far; null when no media was agreed on.</summary>
    public MediaStatistics? MediaStatistics => _media?.Statistics ?? _lastMedia;

    public ICallRecording Recording => RecordingOf;

    internal CallRecording RecordingOf { get; }

    /// <summary>What its features share with all calls.</summary>
    internal CallServices Services { get; }

    internal CallMailbox Mailbox { get; }

    internal CallWebhooks Webhooks { get; }

    /// <summary>Where the webhooks of the call itself go.</summary>
    internal CallTargets Callbacks { get; }

    public ICallConferences Conferences => new CallConferences(this);

    /// <summary>Cancelled on the mailbox when the call ends, while its media is still there.</summary>
    internal CancellationToken Ended => _ended.Token;

    /// <summary>Done when the call is answered; never for one that is not.</summary>
    internal Task Answered => _answered.Task;

    internal bool HasEnded => _state.Phase == CallPhase.Disconnected;

    /// <summary>Null before media was agreed on, and once the call ended.</summary>
    internal MediaSession? Media => _media;

    /// <summary>How it is connected with other calls.</summary>
    public ICallConnections Connections => _connections;

    /// <summary>True when its application has no say in it any more.</summary>
    internal virtual bool IsForwarded => _connections.IsForwarded;

    /// <summary>The session with its party; null while nobody has answered a call of ours.</summary>
    internal abstract InviteSession? Party { get; }

    /// <summary>Whom its party talks to; null while that is the document. On the mailbox.</summary>
    internal CallBridge? Bridge { get; set; }

    /// <summary>What its INVITE said that goes along when the call is sent on; null for a call of ours.</summary>
    internal virtual InviteHeaders? Brought => null;

    /// <summary>Which verbs its documents may hold.</summary>
    internal virtual BxmlContext DocumentContext => BxmlContext.Call;

    /// <summary>The SIP Call-ID of the party's session, once there is one.</summary>
    protected abstract string? SipCallId { get; }

    private string DirectionName => _state.Direction == CallDirection.Inbound ? "inbound" : "outbound";

    /// <summary>Redirects the call (voice-api.md 4.4). False when its state forbids it.</summary>
    public Task<bool> RedirectAsync(CallRedirect redirect) => Mailbox.AskAsync(() =>
    {
        if (!CanBeRedirected) return false;
        if (redirect.Tag is not null) Tag = redirect.Tag;
        RunScript(interrupted => CallbackAsync(new VerbCallback("redirect", redirect.Primary, redirect.Fallback), interrupted));
        return true;
    });

    /// <summary>Puts another document in the place of what runs (voice-api.md 4.5). False when the call's state forbids it.</summary>
    public Task<bool> ReplaceBxmlAsync(GivenBxml bxml) => Mailbox.AskAsync(() =>
    {
        if (!CanBeRedirected) return false;
        RunScript(_ => Task.FromResult(VerbOutcome.Replace(Logged(BxmlSource.Api, bxml))));
        return true;
    });

    /// <summary>Hangs up, cancels or rejects, whichever the call's state asks for. False when it has ended.</summary>
    public Task<bool> CompleteAsync() => Mailbox.AskAsync(() =>
    {
        if (HasEnded) return false;
        Finish(_state.AnswerTime is null ? CallCause.Cancel : CallCause.Hangup);
        return true;
    });

    /// <summary>Ends the call because the server stops, and waits until the application heard of it.</summary>
    public async Task StopAsync()
    {
        await Mailbox.AskAsync(() =>
        {
            Finish(CallCause.Hangup);
            return true;
        });
        await _disconnecting;
    }

    /// <summary>Tells who looks on that there is a call now: on its mailbox, so that this comes before all that happens to it.</summary>
    public void Announce() => Mailbox.Post(() => Services.Changes.Report(_state));

    public abstract Task AnswerAsync(CancellationToken cancellationToken);

    public abstract void Ring();

    public async Task PlayAsync(IAudioSource source, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_media is { } media) await media.PlayAsync(source, cancellationToken);
    }

    public async Task PlayRingBackAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        if (_media is null) return;
        await PlayAsync(new ToneSource(Tones.RingBack, duration), cancellationToken);
    }

    public ValueTask<AudioResult> SpeakAsync(SpeechRequest request, CancellationToken cancellationToken) =>
        Services.Speech.SpeakAsync(request, cancellationToken);

    public ValueTask<AudioResult> FetchAudioAsync(Uri url, BasicCredentials? credentials, CancellationToken cancellationToken) =>
        Services.Audio.GetAsync(url, credentials, cancellationToken);

    public IKeyEvents Keys => _keys;

    public ICallStreams Streams { get; }

    public ICallTranscriptions Transcriptions { get; }

    public IDigitListener ListenForDigits() => _listener = new DigitListener(listener =>
    {
        if (_listener == listener) _listener = null;
    });

    public async Task SendDigitsAsync(IReadOnlyList<DigitTone> tones, CancellationToken cancellationToken)
    {
        foreach (var tone in tones)
        {
            if (tone.Digit is { } digit && _media is { } media)
            {
                var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                media.SendDigit(digit, tone.Duration, () => sent.TrySetResult());
                await sent.Task.WaitAsync(cancellationToken);
                await Task.Delay(tone.Interval, Time, cancellationToken);
            }
            else
            {
                await Task.Delay(tone.Duration, Time, cancellationToken);
            }
        }
    }

    public async Task EchoAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        if (_media is not { } media) return;
        var echo = new EchoSource(duration);
        using (media.Tap(AudioTrack.Inbound, echo)) await PlayAsync(echo, cancellationToken);
    }

    public Task<VerbOutcome> CallbackAsync(VerbCallback callback, CancellationToken cancellationToken) => CallbackAsync(_state, callback, cancellationToken);

    /// <summary>As the other, with the call shown in another state than its own.</summary>
    internal async Task<VerbOutcome> CallbackAsync(CallState shown, VerbCallback callback, CancellationToken cancellationToken)
    {
        var result = await Webhooks.AskAsync(shown, callback, cancellationToken);
        if (!result.Succeeded) return VerbOutcome.End(CallCause.CallbackError, result.Error);
        _documentUrl = result.Url;
        if (result.Body.IsEmpty) VoiceLog.EmptyAnswer(Services.Logger, _state.CallId, callback.EventType);
        var read = result.Body.IsEmpty
            ? new BxmlResult(new BxmlDocument([], result.Url), null)
            : BxmlReader.Read(result.Body, result.Url, DocumentContext);
        var logged = Services.Documents.Add(Id, BxmlSource.Webhook(callback.EventType, result.Url), Time.GetUtcNow(), result.Body, read);
        return logged.Document is { } document ? VerbOutcome.Replace(document) : VerbOutcome.End(CallCause.InvalidBxml, logged.Error!.Message);
    }

    public void Notify(VerbNotice notice) => _ = Webhooks.TellAsync(_state, notice);

    /// <summary>Lets go of the party: BYE, CANCEL or a final answer, or nothing when it is gone.</summary>
    protected abstract void ReleaseParty(string cause);

    protected abstract void OnSessionEnded(InviteSession session, SessionEnd end);

    /// <summary>Gives its place among the calls of its account back.</summary>
    protected virtual void LeaveTraffic() => Services.Traffic.Ended(this);

    /// <summary>The call has ended, and all of it is told.</summary>
    protected virtual void OnFinished()
    {
    }

    /// <summary>What follows when no verb is left.</summary>
    protected virtual Task<VerbOutcome> GoOnWithoutVerbsAsync(CancellationToken interrupted) => Task.FromResult(VerbOutcome.OutOfVerbs);

    /// <summary>A redirect or new BXML: not while queued or ringing at the other end.</summary>
    protected virtual bool CanBeRedirected => !HasEnded && !IsForwarded;

    protected void Update(Func<CallState, CallState> change)
    {
        Set(change);
        Services.Changes.Report(_state);
    }

    /// <summary>Changes the state without a word to who looks on, who is told later.</summary>
    protected void Set(Func<CallState, CallState> change)
    {
        _state = change(_state) with { LastUpdate = Time.GetUtcNow() };
        if (IsAnswered) _answered.TrySetResult();
    }

    /// <summary>A document that is about to run, noting what runs of it.</summary>
    protected BxmlDocument Logged(BxmlSource source, GivenBxml bxml) =>
        Services.Documents.Add(Id, source, Time.GetUtcNow(), bxml);

    protected void Use(MediaSession media)
    {
        _media = media;
        media.DigitReceived = digit => Mailbox.TryPost(() => Press(KeyPath.Media, digit));
    }

    /// <summary>Ends the answered call when nothing comes from the party any more (MED-05): it is gone, and nobody would ever hang up.</summary>
    protected void EndWhenSilent() => _media?.WatchSilence(() => Mailbox.Post(
        () => Finish(CallCause.Error, string.Create(CultureInfo.InvariantCulture, $"No media came from the device for {Services.Media.Timeout.TotalSeconds:0.#} s"))));

    /// <summary>As <see cref="RunScript"/>, for what another call wants of this one.</summary>
    internal void TakeOver(Func<CancellationToken, Task<VerbOutcome>> begin)
    {
        if (HasEnded) return;
        OnTakenOver();
        RunScript(begin);
    }

    /// <summary>Something of another call runs from now on.</summary>
    private protected virtual void OnTakenOver()
    {
    }

    /// <summary>Runs from an outcome on, in place of what runs now; whom the party talked to hears it no longer.</summary>
    protected void RunScript(Func<CancellationToken, Task<VerbOutcome>> begin)
    {
        LeaveBridge();
        _interrupt?.Cancel();
        _interrupt?.Dispose();
        _interrupt = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token);
        _script = RunScriptAsync(_script, begin, _interrupt.Token);
    }

    /// <summary>Ends the call; the first call counts.</summary>
    protected void Finish(string cause, string? message = null, int? sipStatus = null)
    {
        if (HasEnded) return;
        var before = _state;
        ReleaseParty(cause);
        _lastMedia = _media?.Statistics;
        Set(state => state with
        {
            Phase = CallPhase.Disconnected, EndTime = Time.GetUtcNow(), DisconnectCause = cause,
            ErrorMessage = message, ErrorId = message is null ? null : Guid.NewGuid().ToString(),
        });
        LeaveBridge();
        _ended.Cancel();
        _media?.Dispose();
        _media = null;
        Services.Metrics.Ended(DirectionName, cause, wasStarted: before.StartTime is not null);
        VoiceLog.CallEnded(Services.Logger, before.CallId, cause, message is null ? "" : $". {message}");
        LeaveTraffic();
        Services.Registry.Ended(this);
        Services.Changes.Report(_state);
        _disconnecting = Webhooks.TellEndAsync(_state, SipCallId, sipStatus);
        OnFinished();
    }

    /// <summary>Ends the call because of a defect of ours.</summary>
    protected void Fail(Exception defect)
    {
        VoiceLog.ScriptFailed(Services.Logger, _state.CallId, defect);
        Finish(CallCause.Error, "An internal error ended the call");
    }

    private async Task RunScriptAsync(Task previous, Func<CancellationToken, Task<VerbOutcome>> begin, CancellationToken interrupted)
    {
        await previous; // it was interrupted and unwinds: two never run side by side
        try
        {
            interrupted.ThrowIfCancellationRequested(); // by what came while the other unwound
            var outcome = await begin(interrupted);
            if (outcome is VerbOutcome.Replaced { Document: var document }) outcome = await Services.Runner.RunAsync(document, this, interrupted);
            if (outcome is VerbOutcome.Ended { IsOutOfVerbs: true }) outcome = await GoOnWithoutVerbsAsync(interrupted);
            if (outcome is VerbOutcome.Ended end) Finish(end.Cause, end.Message);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            // The call ended, or something else runs now.
        }
#pragma warning disable CA1031 // a defect of ours ends this call, not the process
        catch (Exception e)
#pragma warning restore CA1031
        {
            Fail(e);
        }
    }

    private void LeaveBridge()
    {
        Bridge?.End();
        Bridge = null;
    }

    private void Press(KeyPath path, char key)
    {
        if (!_presses.IsNew(path, key)) return;
        _listener?.Hear(key);
        _keys.Hear(key);
        Bridge?.PassOn(this, key);
    }
}
