using Sipstead.Media.Audio;
using Sipstead.Media.Recording;
using Sipstead.Media.Transcription;
using Sipstead.Provisioning.Recordings;
using Sipstead.Testing;
using Sipstead.Voice.Recordings;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Recordings;

/// <summary>From the begin of a recording to what the application hears of it, with audio from the test's hand and a conference as the owner.</summary>
public sealed class RecordingEngineTests : VoiceTest
{
    private readonly HandSource _source = new();

    private protected override RecordingOptions Recordings => new() { MegabytesPerAccount = 1, MaxActive = 2, MaxPerAccount = 6 };

    [Fact]
    public async Task Conference_IsToldOfItsRecording()
    {
        var active = Start(Wish());
        _source.Say(seconds: 1, level: 1_000);
        await FinishAsync(active);

        var file = await Voice.ExpectAsync("conferenceRecordingAvailable");
        Assert.Equal(
            $$"""{"eventType":"conferenceRecordingAvailable","eventTime":"2026-01-02T03:04:05.000Z","accountId":"9900000","conferenceId":"conf-1","name":"room","startTime":"2026-01-02T03:04:05.000Z","tag":"t","recordingId":"{{active.Details.RecordingId}}","mediaUrl":"{{VoiceHarness.BaseUrl}}/accounts/9900000/conferences/conf-1/recordings/{{active.Details.RecordingId}}/media","endTime":"2026-01-02T03:04:05.000Z","duration":"PT1S","channels":1,"fileFormat":"wav","status":"complete"}""",
            file.Text);
        Assert.True(Voice.Recordings.TryOpenMedia(Voice.Catalog.All.Single(), out var media));
        await using var content = media.Content;
        Assert.Equal((44 + 16_000, "audio/vnd.wave", $"{active.Details.RecordingId}.wav"), (content.Length, media.ContentType, media.FileName));
        Assert.True(_source.IsDetached);
    }

    [Fact]
    public async Task S_29_FullQuota_EndsWhatRuns_AsPartial_AndNothingNewBegins()
    {
        var active = Start(Wish());
        for (var i = 0; i < 70; i++)
        {
            _source.Say(seconds: 1, level: 1_000);
            var written = 16_000 * (i - 1);
            await Poll.UntilAsync(
                "the audio to be written", () => Task.FromResult(active.Ended.IsCompleted || Voice.Recordings.UsageOf(VoiceHarness.Account).Octets >= written), Cancel);
            if (active.Ended.IsCompleted) break;
        }

        await FinishAsync(active);
        var partial = Voice.Catalog.All.Single();
        Assert.Equal(RecordingStatus.Partial, partial.Status);
        Assert.InRange(partial.Octets, 990_000, 1_000_044);
        Assert.Equal(partial.Octets, Voice.Recordings.UsageOf(VoiceHarness.Account).Octets);

        Assert.True(await Voice.Recordings.DeleteAsync(VoiceHarness.OtherAccount, partial.RecordingId, Cancel) is false);
        Voice.RecordingUsage.Add(VoiceHarness.Account, 10_000);
        var refused = Start(Wish());
        Assert.True(refused.Ended.IsCompleted);
        await refused.Finished.WaitAsync(Poll.DefaultDeadline, Cancel);
        Assert.Equal(["partial", "error"], Voice.Catcher.Requests.Where(one => one.EventType == "conferenceRecordingAvailable").Select(one => one["status"]));
        Assert.Null(Voice.Catcher.Requests[^1]["mediaUrl"]);

        Assert.True(await Voice.Recordings.DeleteAsync(VoiceHarness.Account, partial.RecordingId, Cancel));
        Assert.Equal(10_000, Voice.Recordings.UsageOf(VoiceHarness.Account).Octets);
        Assert.False(Start(Wish()).Ended.IsCompleted);
    }

    [Fact]
    public async Task S_29_AccountThatHasAllItsRecordings_GetsNoMore_AndNoEntryOfThose()
    {
        Voice.RecordingUsage.Load(new Dictionary<long, RecordingSum> { [VoiceHarness.Account] = new(5, 0), [VoiceHarness.OtherAccount] = new(6, 0) });
        var last = Start(Wish());
        await FinishAsync(last);

        var refused = Start(Wish());

        Assert.True(refused.Ended.IsCompleted);
        await refused.Finished.WaitAsync(Poll.DefaultDeadline, Cancel);
        Assert.Equal(["complete", "error"], Voice.Catcher.Requests.Where(one => one.EventType == "conferenceRecordingAvailable").Select(one => one["status"]));
        Assert.Equal(last.Details.RecordingId, Voice.Catalog.All.Single().RecordingId);
        Assert.Equal((6, 1), (Voice.Recordings.UsageOf(VoiceHarness.Account).Count, Voice.Meters["sipstead.voice.recordings.refused account"]));

        Assert.True(await Voice.Recordings.DeleteAsync(VoiceHarness.Account, last.Details.RecordingId, Cancel));
        Assert.Equal(5, Voice.Recordings.UsageOf(VoiceHarness.Account).Count);
        Assert.False(Start(Wish()).Ended.IsCompleted);
    }

    [Fact]
    public async Task RefusedRecordings_CountToo_SinceTheyLeaveEntries()
    {
        Voice.RecordingUsage.Load(new Dictionary<long, RecordingSum> { [VoiceHarness.Account] = new(0, 1_000_000) });

        for (var i = 0; i < 8; i++) await Start(Wish()).Finished.WaitAsync(Poll.DefaultDeadline, Cancel);

        Assert.Equal((6, 6), (Voice.Catalog.All.Count, Voice.Recordings.UsageOf(VoiceHarness.Account).Count));
        Assert.Equal((6, 2), (Voice.Meters["sipstead.voice.recordings.refused room"], Voice.Meters["sipstead.voice.recordings.refused account"]));
    }

    [Fact]
    public async Task TooManyAtOnce_AreRefused()
    {
        var (first, second, third) = (Start(Wish()), Start(Wish()), Start(Wish()));
        Assert.Equal((false, false, true), (first.Ended.IsCompleted, second.Ended.IsCompleted, third.Ended.IsCompleted));
        await FinishAsync(first);
        Assert.False(Start(Wish()).Ended.IsCompleted);
    }

    [Fact]
    public async Task FileThatCannotBeMade_EndsTheRecordingAlone()
    {
        Directory.CreateDirectory(Voice.Files.Directory);
        await File.WriteAllTextAsync(Path.Combine(Voice.Files.Directory, "9900000"), "in the way", Cancel);
        var refused = Start(Wish());
        await refused.Finished.WaitAsync(Poll.DefaultDeadline, Cancel);
        Assert.Equal("error", (await Voice.ExpectAsync("conferenceRecordingAvailable"))["status"]);
        Assert.Equal(RecordingStatus.Error, Voice.Catalog.All.Single().Status);
    }

    [Fact]
    public async Task DatabaseThatIsAwayAtTheBegin_LearnsOfItAtTheEnd()
    {
        Voice.Catalog.IsAway = true;
        var active = Start(Wish());
        _source.Say(1, 1_000);
        await Task.Delay(50, Cancel);
        Voice.Catalog.IsAway = false;
        await FinishAsync(active);
        Assert.Equal(RecordingStatus.Complete, Voice.Catalog.All.Single().Status);
    }

    [Fact]
    public async Task DatabaseThatStaysAway_EndsItWithError()
    {
        Voice.Catalog.IsAway = true;
        var active = Start(Wish());
        _source.Say(1, 1_000);
        active.Stop();
        await Poll.UntilAsync("the file", () => Task.FromResult(File.Exists(Voice.Files.PathOf(active.Details, RecordingFormat.Wav))), Cancel);
        await Poll.UntilAsync("the end", () =>
        {
            Voice.Advance(1);
            return Task.FromResult(active.Finished.IsCompleted);
        }, Cancel);
        Assert.Equal("error", (await Voice.ExpectAsync("conferenceRecordingAvailable"))["status"]);
        Assert.Empty(Directory.EnumerateFiles(Voice.Files.Directory, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task DeletedWhileItRuns_LeavesNothing()
    {
        var active = Start(Wish());
        _source.Say(1, 1_000);
        await Poll.UntilAsync("the row", () => Task.FromResult(Voice.Catalog.All.Count == 1), Cancel);
        Assert.True(await Voice.Recordings.DeleteAsync(VoiceHarness.Account, active.Details.RecordingId, Cancel));
        await FinishAsync(active);
        Assert.Equal("deleted", (await Voice.ExpectAsync("conferenceRecordingAvailable"))["status"]);
        Assert.Empty(Directory.EnumerateFiles(Voice.Files.Directory, "*", SearchOption.AllDirectories));
        Assert.Equal(0, Voice.Recordings.UsageOf(VoiceHarness.Account).Octets);
    }

    [Fact]
    public async Task Mp3_IsMade_AndTheWavIsGone()
    {
        Assert.SkipUnless(ProgramRun.IsInstalled("ffmpeg"), "ffmpeg is not installed.");
        var active = Start(Wish() with { Format = RecordingFormat.Mp3 });
        _source.Say(2, 1_000);
        await FinishAsync(active);
        var file = await Voice.ExpectAsync("conferenceRecordingAvailable");
        Assert.Equal(("mp3", "PT2S", "complete"), (file["fileFormat"], file["duration"], file["status"]));
        var kept = Assert.Single(Directory.EnumerateFiles(Voice.Files.Directory, "*", SearchOption.AllDirectories));
        Assert.EndsWith(".mp3", kept, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(kept));
        Assert.Equal(new FileInfo(kept).Length, Voice.Recordings.UsageOf(VoiceHarness.Account).Octets);
    }

    [Fact]
    public async Task CrashedServer_FindsWhatItRecorded_AtItsNextStart()
    {
        var cut = Details("r-cut");
        await using (var file = Voice.Files.Create(cut))
        {
            file.Write(HeaderOf(channels: 1));
            file.Write(new byte[8_001]);
        }

        var empty = Details("r-empty");
        await Voice.Files.Create(empty).DisposeAsync();
        var lost = Details("r-lost");
        await File.WriteAllTextAsync(Path.Combine(Voice.Files.Directory, "9900000", "r-unknown.wav.unfinished"), "x", Cancel);
        foreach (var recording in new[] { cut, empty, lost }) await Voice.Catalog.AddAsync(recording, Cancel);
        await Voice.Catalog.AddAsync(
            Details("r-spoken") with { Status = RecordingStatus.Complete, TranscriptionId = "t-1", TranscriptionStatus = TranscriptionStatus.Processing }, Cancel);

        await Voice.Upkeep.RecoverAsync(Cancel);

        var found = Voice.Catalog.All.ToDictionary(row => row.RecordingId);
        Assert.Equal(
            (RecordingStatus.Partial, TimeSpan.FromSeconds(0.5), 8_044), (found["r-cut"].Status, found["r-cut"].Duration, found["r-cut"].Octets));
        Assert.Equal((RecordingStatus.Error, RecordingStatus.Error), (found["r-empty"].Status, found["r-lost"].Status));
        Assert.Equal(TranscriptionStatus.Error, found["r-spoken"].TranscriptionStatus);
        Assert.True(Voice.Recordings.TryOpenMedia(found["r-cut"], out var media));
        await media.Content.DisposeAsync();
        Assert.Equal(8_044, Voice.Recordings.UsageOf(VoiceHarness.Account).Octets);
        Assert.Single(Directory.EnumerateFiles(Voice.Files.Directory, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task OldRecordings_AreDeleted()
    {
        var active = Start(Wish());
        _source.Say(1, 1_000);
        await FinishAsync(active);
        await Voice.Upkeep.TrimAsync(Cancel);
        Assert.Single(Voice.Catalog.All);
        var old = active.Details.StartTime - TimeSpan.FromDays(30.1);
        await Voice.Catalog.UpdateAsync(VoiceHarness.Account, active.Details.RecordingId, now => now with { StartTime = old }, Cancel);
        await Voice.Upkeep.TrimAsync(Cancel);
        Assert.Empty(Voice.Catalog.All);
        Assert.Empty(Directory.EnumerateFiles(Voice.Files.Directory, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Transcription_OfTwoChannels_HasATranscriptOfEach()
    {
        var lengths = new List<long>();
        Voice.Transcriber.Transcribe = (wav, detects, _) =>
        {
            lengths.Add(new FileInfo(wav).Length);
            Assert.True(detects);
            return Task.FromResult(new TranscriptionResult(
                new Transcript($"words {lengths.Count}", 0.5, [new TranscriptClip("words", TimeSpan.FromSeconds(2 - lengths.Count), TimeSpan.FromSeconds(3), null)]), null));
        };
        var changes = new List<TranscriptionStatus>();
        Voice.Recordings.Changed += changed =>
        {
            lock (changes) changes.Add(changed.TranscriptionStatus);
        };
        var active = Start(Wish(RecordingLayout.Separate) with { Transcription = new TranscriptionWish(Voice.Target("/text"), DetectLanguage: true) });
        _source.Say(1, 1_000);
        await FinishAsync(active);

        var told = await Voice.ExpectAsync("transcriptionAvailable");
        var recording = Voice.Catalog.All.Single();
        Assert.Equal("available", told.Json.GetProperty("transcription").GetProperty("status").GetString());
        Assert.Equal(recording.TranscriptionId, told.Json.GetProperty("transcription").GetProperty("id").GetString());
        Assert.Equal(
            """{"transcripts":[{"speaker":0,"text":"words 1","confidence":0.5},{"speaker":1,"text":"words 2","confidence":0.5}],"clips":[{"speaker":1,"text":"words","startTimeSeconds":0,"endTimeSeconds":3},{"speaker":0,"text":"words","startTimeSeconds":1,"endTimeSeconds":3}]}""",
            System.Text.Encoding.UTF8.GetString((await Voice.Recordings.ReadTranscriptionAsync(recording, Cancel))!));
        Assert.Equal([44 + 16_000, 44 + 16_000], lengths);
        Assert.Equal([TranscriptionStatus.None, TranscriptionStatus.None, TranscriptionStatus.Processing, TranscriptionStatus.Available], changes);
        Assert.Equal(2, Directory.EnumerateFiles(Voice.Files.Directory, "*", SearchOption.AllDirectories).Count());
    }

    [Theory]
    [InlineData(0.4, false, "file-size-too-small")]
    [InlineData(1, false, "error")]
    [InlineData(1, true, "timeout")]
    public async Task Transcription_ThatCannotBe_IsTold(double seconds, bool isLate, string status)
    {
        if (isLate) Voice.Transcriber.Transcribe = (_, _, _) => Task.FromResult(new TranscriptionResult(null, "It took too long.") { IsLate = true });
        var active = Start(Wish() with { Transcription = new TranscriptionWish(Voice.Target("/text"), DetectLanguage: false) });
        _source.Say(seconds, 1_000);
        await FinishAsync(active);
        var told = (await Voice.ExpectAsync("transcriptionAvailable")).Json.GetProperty("transcription");
        Assert.Equal(status, told.GetProperty("status").GetString());
        Assert.False(told.TryGetProperty("url", out _));
        Assert.Null(await Voice.Recordings.ReadTranscriptionAsync(Voice.Catalog.All.Single(), Cancel));
    }

    [Fact]
    public void Options_AreChecked()
    {
        Assert.Empty(new RecordingOptions().Validate());
        Assert.Equal(4, new RecordingOptions { Days = 0, MegabytesPerAccount = 0, MaxPerAccount = 0, MaxActive = -1 }.Validate().Count());
    }

    private static RecordingDetails Details(string id) => new()
    {
        RecordingId = id, AccountId = VoiceHarness.Account, Kind = RecordingKind.Call, OwnerId = "c-1", StartTime = new DateTimeOffset(2026, 1, 2, 3, 0, 0, TimeSpan.Zero),
        Channels = 1, Format = RecordingFormat.Wav, Status = RecordingStatus.Processing,
    };

    private RecordingWish Wish(RecordingLayout layout = RecordingLayout.Mixed) =>
        new() { Layout = layout, MaximumDuration = TimeSpan.FromHours(1), Available = Voice.Target("/file") };

    private ActiveRecording Start(RecordingWish wish) => Voice.RecordingEngine.Start(
        new ConferenceOwner
        {
            AccountId = VoiceHarness.Account, ConferenceId = "conf-1", Name = "room", BaseUrl = VoiceHarness.BaseUrl, CallbackTimeout = TimeSpan.FromSeconds(15), Tag = "t",
        },
        _source, wish);

    private static async Task FinishAsync(ActiveRecording active)
    {
        active.Stop();
        await active.Finished.WaitAsync(Poll.DefaultDeadline, Cancel);
    }

    /// <summary>Audio that comes when the test says so.</summary>
    private sealed class HandSource : IRecordingSource, IDisposable
    {
        private AudioRecorder? _recorder;

        public bool IsDetached { get; private set; }

        public IDisposable Attach(AudioRecorder recorder)
        {
            _recorder = recorder;
            return this;
        }

        public void Say(double seconds, short level)
        {
            var frame = new short[AudioFormat.FrameSamples];
            frame.AsSpan().Fill(level);
            for (var i = 0; i < seconds * 50; i++) _recorder!.Outbound.Write(frame);
        }

        public void Dispose() => IsDetached = true;
    }

    /// <summary>The header of a file that is not finished.</summary>
    private static byte[] HeaderOf(short channels)
    {
        using var octets = new MemoryStream();
        using var writer = new BinaryWriter(octets);
        writer.Write("RIFF"u8);
        writer.Write(36);
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write(channels);
        writer.Write(8_000);
        writer.Write(16_000 * channels);
        writer.Write((short)(2 * channels));
        writer.Write((short)16);
        writer.Write("data"u8);
        writer.Write(0);
        writer.Flush();
        return octets.ToArray();
    }
}
