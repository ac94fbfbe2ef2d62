using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Sipstead.Media.Audio;
using Sipstead.Media.Transcription;
using Sipstead.Testing.Webhooks;
using Sipstead.Voice.Tests.Harness;
using Sipstead.Voice.Tests.Recordings;

namespace Sipstead.Voice.Tests.Api;

/// <summary>The recordings API (voice-api.md 6) over HTTP, with a database and files.</summary>
public sealed class RecordingApiTests(ApiHarness api) : IClassFixture<ApiHarness>
{
    private const double Played = 1000;

    private static readonly string Other = VoiceHarness.OtherAccount.ToString(CultureInfo.InvariantCulture);

    private string StartRecording =>
        $"<Bxml><StartRecording recordingAvailableUrl=\"{api.Voice.Catcher.Url("/file")}\"/><SpeakSentence>Tone</SpeakSentence></Bxml>";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Recording_FromItsBeginToItsDeletion()
    {
        var (call, recording, available) = await RecordAsync();

        var list = (await api.GetAsync($"calls/{call}/recordings")).Json;
        Assert.Equal(recording, Text(Assert.Single(list.EnumerateArray()), "recordingId"));
        var body = (await api.GetAsync($"calls/{call}/recordings/{recording}")).Json;
        Assert.Equal(list[0].GetRawText(), body.GetRawText());
        Assert.Equal(
            ["applicationId", "accountId", "callId", "recordingId", "to", "from", "duration", "direction", "channels", "startTime", "endTime", "fileFormat", "status", "mediaUrl"],
            body.EnumerateObject().Select(one => one.Name));
        Assert.Equal(
            ("9900000", call, "outbound", "wav", "complete"),
            (Text(body, "accountId"), Text(body, "callId"), Text(body, "direction"), Text(body, "fileFormat"), Text(body, "status")));
        Assert.Equal($"{api.Address}api/v2/accounts/9900000/calls/{call}/recordings/{recording}/media", Text(body, "mediaUrl"));
        Assert.Equal((available["duration"], available["startTime"], available["endTime"]), (Text(body, "duration"), Text(body, "startTime"), Text(body, "endTime")));
        Assert.Equal(47, recording.Length);

        Assert.Equal(HttpStatusCode.NoContent, (await DeleteAsync($"calls/{call}/recordings/{recording}")).Status);
        Assert.Equal("[]", (await api.GetAsync($"calls/{call}/recordings")).Body);
        (await api.GetAsync($"calls/{call}/recordings/{recording}")).ShouldBe(404, "validation", $"Recording [{recording}] not found");
        (await api.GetAsync($"calls/{call}/recordings/{recording}/media")).ShouldBe(404, "validation", $"Recording [{recording}] not found");
        (await DeleteAsync($"calls/{call}/recordings/{recording}")).ShouldBe(404, "validation", $"Recording [{recording}] not found");
    }

    [Fact]
    public async Task Media_IsSentWhateverIsAccepted_WholeOrInParts_AndCanBeDeletedAlone()
    {
        var (call, recording, _) = await RecordAsync();
        var path = ApiHarness.Path($"calls/{call}/recordings/{recording}/media");

        using var whole = await SendAsync(path, request => request.Headers.Accept.ParseAdd("application/json"));
        Assert.Equal((HttpStatusCode.OK, "audio/vnd.wave"), (whole.StatusCode, whole.Content.Headers.ContentType!.MediaType));
        var wav = await whole.Content.ReadAsByteArrayAsync(Cancel);
        Assert.Equal(wav.Length, whole.Content.Headers.ContentLength);
        Assert.InRange(WavSamples.AtEnd(wav, Played), 4_000, 8_500);

        using var part = await SendAsync(path, request => request.Headers.Range = new RangeHeaderValue(44, 99));
        Assert.Equal((HttpStatusCode.PartialContent, $"bytes 44-99/{wav.Length}"), (part.StatusCode, part.Content.Headers.ContentRange!.ToString()));
        Assert.Equal(wav[44..100], await part.Content.ReadAsByteArrayAsync(Cancel));
        using var beyond = await SendAsync(path, request => request.Headers.Range = new RangeHeaderValue(wav.Length + 1, null));
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, beyond.StatusCode);

        Assert.Equal(HttpStatusCode.NoContent, (await DeleteAsync($"calls/{call}/recordings/{recording}/media")).Status);
        (await DeleteAsync($"calls/{call}/recordings/{recording}/media")).ShouldBe(404, "validation", $"Recording [{recording}] not found");
        Assert.False((await api.GetAsync($"calls/{call}/recordings/{recording}")).Json.TryGetProperty("mediaUrl", out _));
    }

    [Fact]
    public async Task OwnMedia_CanBePlayed_WithTheCredentialsOfTheApi()
    {
        var (call, recording, _) = await RecordAsync();
        var second = await api.EstablishAsync();
        var url = $"{api.Address}api/v2/accounts/9900000/calls/{call}/recordings/{recording}/media";
        api.Voice.Catcher.AnswerBxml("/played", VoiceTest.Waiting);

        Assert.Equal(HttpStatusCode.NoContent, (await api.PutAsync(
            $"calls/{second}/bxml",
            $"<Bxml><PlayAudio username=\"admin\" password=\"{ApiHarness.Password}\">{url}</PlayAudio><Redirect redirectUrl=\"{api.Voice.Catcher.Url("/played")}\"/></Bxml>")).Status);
        await api.Voice.Catcher.ExpectAsync(request => request.CallId == second && request.EventType == "redirect", "redirect", Cancel);

        await api.PutAsync($"calls/{second}/bxml", $"<Bxml><PlayAudio>{url}</PlayAudio></Bxml>");
        Assert.Equal("application-error", (await api.EndOfAsync(second))["disconnectCause"]);
    }

    [Fact]
    public async Task Pause_TakesEitherCase_AndNeedsARecording()
    {
        var call = await api.EstablishAsync();
        (await PauseAsync(call, "paused")).ShouldBe(409, "validation", $"Call [{call}] cannot be modified in its current state");
        await api.PutAsync($"calls/{call}/bxml", StartRecording);
        await VoiceHarness.SettleAsync(api.Voice.Registry.Live().Single(one => one.Id == call));
        foreach (var state in new[] { "paused", "PAUSED", "recording", "RECORDING" })
        {
            var answer = await PauseAsync(call, state);
            Assert.Equal((HttpStatusCode.OK, ""), (answer.Status, answer.Body));
        }

        (await PauseAsync(call, "stopped")).ShouldBe(400, "validation", "Invalid state: must be one of [paused, recording]");
        (await PauseAsync("c-0", "paused")).ShouldBe(404, "validation", "Call [c-0] not found");
        (await api.SendAsync(HttpMethod.Put, ApiHarness.Path($"calls/{call}/recording"), "x", "text/plain")).ShouldBe(
            415, "validation", "Content type 'text/plain' not supported");
    }

    [Fact]
    public async Task UnknownCall_HasNoRecordings()
    {
        var answer = await api.GetAsync("calls/c-00000000-0000-0000-0000-000000000000/recordings");
        Assert.Equal((HttpStatusCode.OK, "[]"), (answer.Status, answer.Body));
        Assert.Equal("[]", (await api.GetAsync("conferences/conf-0/recordings")).Body);
        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync("conferences/conf-0/recordings/r-0")).Status);
    }

    [Fact]
    public async Task List_OfTheAccount_IsFiltered()
    {
        var (call, recording, _) = await RecordAsync();
        Assert.Contains(recording, await IdsAsync("recordings"));
        Assert.Contains(recording, await IdsAsync("recordings?from=%2B12025550100"));
        Assert.DoesNotContain(recording, await IdsAsync("recordings?to=%2B12025550100"));
        Assert.Contains(recording, await IdsAsync("recordings?minStartTime=2026-01-02T03:04:05Z"));
        Assert.DoesNotContain(recording, await IdsAsync("recordings?maxStartTime=2026-01-02T03:04:05Z"));
        (await api.GetAsync("recordings?minStartTime=soon")).ShouldBe(
            400, "validation", "Invalid minStartTime: must be an ISO 8601 time, such as 2026-01-31T12:00:00.000Z");
        Assert.Equal([recording], await IdsAsync($"calls/{call}/recordings"));
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("DELETE", "")]
    [InlineData("GET", "/media")]
    [InlineData("DELETE", "/media")]
    [InlineData("GET", "/transcription")]
    [InlineData("POST", "/transcription")]
    [InlineData("DELETE", "/transcription")]
    public async Task S_57_RecordingOfAnotherAccount_IsUnknown(string method, string resource)
    {
        var (call, recording, _) = await RecordAsync();
        var body = method == "POST" ? "{}" : null;
        var type = body is null ? null : "application/json";
        var path = $"calls/{call}/recordings/{recording}{resource}";
        Assert.Equal(HttpStatusCode.NotFound, (await api.SendAsync(new HttpMethod(method), ApiHarness.Path(path, Other), body, type, api.Stranger)).Status);
        (await api.SendAsync(new HttpMethod(method), ApiHarness.Path(path), body, type, api.Stranger)).ShouldBe(403, "authorization-error", "Access is denied");
        (await api.SendAsync(new HttpMethod(method), ApiHarness.Path(path), body, type, api.Nobody)).ShouldBe(
            401, "authentication-error", "The credentials provided were invalid");
        if (method != "GET")
            (await api.SendAsync(new HttpMethod(method), ApiHarness.Path(path), body, type, api.Reader)).ShouldBe(403, "authorization-error", "Access is denied");
        Assert.DoesNotContain(recording, (await api.SendAsync(HttpMethod.Get, ApiHarness.Path("recordings", Other), (string?)null, null, api.Stranger)).Body, StringComparison.Ordinal);
        var wrongCall = ApiHarness.Path($"calls/c-0/recordings/{recording}{resource}");
        Assert.Equal(HttpStatusCode.NotFound, (await api.SendAsync(new HttpMethod(method), wrongCall, body, type)).Status);
        var asConference = ApiHarness.Path($"conferences/{call}/recordings/{recording}{resource}");
        Assert.NotEqual(HttpStatusCode.OK, (await api.SendAsync(HttpMethod.Get, asConference, (string?)null, null)).Status);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync($"calls/{call}/recordings/{recording}")).Status);
    }

    [Fact]
    public async Task Transcription_FromItsRequestToItsDeletion()
    {
        api.Voice.Transcriber.Transcribe = (_, _, _) => Task.FromResult(new TranscriptionResult(new Transcript("Hello.", 0.9, []), null));
        var (call, recording, _) = await RecordAsync();
        var path = $"calls/{call}/recordings/{recording}/transcription";
        (await api.GetAsync(path)).ShouldBe(404, "validation", "Not Found");

        var asked = await api.PostAsync(path, $$"""{"callbackUrl":"{{api.Voice.Catcher.Url("/text")}}","tag":"t9","callbackTimeout":null,"detectLanguage":null}""");
        Assert.Equal((HttpStatusCode.NoContent, ""), (asked.Status, asked.Body));

        var told = await api.Voice.Catcher.ExpectAsync(
            request => request.EventType == "transcriptionAvailable" && request["recordingId"] == recording, "transcriptionAvailable", Cancel);
        Assert.Equal((call, "t9", "PT"), (told.CallId, told["tag"], told["duration"]![..2]));
        var transcription = told.Json.GetProperty("transcription");
        Assert.Equal(
            ("available", $"{api.Address}api/v2/accounts/9900000/calls/{call}/recordings/{recording}/transcription"), (Text(transcription, "status"), Text(transcription, "url")));
        Assert.Equal("""{"transcripts":[{"speaker":0,"text":"Hello.","confidence":0.9}],"clips":[]}""", (await api.GetAsync(path)).Body);
        Assert.Equal(
            transcription.GetProperty("id").GetString(),
            (await api.GetAsync($"calls/{call}/recordings/{recording}")).Json.GetProperty("transcription").GetProperty("id").GetString());

        Assert.Equal(HttpStatusCode.NoContent, (await DeleteAsync(path)).Status);
        (await api.GetAsync(path)).ShouldBe(404, "validation", "Not Found");
        (await api.PostAsync("calls/c-0/recordings/r-0/transcription", "{}")).ShouldBe(404, "validation", "Recording [r-0] not found");
    }

    [Theory]
    [InlineData("""{"callbackTimeout":26}""", "callbackTimeout must be within the range [1, 25], but was 26")]
    [InlineData("""{"callbackUrl":"ftp://a/"}""", "Invalid callbackUrl: only http and https are allowed")]
    [InlineData("""{"callbackUrl":"http://a/","callbackMethod":"PUT"}""", "Invalid callbackUrl method. Supported methods: [POST, GET]")]
    [InlineData("""{"detectLanguage":"yes"}""", "Invalid detectLanguage: must be true or false")]
    public async Task Transcription_WrongRequest_IsToldWhatIsWrong(string json, string description)
    {
        var (call, recording, _) = await RecordAsync();
        (await api.PostAsync($"calls/{call}/recordings/{recording}/transcription", json)).ShouldBe(400, "validation", description);
    }

    [Fact]
    public async Task Bodies_DamagedAnyhow_AreAnsweredWithoutAFailureOfOurs()
    {
        var (call, recording, _) = await RecordAsync();
        var random = new Random(7);
        byte[][] whole =
        [
            "{\"state\":\"paused\"}"u8.ToArray(),
            Encoding.UTF8.GetBytes("""{"callbackUrl":"http://127.0.0.1:1/x","callbackMethod":"POST","username":"u","password":"p","tag":"t","callbackTimeout":2,"detectLanguage":true}"""),
        ];
        for (var i = 0; i < 150; i++)
        {
            var octets = (byte[])whole[i % 2].Clone();
            for (var change = random.Next(1, 4); change > 0; change--) octets[random.Next(octets.Length)] = (byte)random.Next(256);
            var answer = i % 2 == 0
                ? await api.SendAsync(HttpMethod.Put, ApiHarness.Path($"calls/{call}/recording"), octets, "application/json")
                : await api.SendAsync(HttpMethod.Post, ApiHarness.Path($"calls/{call}/recordings/{recording}/transcription"), octets, "application/json");
            Assert.InRange((int)answer.Status, 200, 499);
        }
    }

    private async Task<(string Call, string Recording, CaughtRequest Available)> RecordAsync()
    {
        api.Voice.Media.Start();
        api.Voice.Speech.Speak = (_, _) => new(new AudioResult(new AudioClip(Tone()), null));
        var call = await api.EstablishAsync();
        await api.PutAsync($"calls/{call}/bxml", StartRecording);
        await Task.Delay(800, Cancel);
        await api.PostAsync($"calls/{call}", "{\"state\":\"completed\"}");
        var available = await api.Voice.Catcher.ExpectAsync(
            request => request.CallId == call && request.EventType == "recordingAvailable", "recordingAvailable", Cancel);
        return (call, available["recordingId"]!, available);
    }

    private static short[] Tone() =>
        [.. Enumerable.Range(0, 60 * AudioFormat.SampleRate).Select(i => (short)(8_000 * Math.Sin(2 * Math.PI * Played * i / AudioFormat.SampleRate)))];

    private async Task<HttpResponseMessage> SendAsync(string path, Action<HttpRequestMessage> change)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        change(request);
        return await api.Admin.SendAsync(request, Cancel);
    }

    private Task<VoiceAnswer> DeleteAsync(string path) => api.SendAsync(HttpMethod.Delete, ApiHarness.Path(path), (string?)null, null);

    private Task<VoiceAnswer> PauseAsync(string call, string state) =>
        api.SendAsync(HttpMethod.Put, ApiHarness.Path($"calls/{call}/recording"), $"{{\"state\":\"{state}\"}}", "application/json");

    private async Task<string[]> IdsAsync(string path) => [.. (await api.GetAsync(path)).Json.EnumerateArray().Select(one => Text(one, "recordingId")!)];

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).ToString();
}
