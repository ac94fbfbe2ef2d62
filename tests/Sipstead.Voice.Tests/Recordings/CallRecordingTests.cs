using System.Globalization;
using System.Text;
using System.Xml;
using Sipstead.Media.Audio;
using Sipstead.Testing.Sip;
using Sipstead.Voice.Bxml;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Callbacks;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Recordings;

/// <summary>Recordings of calls with audio both ways, the media clock running and RTP on loopback (bxml.md 6).</summary>
public sealed class CallRecordingTests : VoiceTest
{
    private const int Said = 440;
    private const double Played = 1000;

    private readonly TalkingParty _party = new();
    private ScriptedPhone _alice = null!;
    private MessageText _invite = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Voice.Media.Start();
        _alice = Voice.AddPhone();
        Voice.Speech.Speak = (_, _) => new(new AudioResult(new AudioClip(Tone(Played, 60)), null));
        Voice.Catcher.AnswerBxml("/after", Waiting);
    }

    public override async ValueTask DisposeAsync()
    {
        _party.Dispose();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Record_EndsAtTheKey_AndHoldsWhatThePartySaid()
    {
        var call = await EstablishAsync("<Response><Record recordCompleteUrl=\"/after\" recordingAvailableUrl=\"/file\" tag=\"t2\"/></Response>");
        await Task.Delay(1_500, Cancel);
        await _party.PressAsync(5);
        await Task.Delay(100, Cancel);
        Assert.DoesNotContain(Voice.Catcher.Requests, request => request.EventType == "recordComplete");

        await _party.PressAsync(11);

        var complete = await Voice.ExpectAsync("recordComplete");
        var file = await Voice.ExpectAsync("recordingAvailable");
        var wav = ReadFile(file["recordingId"]!);
        Assert.Equal(("complete", "wav", "1", "t2"), (file["status"], file["fileFormat"], file["channels"], file["tag"]));
        Assert.Equal((complete["recordingId"], complete["duration"], complete["mediaUrl"]), (file["recordingId"], file["duration"], file["mediaUrl"]));
        Assert.Equal($"{call.State.Url}/recordings/{file["recordingId"]}/media", file["mediaUrl"]);
        Assert.Equal((null, null), (file["answerTime"], complete["status"]));
        Assert.Equal((call.Id, "/file"), (file.CallId, file.Path));
        var samples = WavSamples.Channel(wav);
        Assert.Equal(XmlConvert.ToTimeSpan(file["duration"]!).TotalSeconds * AudioFormat.SampleRate, samples.Length);
        Assert.InRange(samples.Length / (double)AudioFormat.SampleRate, 1.4, 6);
        Assert.InRange(WavSamples.Amplitude(samples, Said), 4_000, 8_500);
        Assert.InRange(WavSamples.Amplitude(samples, Played), 0, 400);
        Assert.Equal(CallPhase.Answered, call.State.Phase);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(PathOf(file["recordingId"]!)));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(PathOf(file["recordingId"]!))!));
    }

    [Fact]
    public async Task Record_EndsAtMaxDuration_ToTheFrame_AndWithoutUrlTheNextVerbRuns()
    {
        await EstablishAsync("<Response><Record maxDuration=\"1\" recordingAvailableUrl=\"/file\"/><Redirect redirectUrl=\"/after\"/></Response>");

        var file = await Voice.ExpectAsync("recordingAvailable");
        await Voice.ExpectAsync("redirect");
        Assert.Equal("PT1S", file["duration"]);
        Assert.Equal(AudioFormat.SampleRate, WavSamples.Channel(ReadFile(file["recordingId"]!)).Length);
        Assert.DoesNotContain(Voice.Catcher.Requests, request => request.EventType == "recordComplete");
    }

    [Fact]
    public async Task Record_EndsAfterSilence()
    {
        await EstablishAsync("<Response><Record silenceTimeout=\"0.4\" recordCompleteUrl=\"/after\"/></Response>", says: false);

        Assert.Equal("PT0.4S", (await Voice.ExpectAsync("recordComplete"))["duration"]);
    }

    [Fact]
    public async Task DiskThatTakesNoFile_EndsTheRecording_NeverTheCall()
    {
        Directory.CreateDirectory(Voice.Files.Directory);
        await File.WriteAllTextAsync(Path.GetDirectoryName(PathOf("r-1"))!, "in the way", Cancel);
        var call = await EstablishAsync(
            "<Response><StartRecording recordingAvailableUrl=\"/both\"/><Record recordCompleteUrl=\"/after\" recordingAvailableUrl=\"/file\"/></Response>");

        Assert.Equal("PT0S", (await Voice.ExpectAsync("recordComplete"))["duration"]);
        foreach (var path in new[] { "/both", "/file" })
        {
            var file = await Voice.Catcher.ExpectAsync(request => request.Path == path, path, Cancel);
            Assert.Equal(("error", null), (file["status"], file["mediaUrl"]));
        }

        Assert.Equal(CallPhase.Answered, call.State.Phase);
    }

    [Fact]
    public async Task HangUpDuringRecord_TellsOfTheFileAlone()
    {
        var call = await EstablishAsync("<Response><Record recordCompleteUrl=\"/never\" recordingAvailableUrl=\"/file\"/></Response>");
        await Task.Delay(500, Cancel);

        _alice.SendInDialog(_invite, "BYE");

        var file = await Voice.ExpectAsync("recordingAvailable");
        Assert.Equal("complete", file["status"]);
        Assert.InRange(WavSamples.AtEnd(ReadFile(file["recordingId"]!), Said), 4_000, 8_500);
        await Voice.ExpectAsync("disconnect");
        await NoWebhookAsync("recordComplete", call);
    }

    [Fact]
    public async Task RedirectDuringRecord_DropsRecordComplete_AndTellsOfTheFile()
    {
        var call = await EstablishAsync("<Response><Record recordCompleteUrl=\"/never\" recordingAvailableUrl=\"/file\"/></Response>");
        await Task.Delay(300, Cancel);

        Assert.True(await call.RedirectAsync(new CallRedirect(Voice.Target("/after"), null, null)));

        await Voice.ExpectAsync("redirect");
        Assert.Equal("complete", (await Voice.ExpectAsync("recordingAvailable"))["status"]);
        await NoWebhookAsync("recordComplete", call);
        Assert.Equal(CallPhase.Answered, call.State.Phase);
    }

    [Fact]
    public async Task StartRecording_TwoChannels_HoldsThePartyAndWhatItIsSent()
    {
        await EstablishAsync(
            "<Response><StartRecording multiChannel=\"true\" recordingAvailableUrl=\"/file\"/><StartRecording recordingAvailableUrl=\"/second\"/>"
            + "<SpeakSentence>Tone</SpeakSentence></Response>");
        await Task.Delay(1_500, Cancel);

        _alice.SendInDialog(_invite, "BYE");

        var file = await Voice.ExpectAsync("recordingAvailable");
        Assert.Equal(("/file", "2", "complete"), (file.Path, file["channels"], file["status"]));
        var wav = ReadFile(file["recordingId"]!);
        Assert.InRange(WavSamples.AtEnd(wav, Said, channel: 0), 4_000, 8_500);
        Assert.InRange(WavSamples.AtEnd(wav, Played, channel: 0), 0, 400);
        Assert.InRange(WavSamples.AtEnd(wav, Played, channel: 1), 4_000, 8_500);
        Assert.InRange(WavSamples.AtEnd(wav, Said, channel: 1), 0, 400);
        Assert.Single(Voice.Catalog.All);
    }

    [Fact]
    public async Task StartRecording_OneChannel_HoldsBoth_SurvivesVerbs_AndStops()
    {
        await EstablishAsync(
            "<Response><StartRecording recordingAvailableUrl=\"/file\"/><Pause duration=\"0.1\"/><SpeakSentence>Tone</SpeakSentence></Response>");
        Voice.Advance(0.2);
        await Task.Delay(1_200, Cancel);
        var call = Voice.Registry.Live().Single();

        Assert.True(await call.ReplaceBxmlAsync(Given("<Bxml><StopRecording/><Pause duration=\"1000\"/></Bxml>")));

        var file = await Voice.ExpectAsync("recordingAvailable");
        Assert.Equal(("1", "complete"), (file["channels"], file["status"]));
        var wav = ReadFile(file["recordingId"]!);
        Assert.InRange(WavSamples.AtEnd(wav, Said), 4_000, 8_500);
        Assert.InRange(WavSamples.AtEnd(wav, Played), 4_000, 8_500);
        Assert.Equal(CallPhase.Answered, call.State.Phase);
    }

    [Fact]
    public async Task PausedTime_IsNotInTheFile()
    {
        var begun = TimeProvider.System.GetTimestamp();
        var call = await EstablishAsync("<Response><StartRecording recordingAvailableUrl=\"/file\"/><Pause duration=\"1000\"/></Response>");
        await Task.Delay(300, Cancel);
        Assert.True(await call.RecordingOf.SetPausedAsync(true));
        await Task.Delay(1_000, Cancel);
        Assert.True(await call.RecordingOf.SetPausedAsync(false));
        await Task.Delay(300, Cancel);

        _alice.SendInDialog(_invite, "BYE");

        var file = await Voice.ExpectAsync("recordingAvailable");
        var elapsed = TimeProvider.System.GetElapsedTime(begun).TotalSeconds;
        Assert.InRange(XmlConvert.ToTimeSpan(file["duration"]!).TotalSeconds, 0.1, elapsed - 0.95);
        Assert.False(await call.RecordingOf.SetPausedAsync(true));
    }

    [Fact]
    public async Task StartRecording_OnAnUnansweredCall_BeginsWhenItIsAnswered()
    {
        Voice.Catcher.AnswerBxml(
            "/initiate",
            "<Response><StartRecording recordingAvailableUrl=\"/file\"/><Ring duration=\"5\" answerCall=\"false\"/><Pause duration=\"1000\"/></Response>");
        var placed = _alice.Call("sip:+12025550199@" + Voice.Realm, sdp: _party.Sdp);
        await placed.ExpectAsync(180);
        Assert.Empty(Voice.Catalog.All);

        Voice.Advance(5.1);
        var answer = await placed.ConfirmAsync();
        await Task.Delay(300, Cancel);
        placed.SendInDialog(answer, "BYE");

        Assert.Equal("complete", (await Voice.ExpectAsync("recordingAvailable"))["status"]);
    }

    private static short[] Tone(double frequency, int seconds) =>
        [.. Enumerable.Range(0, seconds * AudioFormat.SampleRate).Select(i => (short)(8_000 * Math.Sin(2 * Math.PI * frequency * i / AudioFormat.SampleRate)))];

    private static GivenBxml Given(string bxml)
    {
        var octets = Encoding.UTF8.GetBytes(bxml);
        return new GivenBxml(BxmlReader.Read(octets, null, BxmlContext.Call).Document!, octets);
    }

    private async Task<OutboundCall> EstablishAsync(string bxml, bool says = true)
    {
        (var call, _invite) = await Voice.EstablishAsync(_alice, bxml, sdp: _party.Sdp);
        _party.Aim(_invite.Body);
        if (says) _ = _party.SayAsync(Said);
        return call;
    }

    private string PathOf(string recordingId) =>
        Path.Combine(Voice.Files.Directory, VoiceHarness.Account.ToString(CultureInfo.InvariantCulture), recordingId + ".wav");

    private byte[] ReadFile(string recordingId) => File.ReadAllBytes(PathOf(recordingId));
}
