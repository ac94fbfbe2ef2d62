using System.Net.WebSockets;
using System.Text.Json;
using Sipstead.Media.Audio;
using Sipstead.Media.Transcription;
using Sipstead.Testing;
using Sipstead.Testing.Webhooks;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Tests.Harness;
using Sipstead.Voice.Tests.Recordings;
using Sipstead.Voice.Tests.Streams;

namespace Sipstead.Voice.Tests.Transcribing;

/// <summary>Live transcriptions of a call, with media on loopback (bxml.md 8, webhooks.md 6 and 7).</summary>
public sealed class LiveTranscriptionTests : VoiceTest
{
    private const string Events = "transcriptionEventUrl=\"/events\"";
    private const string Active = "sipstead.voice.transcriptions.live.active";
    private const int Frequency = 800;

    private readonly List<string> _files = [];
    private readonly TalkingParty _party = new();
    private SocketApplication _application = null!;
    private ScriptedPhone _alice = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _application = await SocketApplication.StartAsync();
        Voice.Media.Start();
        _alice = Voice.AddPhone();
        Voice.Speech.Speak = (_, _) => new(new AudioResult(new AudioClip(TwoWords()), null));
        Voice.Transcriber.Transcribe = (wav, _, _) =>
        {
            lock (_files) _files.Add(wav);
            return Task.FromResult(Heard("Hello, you.", 0.75, "en"));
        };
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _application.DisposeAsync();
        _party.Dispose();
    }

    [Fact]
    public async Task Socket_IsToldWhatItIs_ThenEachUtterance_ThenThatItStops()
    {
        byte[]? wav = null;
        Voice.Transcriber.Transcribe = (path, detectLanguage, _) =>
        {
            wav ??= File.ReadAllBytes(path);
            lock (_files) _files.Add(path);
            Assert.True(detectLanguage);
            return Task.FromResult(Heard("Hello, you.", 0.75, "en"));
        };
        var call = await EstablishAsync($"""
            <StartTranscription destination="{_application.Url}a?b=1" name="n" tracks="outbound" {Events} username="u" password="p"><CustomParam name="x" value="1 &amp; 2"/></StartTranscription>
            """);
        var started = await Voice.ExpectAsync("realTimeTranscriptionStarted");
        await SpeakAsync("a start", application => application.Kinds.Contains("start"));
        await _application.UntilAsync("both utterances", application => application.Kinds.Count(kind => kind == "transcription") == 2);
        await call.CompleteAsync();
        await _application.UntilAsync("the end", application => application.IsOver);

        var messages = _application.Messages;
        var id = started.Json.GetProperty("realTimeTranscription").GetProperty("id").GetString();
        var metadata = $$$"""{"accountId":"{{{VoiceHarness.Account}}}","callId":"{{{call.Id}}}","realTimeTranscriptionId":"{{{id}}}","transcriptionName":"n","tracks":[{"name":"outbound"}],"stabilized":true}""";
        Assert.Equal($$$"""{"metadata":{{{metadata}}},"customParams":{"x":"1 & 2"},"eventType":"start"}""", messages[0].GetRawText());
        Assert.Equal($$$"""{"metadata":{{{metadata}}},"eventType":"stop"}""", messages[^1].GetRawText());
        Assert.Equal(["start", "transcription", "transcription", "stop"], _application.Kinds);
        AssertIsTranscription(messages[1]);
        Assert.True(Number(messages[2], "startTime") > Number(messages[1], "endTime"));
        Assert.Equal(WebSocketCloseStatus.NormalClosure, _application.Closing);
        Assert.Null(_application.Authorization); // the credentials are those of the events
        Assert.Equal(6_000, WavSamples.Amplitude(WavSamples.Channel(wav!), Frequency), 600.0);
        Assert.All(_files, file => Assert.False(File.Exists(file)));

        var stopped = await Voice.ExpectAsync("realTimeTranscriptionStopped");
        Assert.Equal("closed", stopped["cause"]);
        AssertIsEvent(started.Json.GetProperty("realTimeTranscription"), id!, hasDuration: false);
        AssertIsEvent(stopped.Json.GetProperty("realTimeTranscription"), id!, hasDuration: true);
        Assert.Empty(Voice.Transcriptions.Log.Find(call.Id)); // who is told at once needs no copy
        Assert.Equal((0, 2), (Voice.Meters[Active], Voice.Meters["sipstead.voice.utterances transcribed"]));
        await NoWebhookAsync("realTimeTranscriptionAvailable", call);
    }

    [Fact]
    public async Task WithoutDestination_TheTranscriptIsKept_AndOnlyItsEndIsTold()
    {
        var call = await EstablishAsync($"""<StartTranscription name="n" tracks="both" {Events}/>""");
        await SpeakAsync("the begin", _ => Voice.Meters[Active] == 1);
        await UntilAsync("two utterances", () => Voice.Meters["sipstead.voice.utterances transcribed"] == 2);
        await call.CompleteAsync();
        var told = (await Voice.ExpectAsync("realTimeTranscriptionAvailable")).Json.GetProperty("realTimeTranscription");
        var transcript = Assert.Single(Voice.Transcriptions.Log.Find(call.Id));
        Assert.Equal(["inbound", "outbound"], told.GetProperty("tracks").EnumerateArray().Select(track => track.GetString()));
        Assert.Equal(("n", "available", "2026-01-02T03:04:"), (Text(told, "name"), Text(told, "status"), Text(told, "completedTime")![..17]));
        Assert.Equal((transcript.Id, $"{call.State.Url}/transcriptions/{transcript.Id}"), (Text(told, "id"), Text(told, "url")));
        Assert.StartsWith("PT", Text(told, "duration"), StringComparison.Ordinal);
        Assert.False(told.TryGetProperty("stabilized", out _));
        Assert.Equal(47, transcript.Id.Length);
        Assert.Equal([("", null), ("Hello, you. Hello, you.", "en")], transcript.Tracks.Select(track => (track.Text, track.Language)));
        Assert.Equal(["realTimeTranscriptionAvailable"], EventsTold());
    }

    [Fact]
    public async Task InboundTrack_IsWhatThePartySays()
    {
        using var party = new TalkingParty();
        var (_, invite) = await Voice.EstablishAsync(_alice, $"<Response><StartTranscription destination=\"{_application.Url}\"/><Pause duration=\"86400\"/></Response>", sdp: party.Sdp);
        party.Aim(invite.Body);
        await _application.UntilAsync("start", application => application.Kinds.Contains("start"));
        _ = party.SayAsync(Frequency);
        await _application.UntilAsync("text of a tone without end", application => application.Kinds.Contains("transcription"));
        Assert.Equal("inbound", Text(_application.Messages[1], "track"));
    }

    [Theory]
    [InlineData(true, "realTimeTranscriptionRejected")]
    [InlineData(false, "realTimeTranscriptionAvailable")]
    public async Task WithoutAnEngine_ItIsTold_AndTheCallGoesOn(bool hasDestination, string told)
    {
        Voice.Transcriber.Absence = "There is no transcription engine.";
        var call = await EstablishAsync($"<StartTranscription {(hasDestination ? $"destination=\"{_application.Url}\"" : "")} {Events}/>");
        var request = await Voice.ExpectAsync(told);
        var transcription = request.Json.GetProperty("realTimeTranscription");
        if (hasDestination) Assert.Equal(("error", "There is no transcription engine."), (request["cause"], request["errorMessage"]));
        else Assert.Equal("failed", Text(transcription, "status"));
        Assert.False(transcription.TryGetProperty("url", out _));
        Assert.Equal(CallPhase.Answered, call.State.Phase);
        Assert.Equal([told], EventsTold());
        Assert.Equal(1, Voice.Meters["sipstead.voice.transcriptions.live.rejected error"]);
    }

    [Fact]
    public async Task SameName_AndAFifthTrack_AreRejected_AndStreamsCountApart()
    {
        var to = $"destination=\"{_application.Url}\"";
        await EstablishAsync($"""
            <StartStream {to} name="a" tracks="both"/><StartTranscription {to} name="a" tracks="both" {Events}/><StartTranscription {to} name="a" {Events}/>
            <StartTranscription {to} name="b" {Events}/><StartTranscription {to} name="c" tracks="both" {Events}/><StartTranscription name="b" {Events}/>
            """);
        var (first, second) = (await Voice.ExpectAsync("realTimeTranscriptionRejected"), await Voice.ExpectAsync("realTimeTranscriptionRejected"));
        var (duplicate, limit) = first["cause"] == "duplicate" ? (first, second) : (second, first);
        Assert.Equal("A transcription with the name a already exists", duplicate["errorMessage"]);
        Assert.NotEqual(Id(duplicate, "realTimeTranscription"), Id(duplicate, "originalTranscription"));
        Assert.Equal(("track-limit", "The transcriptions of a call may have 4 tracks together"), (limit["cause"], limit["errorMessage"]));
        Assert.Equal("failed", Text((await Voice.ExpectAsync("realTimeTranscriptionAvailable")).Json.GetProperty("realTimeTranscription"), "status"));
    }

    [Fact]
    public async Task StopTranscription_EndsOneByName_OrAll_AndTheirNamesAreFreeAgain()
    {
        await EstablishAsync($"""
            <StartTranscription name="a" {Events}/><StartTranscription name="b" {Events}/><StartTranscription name="c" {Events}/>
            <StopTranscription name="nobody"/><StopTranscription name="a"/><Pause duration="5"/>
            <StopTranscription/><StartTranscription name="b" {Events}/>
            """);
        Assert.Equal("a", await AvailableAsync());
        Assert.Equal(["realTimeTranscriptionAvailable"], EventsTold());
        Voice.Advance(6);
        Assert.Equal(["b", "c"], new[] { await AvailableAsync(), await AvailableAsync() }.Order(StringComparer.Ordinal));
        await UntilAsync("the second b", () => Voice.Meters[Active] == 1);

        async Task<string?> AvailableAsync() => Text((await Voice.ExpectAsync("realTimeTranscriptionAvailable")).Json.GetProperty("realTimeTranscription"), "name");
    }

    [Fact]
    public async Task WhatWasSaidLast_IsStillTranscribed_AndKnownThoughTheCallHasEnded()
    {
        var turn = new TaskCompletionSource();
        Voice.Transcriber.Transcribe = async (_, _, cancelled) =>
        {
            await turn.Task.WaitAsync(cancelled);
            return Heard("Late.", null, null);
        };
        var call = await EstablishAsync($"""<StartTranscription tracks="outbound" {Events}/>""");
        await SpeakAsync("the begin", _ => Voice.Meters[Active] == 1);
        await UntilAsync("an utterance", () => UtterancesOnDisk() == 2);
        await call.CompleteAsync();
        await Voice.ExpectAsync("disconnect");
        await NoWebhookAsync("realTimeTranscriptionAvailable", call);
        turn.SetResult();
        await Voice.ExpectAsync("realTimeTranscriptionAvailable");
        Assert.Equal("Late. Late.", Assert.Single(Assert.Single(Voice.Transcriptions.Log.Find(call.Id)).Tracks).Text);
        Assert.Equal(0, UtterancesOnDisk());
    }

    [Fact]
    public async Task EngineThatHangs_IsGivenUp_AMinuteAfterTheEnd()
    {
        Voice.Transcriber.Transcribe = Hang;
        var call = await EstablishAsync($"""<StartTranscription destination="{_application.Url}" tracks="outbound" {Events}/>""");
        await SpeakAsync("start", application => application.Kinds.Contains("start"));
        await UntilAsync("both utterances", () => UtterancesOnDisk() == 2);
        await call.CompleteAsync();
        Assert.Equal("hangup", (await Voice.ExpectAsync("disconnect"))["cause"]);
        Voice.Advance(61);
        Assert.Equal("closed", (await Voice.ExpectAsync("realTimeTranscriptionStopped"))["cause"]);
        Assert.Equal(["start", "stop"], _application.Kinds);
        Assert.Equal(0, UtterancesOnDisk());
    }

    [Fact]
    public async Task UtteranceThatTakesTooLong_IsLeftOut_AndTheNextOneHasItsTurn()
    {
        var asked = 0;
        Voice.Transcriber.Transcribe = (wav, language, cancelled) =>
            Interlocked.Increment(ref asked) == 1 ? Hang(wav, language, cancelled) : Task.FromResult(Heard("Second.", null, null));
        var call = await EstablishAsync($"""<StartTranscription destination="{_application.Url}" tracks="outbound" {Events}/>""");
        await SpeakAsync("start", application => application.Kinds.Contains("start"));
        await UntilAsync("the first utterance", () => Volatile.Read(ref asked) == 1);
        Voice.Advance(61);
        await _application.UntilAsync("the second", application => application.Messages.Any(message => Text(message, "eventType") == "transcription"));
        Assert.Equal(("Second.", 1), (Text(_application.Messages[1], "transcript"), Voice.Meters["sipstead.voice.utterances late"]));
        Assert.Equal(CallPhase.Answered, call.State.Phase);
    }

    [Fact]
    public async Task EngineThatFailsAlways_LeavesNoTranscript()
    {
        Voice.Transcriber.Transcribe = (_, _, _) => Task.FromResult(new TranscriptionResult(null, "It broke."));
        var call = await EstablishAsync($"""<StartTranscription tracks="outbound" {Events}/>""");
        await SpeakAsync("the begin", _ => Voice.Meters[Active] == 1);
        await UntilAsync("the failures", () => Voice.Meters["sipstead.voice.utterances failed"] == 2);
        await call.CompleteAsync();
        var told = (await Voice.ExpectAsync("realTimeTranscriptionAvailable")).Json.GetProperty("realTimeTranscription");
        Assert.Equal(("failed", false), (Text(told, "status"), told.TryGetProperty("url", out _)));
        Assert.Empty(Voice.Transcriptions.Log.Find(call.Id));
    }

    [Fact]
    public async Task EngineThatThrows_EndsTheTranscription_NotTheCall()
    {
        Voice.Transcriber.Transcribe = (_, _, _) => throw new InvalidOperationException("a defect");
        var call = await EstablishAsync($"""<StartTranscription destination="{_application.Url}" tracks="both" {Events}/>""");
        await SpeakAsync("start", application => application.Kinds.Contains("start"));
        Assert.Equal("error", (await Voice.ExpectAsync("realTimeTranscriptionStopped"))["cause"]);
        Assert.Equal((CallPhase.Answered, 0, 0), (call.State.Phase, Voice.Meters[Active], UtterancesOnDisk()));
    }

    [Fact]
    public async Task ApplicationThatCloses_EndsTheTranscription_NotTheCall()
    {
        Voice.Transcriber.Transcribe = Hang;
        var call = await EstablishAsync($"""<StartTranscription destination="{_application.Url}" tracks="outbound" {Events}/>""");
        await SpeakAsync("start", application => application.Kinds.Contains("start"));
        await UntilAsync("an utterance", () => UtterancesOnDisk() > 0);
        await _application.SayAsync("nonsense");
        await _application.CloseAsync();
        Assert.Equal("closed", (await Voice.ExpectAsync("realTimeTranscriptionStopped"))["cause"]);
        Assert.Equal((CallPhase.Answered, 0), (call.State.Phase, UtterancesOnDisk()));
    }

    [Fact]
    public async Task ConnectionThatBreaks_IsTold()
    {
        await EstablishAsync($"""<StartTranscription destination="{_application.Url}" {Events}/>""");
        await _application.UntilAsync("start", application => application.Kinds.Contains("start"));
        await _application.AbortAsync();
        Assert.Equal("connection-error", (await Voice.ExpectAsync("realTimeTranscriptionStopped"))["cause"]);
    }

    [Theory]
    [InlineData("ws://10.0.0.1/", "leads to an address that is not allowed")]
    [InlineData("ws://127.0.0.1:6379/", "names a port that is not allowed")]
    [InlineData("ws://127.0.0.1:1024/", "refused the connection")]
    public async Task Destination_ThatMayNotBeReached_IsRejected(string destination, string words)
    {
        await EstablishAsync($"""<StartTranscription destination="{destination}" {Events}/>""");
        var rejected = await Voice.ExpectAsync("realTimeTranscriptionRejected");
        Assert.Equal("connection-error", rejected["cause"]);
        Assert.Contains(words, rejected["errorMessage"], StringComparison.Ordinal);
        Assert.Equal(destination, Text(rejected.Json.GetProperty("realTimeTranscription"), "destination"));
    }

    [Fact]
    public async Task ServerThatIsFull_TakesNoMore_UntilOneEnds()
    {
        Assert.True(Voice.Transcriptions.Tracks.TryTake(199));
        await EstablishAsync($"""
            <StartTranscription destination="{_application.Url}" tracks="both" {Events}/><StartTranscription name="a" {Events}/><StartTranscription {Events}/>
            <StopTranscription/><Pause duration="5"/><StartTranscription name="b" {Events}/>
            """);
        var rejected = await Voice.ExpectAsync("realTimeTranscriptionRejected");
        Assert.Equal(("error", "Too many calls are transcribed (Sipstead__Transcription__MaxLive)"), (rejected["cause"], rejected["errorMessage"]));
        var told = new[] { await Voice.ExpectAsync("realTimeTranscriptionAvailable"), await Voice.ExpectAsync("realTimeTranscriptionAvailable") };
        Assert.Equal(["available", "failed"], told.Select(one => Text(one.Json.GetProperty("realTimeTranscription"), "status")).Order(StringComparer.Ordinal));
        Voice.Advance(6);
        await UntilAsync("another one", () => Voice.Meters[Active] == 1);
    }

    /// <summary>Half a second, a word, a silence that ends it, and the same again; then silence.</summary>
    private static short[] TwoWords() => [.. Enumerable.Range(0, 60 * AudioFormat.SampleRate).Select(
        i => i / 4_000 is 1 or 5 ? (short)(6_000 * Math.Sin(2 * Math.PI * Frequency * i / AudioFormat.SampleRate)) : (short)0)];

    private static TranscriptionResult Heard(string text, double? confidence, string? language) =>
        new(new Transcript(text, confidence, []) { Language = language }, null);

    private static async Task<TranscriptionResult> Hang(string wav, bool detectLanguage, CancellationToken cancelled)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, cancelled);
        return Heard("", null, null);
    }

    /// <summary>A call that transcribes, pauses until <see cref="SpeakAsync"/>, and then says two words.</summary>
    private async Task<OutboundCall> EstablishAsync(string verbs)
    {
        return (await Voice.EstablishAsync(
            _alice, $"<Response>{verbs}<Pause duration=\"5\"/><SpeakSentence>Hello</SpeakSentence><Pause duration=\"86400\"/></Response>", sdp: _party.Sdp)).Call;
    }

    private async Task SpeakAsync(string what, Func<SocketApplication, bool> isReady)
    {
        await _application.UntilAsync(what, isReady);
        Voice.Advance(6);
    }

    private int UtterancesOnDisk() =>
        Directory.Exists(Voice.Files.Directory) ? Directory.EnumerateFiles(Voice.Files.Directory, "t-*.wav.unfinished", SearchOption.AllDirectories).Count() : 0;

    private IEnumerable<string> EventsTold() =>
        Voice.Catcher.Requests.Select(request => request.EventType!).Where(type => type.StartsWith("realTime", StringComparison.Ordinal));

    private static Task UntilAsync(string what, Func<bool> condition) => Poll.UntilAsync(what, () => Task.FromResult(condition()), Cancel);

    private static void AssertIsTranscription(JsonElement message)
    {
        var (start, end) = (Number(message, "startTime"), Number(message, "endTime"));
        Assert.InRange(start, 0.3, 120);
        Assert.InRange(end - start, 0.3, 0.7);
        Assert.Equal(("outbound", false, "en", "Hello, you."), (Text(message, "track"), message.GetProperty("isPartial").GetBoolean(), Text(message, "language"), Text(message, "transcript")));
        var items = message.GetProperty("items").EnumerateArray().ToArray();
        Assert.Equal(
            ["Hello PRONUNCIATION", ", PUNCTUATION", "you PRONUNCIATION", ". PUNCTUATION"], items.Select(item => $"{Text(item, "content")} {Text(item, "type")}"));
        Assert.Equal((start, end), (Number(items[0], "startTime"), Number(items[^1], "endTime")));
        Assert.All(items, item => Assert.Equal((0.75, true), (Number(item, "confidence"), item.GetProperty("stable").GetBoolean())));
    }

    private void AssertIsEvent(JsonElement transcription, string id, bool hasDuration)
    {
        Assert.Equal((id, "n", $"{_application.Url}a?b=1", "[\"outbound\"]"), (Text(transcription, "id"), Text(transcription, "name"), Text(transcription, "destination"), transcription.GetProperty("tracks").GetRawText()));
        Assert.True(transcription.GetProperty("stabilized").GetBoolean());
        Assert.Equal("2026-01-02T03:04:05.000Z", Text(transcription, "startTime"));
        Assert.Equal(hasDuration, transcription.TryGetProperty("duration", out _));
    }

    private static string? Id(CaughtRequest request, string property) => Text(request.Json.GetProperty(property), "id");

    private static double Number(JsonElement json, string property) => json.GetProperty(property).GetDouble();

    private static string? Text(JsonElement json, string property) => json.GetProperty(property).GetString();
}
