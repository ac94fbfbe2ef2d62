using Sipstead.Media;
using Sipstead.Testing.Sip;
using Sipstead.Voice.Transcribing;

namespace Sipstead.Voice.Tests.Transcribing;

/// <summary>How long transcripts are kept, and the room that they and their makers have.</summary>
public sealed class TranscriptLogTests : IDisposable
{
    private readonly CountingMeters _meters = new();
    private readonly TranscriptionMetrics _metrics;

    public TranscriptLogTests() => _metrics = new TranscriptionMetrics(_meters);

    public void Dispose() => _meters.Dispose();

    [Fact]
    public void Transcripts_AreThoseOfTheirCall_UntilTheyAreDeleted()
    {
        var log = new TranscriptLog(_metrics);
        log.Add(Of("1", "c-1", "t-1"));
        log.Add(Of("1", "c-1", "t-2"));
        log.Add(Of("1", "c-2", "t-3"));
        Assert.Equal(["t-1", "t-2"], Ids(log, "c-1"));
        Assert.False(log.Delete("c-2", "t-1"));
        Assert.True(log.Delete("c-1", "t-1"));
        Assert.False(log.Delete("c-1", "t-1"));
        Assert.Equal(["t-2"], Ids(log, "c-1"));
        log.Forget("c-1");
        log.Forget("c-9");
        Assert.Empty(log.Find("c-1"));
        Assert.Equal(["t-3"], Ids(log, "c-2"));
        log.Forget("c-2");
        Assert.Equal(0, _meters["sipstead.voice.transcripts"]);
        Assert.Equal(0, _meters["sipstead.voice.transcripts.dropped call"]);
    }

    [Fact]
    public void OfOneCall_TheOldestGo()
    {
        var log = new TranscriptLog(_metrics);
        for (var i = 0; i < TranscriptLog.MaxPerCall + 3; i++) log.Add(Of("1", "c-1", $"t-{i}"));
        Assert.Equal((TranscriptLog.MaxPerCall, "t-3"), (log.Find("c-1").Count, log.Find("c-1")[0].Id));
        Assert.Equal(3, _meters["sipstead.voice.transcripts.dropped call"]);
    }

    [Fact]
    public void OfAll_TheOldestOfTheAccountWithTheMostGo()
    {
        var log = new TranscriptLog(_metrics, maxOctets: 20_000);
        log.Add(Of("1", "c-1", "t-1", characters: 2_000));
        for (var i = 0; i < 20; i++) log.Add(Of("2", $"c-2{i}", $"t-2{i}", characters: 2_000));
        Assert.Equal(["t-1"], Ids(log, "c-1"));
        Assert.Equal([17, 18, 19], Enumerable.Range(0, 20).Where(i => log.Find($"c-2{i}").Count > 0));
        Assert.InRange(_meters["sipstead.voice.transcripts"], 1, 20_000);
        Assert.Equal(17, _meters["sipstead.voice.transcripts.dropped octets"]);
    }

    [Fact]
    public void ATranscriptThatIsLargerThanTheLog_IsNotKept()
    {
        var log = new TranscriptLog(_metrics, maxOctets: 1_000);
        log.Add(Of("1", "c-1", "t-1", characters: 2_000));
        Assert.Empty(log.Find("c-1"));
        Assert.Equal(0, _meters["sipstead.voice.transcripts"]);
    }

    [Fact]
    public async Task LiveTracks_HaveABound_AndTurnsAtTheEngine()
    {
        var tracks = new LiveTracks(3);
        Assert.True(tracks.TryTake(2));
        Assert.False(tracks.TryTake(2));
        Assert.True(tracks.TryTake(1));
        tracks.Return(2);
        Assert.True(tracks.TryTake(2));
        Assert.False(new LiveTracks(0).TryTake(1));
        for (var i = 0; i < 32; i++) await tracks.EnterEngineAsync(TestContext.Current.CancellationToken);
        var waiting = tracks.EnterEngineAsync(TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        tracks.LeaveEngine();
        await waiting;
    }

    private static CallTranscript Of(string account, string call, string id, int characters = 10) =>
        new(account, call, id, "name", [new TrackTranscript(AudioTrack.Inbound, new string('x', characters), null, null)]);

    private static IEnumerable<string> Ids(TranscriptLog log, string call) => log.Find(call).Select(one => one.Id);
}
