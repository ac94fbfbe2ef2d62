using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Sipstead.Media;
using Sipstead.Media.Audio;
using Sipstead.Media.Transcription;
using Sipstead.Testing;
using Sipstead.Testing.Sip;
using Sipstead.Voice.Feeds;
using Sipstead.Voice.Recordings;
using Sipstead.Voice.Tests.Harness;
using Sipstead.Voice.Transcribing;

namespace Sipstead.Voice.Tests.Transcribing;

/// <summary>One track on its way to the engine, without a call.</summary>
public sealed class TrackTranscriptionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CountingMeters _meters = new();
    private readonly FakeTranscriber _engine = new();
    private readonly ConcurrentQueue<string> _taken = new();
    private readonly CancellationTokenSource _over = new();
    private LiveTranscription _transcription = null!;
    private TrackTranscription _track = null!;

    public TrackTranscriptionTests() => Use(_folder["recordings"]);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _over.Dispose();
        _meters.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task EngineThatIsSlow_IsGivenTheNewest_InOrder_AndTheRestIsCounted()
    {
        var turn = new TaskCompletionSource();
        _engine.Transcribe = async (wav, _, _) =>
        {
            await turn.Task;
            return Heard(NameOf(wav));
        };
        var running = RunAsync();
        for (var i = 1; i <= 12; i++) await SayAsync(i);
        Assert.Equal(3, _meters["sipstead.voice.utterances dropped"]);
        Assert.Equal(9, Directory.GetFiles(_folder["recordings/9900000"]).Length);
        turn.SetResult();
        await _over.CancelAsync();
        await running;
        Assert.Equal(["t-1-inbound-1", .. Enumerable.Range(5, 8).Select(i => $"t-1-inbound-{i}")], _taken);
        Assert.Empty(Directory.GetFiles(_folder["recordings/9900000"]));
        Assert.False(_transcription.HasFailed);
    }

    [Fact]
    public async Task FileThatCannotBeWritten_IsAFailure_AndTheNextOneIsTried()
    {
        _engine.Transcribe = (wav, _, _) => Task.FromResult(Heard(NameOf(wav)));
        await File.WriteAllTextAsync(_folder["recordings"], "no folder", Cancel);
        var running = RunAsync();
        Say();
        await UntilAsync(() => _meters["sipstead.voice.utterances failed"] == 1);
        Assert.True(_transcription.HasFailed);
        File.Delete(_folder["recordings"]);
        Say();
        await UntilAsync(() => !_taken.IsEmpty);
        await _over.CancelAsync();
        await running;
        Assert.Equal(["t-1-inbound-2"], _taken);
        Assert.False(_transcription.HasFailed);
    }

    [Fact]
    public async Task DefectOfOurs_EndsTheTrack()
    {
        Use("no\0folder");
        var running = RunAsync();
        Say();
        await Assert.ThrowsAsync<ArgumentException>(() => running.WaitAsync(Poll.DefaultDeadline, Cancel));
    }

    [Fact]
    public async Task WhoFailsToTakeAText_EndsTheTrack_AndNoFileIsLeft()
    {
        _engine.Transcribe = (wav, _, _) => Task.FromResult(Heard(NameOf(wav)));
        var running = _track.RunAsync(_ => throw new InvalidOperationException("gone"), _over.Token, CancellationToken.None);
        Say();
        await Assert.ThrowsAsync<InvalidOperationException>(() => running.WaitAsync(Poll.DefaultDeadline, Cancel));
        Assert.Empty(Directory.GetFiles(_folder["recordings/9900000"]));
    }

    [Fact]
    public async Task SpeechAtTheEnd_IsTranscribedToo_AndTextWithoutWordsIsNotTold()
    {
        _engine.Transcribe = (wav, _, _) => Task.FromResult(Heard(NameOf(wav) == "t-1-inbound-1" ? " " : "b"));
        var running = RunAsync();
        Say();
        Write(8_000, 20);
        await _over.CancelAsync();
        await running;
        Assert.Equal(2, _meters["sipstead.voice.utterances transcribed"]);
        Assert.Equal(["b"], _taken.Select(text => text.Trim()).Where(text => text.Length > 0));
    }

    private void Use(string folder)
    {
        var metrics = new TranscriptionMetrics(_meters);
        var services = new TranscriptionServices(
            _engine, new RecordingFiles(folder), new TranscriptLog(metrics), new LiveTracks(1), metrics, TimeProvider.System, NullLogger.Instance);
        _transcription = new LiveTranscription("t-1", new TranscriptionRequest { Tracks = [AudioTrack.Inbound] }, default, new FeedCall("9900000", "c-1"), services);
        _track = new TrackTranscription(AudioTrack.Inbound, _transcription, services);
    }

    private Task RunAsync() => _track.RunAsync(spoken =>
    {
        _taken.Enqueue(spoken.Text);
        return Task.CompletedTask;
    }, _over.Token, CancellationToken.None);

    /// <summary>Says a word, and waits until it was written to its file.</summary>
    private async Task SayAsync(int number)
    {
        Say();
        await UntilAsync(() => _meters["sipstead.voice.utterances dropped"] + CountFiles() >= number);
        if (number == 1) await UntilAsync(() => CountFiles() == 1);
    }

    private int CountFiles() => Directory.Exists(_folder["recordings/9900000"]) ? Directory.GetFiles(_folder["recordings/9900000"]).Length : 0;

    private void Say()
    {
        Write(8_000, 20);
        Write(0, 40);
    }

    private void Write(short amplitude, int frames)
    {
        var frame = Enumerable.Range(0, AudioFormat.FrameSamples).Select(i => i % 2 == 0 ? amplitude : (short)-amplitude).ToArray();
        for (var i = 0; i < frames; i++) _track.Sink.Write(frame);
    }

    private static Task UntilAsync(Func<bool> condition) => Poll.UntilAsync("the track", () => Task.FromResult(condition()), Cancel);

    private static string NameOf(string wav) => Path.GetFileName(wav).Split('.')[0];

    private static TranscriptionResult Heard(string text) => new(new Transcript(text, null, []), null);
}
