using Sipstead.Media.Audio;
using Sipstead.Media.Speech;
using Sipstead.Voice.Bxml;
using Sipstead.Voice.Bxml.Runs;
using Sipstead.Voice.Callbacks;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Recordings;
using Sipstead.Webhooks;

namespace Sipstead.Voice.Conferences;

/// <summary>
/// One conference: its members, their mix, its events and the BXML that they bring. It ends when the last member leaves, after 24 hours, or through the API.
/// Everything but <see cref="State"/> and the commands of calls and of the API happens on its mailbox.
/// </summary>
#pragma warning disable CA1001 // a token source without a timer holds nothing to free; Complete frees the rest
internal sealed class Conference : IVerbConference
#pragma warning restore CA1001
{
    /// <summary>Calls at most (voice-api.md 5).</summary>
    public const int MaxMembers = 20;

    /// <summary>How long it may last (voice-api.md 5).</summary>
    internal static readonly TimeSpan MaxLife = TimeSpan.FromHours(24);

    private readonly CallServices _services;
    private readonly CallbackTargets? _events;
    private readonly ConferenceWebhooks _webhooks;
    private readonly ConferenceDocuments _documents;
    private readonly ConferenceMixer _mixer;
    private readonly ITimer _life;
    private readonly CancellationTokenSource _ended = new();
    private readonly List<ConferenceMember> _members = [];
    private volatile ConferenceState _state;
    private volatile Uri? _documentUrl;

    private Conference(CallServices services, ConferenceState state, CallbackTargets? events, string baseUrl, TimeSpan callbackTimeout)
    {
        _services = services;
        _state = state;
        _events = events;
        BaseUrl = baseUrl;
        CallbackTimeout = callbackTimeout;
        Mailbox = new CallMailbox(services.Metrics, services.Logger);
        _webhooks = new ConferenceWebhooks(services, state, callbackTimeout);
        _documents = new ConferenceDocuments(this, services.Metrics, services.Logger);
        _mixer = services.Media.OpenMixer(MaxMembers);
        Recording = new ConferenceRecording(this, services.Recordings);
        _life = services.Time.CreateTimer(_ => Mailbox.Post(Complete), null, MaxLife, Timeout.InfiniteTimeSpan);
    }

    public ConferenceState State => _state;

    public string Id => _state.ConferenceId;

    public TimeProvider Time => _services.Time;

    /// <summary>The URL that delivered the last document; relative URLs of a document without one are resolved against it.</summary>
    public Uri? DocumentUrl => _documentUrl;

    /// <summary>Scheme, host and <c>/api/v2</c>, as the first member's client saw them; begins URLs in its events.</summary>
    public string BaseUrl { get; }

    /// <summary>Of its webhooks.</summary>
    public TimeSpan CallbackTimeout { get; }

    public IStageRecording Recording { get; }

    internal CallMailbox Mailbox { get; }

    /// <summary>Cancelled on the mailbox when the conference ends, while its mix is still there.</summary>
    internal CancellationToken Ended => _ended.Token;

    private bool HasEnded => _state.CompletedTime is not null;

    /// <summary>Makes the conference that a call is the first to join.</summary>
    public static Conference Begin(CallServices services, Call call, ConferenceWish wish)
    {
        var state = new ConferenceState
        {
            ConferenceId = ApiId.Create("conf"), AccountId = call.State.AccountId, Name = wish.Name, CreatedTime = services.Time.GetUtcNow(),
            EventUrl = wish.Events?.Primary.Url, IsEventGet = wish.Events?.Primary.IsGet ?? false, Tag = wish.Tag,
        };
        var conference = new Conference(services, state, wish.Events, call.State.BaseUrl, wish.CallbackTimeout ?? call.Callbacks.Timeout);
        services.Metrics.ConferenceCreated();
        conference.Mailbox.Post(() =>
        {
            services.Conferences.Changes.Report(state);
            conference.Raise("conferenceCreated");
        });
        return conference;
    }

    /// <summary>Takes in a call that has a seat. Null when it is in, or when there is nothing to be in any more; else why not, in words.</summary>
    public Task<string?> JoinAsync(ConferenceMember member) => Mailbox.AskAsync(() =>
    {
        if (HasEnded)
        {
            member.Release();
            return null;
        }

        if (member.IsCoach && HasOtherCoach(member)) return $"Conference {_state.Name} has a coach already; there can be one at a time.";
        _members.Add(member);
        _services.Metrics.ConferenceJoined();
        Arrange();
        Raise("conferenceMemberJoin", member.State);
        return null;
    });

    /// <summary>Lets a call go, whether it was in or not; each seat is given back once.</summary>
    public void Leave(ConferenceMember member) => Mailbox.Post(() =>
    {
        if (HasEnded) return;
        Remove(member);
        if (_services.Conferences.Leave(this)) Complete();
    });

    /// <summary>Changes how a member takes part.</summary>
    public Task<MemberChanged> ChangeAsync(string callId, MemberChange change) => Mailbox.AskAsync(() =>
    {
        if (_members.Find(one => one.State.CallId == callId) is not { } member) return MemberChanged.NotFound;
        if (change.CallIdsToCoach is { Count: > 0 } && HasOtherCoach(member)) return MemberChanged.HasCoach;
        member.State = member.State with
        {
            Mute = change.Mute ?? member.State.Mute, Hold = change.Hold ?? member.State.Hold,
            CallIdsToCoach = change.CallIdsToCoach ?? member.State.CallIdsToCoach,
        };
        Arrange();
        return MemberChanged.Done;
    });

    /// <summary>Asks the application at another URL what to do. False when the conference has ended.</summary>
    public Task<bool> RedirectAsync(CallbackTargets targets) => Mailbox.AskAsync(() =>
    {
        if (HasEnded) return false;
        Ask(new VerbCallback("conferenceRedirect", targets.Primary, targets.Fallback));
        return true;
    });

    /// <summary>Runs a document behind those there are. False when the conference has ended, or too many wait.</summary>
    public Task<bool> AddBxmlAsync(GivenBxml bxml) => Mailbox.AskAsync(() =>
    {
        if (HasEnded) return false;
        return _documents.TryAdd(_services.Documents.Add(Id, BxmlSource.Api, Time.GetUtcNow(), bxml), _ended.Token);
    });

    /// <summary>Ends it: its members go on with what follows their Conference. False when it has ended before.</summary>
    public Task<bool> CompleteAsync() => Mailbox.AskAsync(() =>
    {
        if (HasEnded) return false;
        Complete();
        return true;
    });

    /// <summary>Ends it because the server stops, and waits until the application heard of it.</summary>
    public async Task StopAsync() => await await Mailbox.AskAsync(() =>
    {
        Complete();
        return _webhooks.Sent;
    });

    /// <summary>Gives a sink what all hear, a frame every 20 ms, until disposed; without what a coach says.</summary>
    public IDisposable Tap(IAudioSink sink) => _mixer.Tap(sink);

    /// <summary>Tells the application what needs no answer, behind the events before it. On the mailbox.</summary>
    public void Notify(VerbNotice notice) => _webhooks.Tell(notice);

    public Task PlayAsync(IAudioSource source, CancellationToken cancellationToken) => _mixer.PlayAsync(source, cancellationToken);

    public ValueTask<AudioResult> SpeakAsync(SpeechRequest request, CancellationToken cancellationToken) =>
        _services.Speech.SpeakAsync(request, cancellationToken);

    public ValueTask<AudioResult> FetchAudioAsync(Uri url, BasicCredentials? credentials, CancellationToken cancellationToken) =>
        _services.Audio.GetAsync(url, credentials, cancellationToken);

    private bool HasOtherCoach(ConferenceMember member) => _members.Exists(other => other != member && other.IsCoach);

    private void Remove(ConferenceMember member)
    {
        member.Release();
        if (!_members.Remove(member)) return;
        _services.Metrics.ConferenceLeft();
        Arrange();
        Raise("conferenceMemberExit", member.State);
    }

    /// <summary>Says who hears whom from now on.</summary>
    private void Arrange()
    {
        var coached = _members.SelectMany(member => member.State.CallIdsToCoach).ToHashSet();
        _mixer.Arrange([.. _members.Select(member => new MixerPlace(member.Seat, member.Role, coached.Contains(member.State.CallId)))]);
        Update(_state with { Members = [.. _members.Select(member => member.State)] });
    }

    private void Complete()
    {
        if (HasEnded) return;
        _services.Conferences.Close(this);
        _life.Dispose();
        while (_members.Count > 0) Remove(_members[0]);
        _ended.Cancel();
        _mixer.Dispose();
        _services.Metrics.ConferenceCompleted();
        _state = _state with { CompletedTime = Time.GetUtcNow() };
        _services.Conferences.Ended(this);
        Update(_state);
        if (_events is not null) _webhooks.Tell(new VerbNotice("conferenceCompleted", _events.Primary));
    }

    private void Update(ConferenceState state)
    {
        _state = state;
        _services.Conferences.Changes.Report(state);
    }

    private void Raise(string eventType, ConferenceMemberState? member = null)
    {
        if (_events is null) return;
        Ask(new VerbCallback(eventType, _events.Primary, _events.Fallback, member is null ? null : json => ConferenceEvent.WriteMember(json, member)));
    }

    private void Ask(VerbCallback callback) => _webhooks.Ask(callback, result => Take(callback.EventType, result));

    /// <summary>Takes the answer to an event. Nothing in it is nothing to do.</summary>
    private void Take(string eventType, WebhookResult result)
    {
        if (HasEnded || result.Body.IsEmpty) return;
        _documentUrl = result.Url;
        var read = BxmlReader.Read(result.Body, result.Url, BxmlContext.Conference);
        var logged = _services.Documents.Add(Id, BxmlSource.Webhook(eventType, result.Url), Time.GetUtcNow(), result.Body, read);
        if (logged.Document is { } document) _documents.TryAdd(document, _ended.Token);
        else VoiceLog.ConferenceBxmlInvalid(_services.Logger, eventType, Id, logged.Error!.Message);
    }
}
