using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Sipstead.Media.Audio;
using Sipstead.Media.Speech;
using Sipstead.Voice.Bxml;
using Sipstead.Voice.Conferences;
using Sipstead.Webhooks;

namespace Sipstead.Voice.Tests.Bxml;

/// <summary>A call that writes down what verbs ask of it. Each prompt plays for a second.</summary>
internal sealed class FakeVerbCall(TimeProvider time) : IVerbCall, ICallConferences
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

    public bool IsAnswered { get; set; }

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
