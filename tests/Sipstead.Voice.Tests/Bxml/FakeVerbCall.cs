using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Sipstead.Media.Audio;
using Sipstead.Media.Speech;
using Sipstead.Voice.Bxml;
using Sipstead.Voice.Conferences;
using Sipstead.Voice.Connecting;
using Sipstead.Voice.Streams;
using Sipstead.Voice.Transcribing;
using Sipstead.Webhooks;

namespace Sipstead.Voice.Tests.Bxml;

/// <summary>A call that writes down what verbs ask of it. Each prompt plays for a second.</summary>
internal sealed class FakeVerbCall(TimeProvider time) : IVerbCall, ICallConferences, ICallConnections, IKeyEvents, ICallStreams, ICallTranscriptions
{
    private readonly List<string> _audio = [];
    private readonly List<Listener> _listeners = [];

    /// <summary>What was asked, in order.</summary>
    public List<string> Steps { get; } = [];

    /// <summary>What webhooks bring, in order; then the call ends.</summary>
    public Queue<VerbOutcome> Answers { get; } = [];

    /// <summary>Why there is no audio for anything; null when there is.</summary>
    public string? AudioError { get; set; }

    public Exception? Failure { get; set; }

    /// <summary>The requests for speech.</summary>
    public List<SpeechRequest> Spoken { get; } = [];

    public List<BasicCredentials?> FetchedWith { get; } = [];

    public List<DigitTone> Sent { get; } = [];

    public List<VerbCallback> Callbacks { get; } = [];

    /// <summary>The asynchronous webhooks.</summary>
    public List<VerbNotice> Notices { get; } = [];

    public int Listeners => _listeners.Count;

    public string Id => "c-1";

    public TimeProvider Time => time;

    public ICallConnections Connections => this;

    /// <summary>What came of transfers, in order.</summary>
    public Queue<TransferEnd> Transfers { get; } = [];

    /// <summary>What transfers were asked for.</summary>
    public List<TransferPlan> Plans { get; } = [];

    /// <summary>Why a bridge does not come about; null when it does.</summary>
    public string? BridgeRefusal { get; set; }

    /// <summary>What comes of a REFER.</summary>
    public ReferEnd? Referred { get; set; }

    public bool IsAnswered { get; set; }

    /// <summary>What the caller presses as soon as it is answered.</summary>
    public string PressedOnAnswer { get; set; } = "";

    public ICallRecording Recording => Recordings;

    public FakeCallRecording Recordings { get; } = new(time);

    public string? Tag { get; set; }

    public ICallConferences Conferences => this;

    /// <summary>The conferences that were to be joined.</summary>
    public List<ConferenceWish> Joined { get; } = [];

    public void Press(char digit)
    {
        // A key may end a Gather, and with it a listener.
        foreach (var listener in _listeners.ToArray()) listener.Keys.Writer.TryWrite(digit);
    }

    public Task AnswerAsync(CancellationToken cancellationToken)
    {
        if (IsAnswered) return Task.CompletedTask;
        Steps.Add("answer");
        IsAnswered = true;
        foreach (var digit in PressedOnAnswer) Press(digit);
        return Task.CompletedTask;
    }

    public void Ring() => Steps.Add("ring");

    public async Task PlayAsync(IAudioSource source, CancellationToken cancellationToken)
    {
        var frame = new short[AudioFormat.FrameSamples];
        source.Read(frame);
        var name = _audio[frame[0]];
        Steps.Add($"play {name}");
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Steps.Add($"cut {name}");
            throw;
        }
    }

    public async Task PlayRingBackAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        Steps.Add($"ring back {Seconds(duration)}");
        await Task.Delay(duration, time, cancellationToken);
    }

    public ValueTask<AudioResult> SpeakAsync(SpeechRequest request, CancellationToken cancellationToken)
    {
        if (Failure is not null) throw Failure;
        Spoken.Add(request);
        return ValueTask.FromResult(Audio(request.Ssml));
    }

    public ValueTask<AudioResult> FetchAudioAsync(Uri url, BasicCredentials? credentials, CancellationToken cancellationToken)
    {
        Steps.Add($"fetch {url}");
        FetchedWith.Add(credentials);
        return ValueTask.FromResult(Audio(url.ToString()));
    }

    public IDigitListener ListenForDigits() => new Listener(_listeners);

    public IKeyEvents Keys => this;

    public ICallStreams Streams => this;

    /// <summary>The streams that were started.</summary>
    public List<StreamRequest> Streamed { get; } = [];

    void ICallStreams.Start(StreamRequest request)
    {
        Streamed.Add(request);
        Steps.Add($"stream {request.Name} to {request.Destination}");
    }

    Task ICallStreams.StopAsync(string name, bool waits, CancellationToken cancellationToken)
    {
        Steps.Add($"stop stream {name}{(waits ? " and wait" : "")}");
        return Task.CompletedTask;
    }

    public ICallTranscriptions Transcriptions => this;

    /// <summary>The live transcriptions that were started.</summary>
    public List<TranscriptionRequest> Transcribed { get; } = [];

    void ICallTranscriptions.Start(TranscriptionRequest request)
    {
        Transcribed.Add(request);
        Steps.Add($"transcribe {request.Name} to {request.Destination}");
    }

    void ICallTranscriptions.Stop(string? name) => Steps.Add($"stop transcription {name ?? "of any name"}");

    /// <summary>How often key events are paused.</summary>
    public int KeyPauses { get; private set; }

    void IKeyEvents.Start(WebhookTarget target) => Steps.Add($"tell keys {(target.IsGet ? "GET" : "POST")} {target.Url}");

    void IKeyEvents.Stop() => Steps.Add("tell no keys");

    IDisposable IKeyEvents.Pause()
    {
        KeyPauses++;
        return new KeyPause(this);
    }

    public async Task SendDigitsAsync(IReadOnlyList<DigitTone> tones, CancellationToken cancellationToken)
    {
        Sent.AddRange(tones);
        foreach (var tone in tones) await Task.Delay(tone.Duration + tone.Interval, time, cancellationToken);
    }

    public async Task EchoAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        Steps.Add($"echo {Seconds(duration)}");
        await Task.Delay(duration, time, cancellationToken);
    }

    public async Task<TransferEnd> TransferAsync(TransferPlan plan, CancellationToken cancellationToken)
    {
        Plans.Add(plan);
        Steps.Add($"transfer {string.Join(' ', plan.Targets.Select(target => target.To))}");
        await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken);
        return Transfers.Dequeue();
    }

    public async Task<TransferEnd?> ForwardAsync(TransferPlan plan, CancellationToken cancellationToken) =>
        IsAnswered ? null : await TransferAsync(plan, cancellationToken);

    public async Task<string?> BridgeAsync(string callId, CallbackTargets? complete, CancellationToken cancellationToken)
    {
        Steps.Add($"bridge {callId}, then {complete?.Primary.Url}");
        await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken);
        return BridgeRefusal;
    }

    public async Task<ReferEnd?> ReferAsync(string target, CancellationToken cancellationToken)
    {
        Steps.Add($"refer {target}");
        await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken);
        return Referred;
    }

    public Task<VerbOutcome> CallbackAsync(VerbCallback callback, CancellationToken cancellationToken)
    {
        Callbacks.Add(callback);
        Steps.Add($"{callback.EventType} {Fields(callback.WriteFields)}".TrimEnd());
        return Task.FromResult(Answers.TryDequeue(out var answer) ? answer : VerbOutcome.End("callback-error"));
    }

    public void Notify(VerbNotice notice)
    {
        Notices.Add(notice);
        Steps.Add($"{notice.EventType} {Fields(notice.WriteFields)}".TrimEnd());
    }

    public Task<VerbOutcome> JoinAsync(ConferenceWish wish, CancellationToken interrupted)
    {
        Joined.Add(wish);
        Steps.Add($"join {wish.Name}");
        return Task.FromResult(VerbOutcome.Next);
    }

    private static string Fields(Action<Utf8JsonWriter>? write)
    {
        if (write is null) return "";
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static string Seconds(TimeSpan duration) => duration.TotalSeconds.ToString(CultureInfo.InvariantCulture);

    /// <summary>The first sample is the number of the audio.</summary>
    private AudioResult Audio(string name)
    {
        if (AudioError is not null) return new AudioResult(null, AudioError);
        _audio.Add(name);
        return new AudioResult(new AudioClip(new[] { (short)(_audio.Count - 1) }), null);
    }

    private sealed class KeyPause(FakeVerbCall call) : IDisposable
    {
        public void Dispose() => call.KeyPauses--;
    }

    private sealed class Listener : IDigitListener
    {
        private readonly List<Listener> _all;

        public Listener(List<Listener> all)
        {
            _all = all;
            all.Add(this);
        }

        // A key goes to its reader on the test's own thread.
        public Channel<char> Keys { get; } = Channel.CreateUnbounded<char>(new UnboundedChannelOptions { AllowSynchronousContinuations = true });

        public ValueTask<char> ReadAsync(CancellationToken cancellationToken) => Keys.Reader.ReadAsync(cancellationToken);

        public void Dispose() => _all.Remove(this);
    }
}
