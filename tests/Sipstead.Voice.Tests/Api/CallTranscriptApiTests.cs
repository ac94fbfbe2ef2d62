using System.Globalization;
using System.Net;
using Sipstead.Media;
using Sipstead.Voice.Tests.Harness;
using Sipstead.Voice.Transcribing;

namespace Sipstead.Voice.Tests.Api;

/// <summary>The API of live transcriptions (voice-api.md 7).</summary>
public sealed class CallTranscriptApiTests(ApiHarness api) : IClassFixture<ApiHarness>
{
    private static readonly string Other = VoiceHarness.OtherAccount.ToString(CultureInfo.InvariantCulture);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Transcript_FromItsEndToItsDeletion()
    {
        var call = await api.EstablishAsync();
        Assert.Equal("[]", (await api.GetAsync($"calls/{call}/transcriptions")).Body);
        Keep(call, "t-1");
        var path = $"calls/{call}/transcriptions/t-1";
        Assert.Equal(
            $$"""[{"transcriptionId":"t-1","transcriptionName":"n","transcriptionUrl":"{{api.Address}}api/v2/accounts/9900000/{{path}}"}]""",
            (await api.GetAsync($"calls/{call}/transcriptions")).Body);
        Assert.Equal(
            $$"""{"accountId":"9900000","callId":"{{call}}","transcriptionId":"t-1","tracks":[{"detectedLanguage":"en","track":"inbound","transcript":"Hello.","confidence":0.5},{"track":"outbound","transcript":""}]}""",
            (await api.GetAsync(path)).Body);

        var deleted = await DeleteAsync(path);
        Assert.Equal((HttpStatusCode.OK, ""), (deleted.Status, deleted.Body));
        Assert.Equal("[]", (await api.GetAsync($"calls/{call}/transcriptions")).Body);
        (await api.GetAsync(path)).ShouldBe(404, "validation", "Transcription [t-1] not found");
        (await DeleteAsync(path)).ShouldBe(404, "validation", "Transcription [t-1] not found");
    }

    [Fact]
    public async Task Transcript_OfAVerb_IsThereWhenTheEventSaysSo()
    {
        var call = await api.EstablishAsync();
        await api.PutAsync($"calls/{call}/bxml", $"<Bxml><StartTranscription name=\"n\" transcriptionEventUrl=\"{api.Voice.Catcher.Url("/text")}\"/><StopTranscription/><Pause duration=\"9\"/></Bxml>");
        var told = await api.Voice.Catcher.ExpectAsync(
            request => request.CallId == call && request.EventType == "realTimeTranscriptionAvailable", "realTimeTranscriptionAvailable", Cancel);
        var id = told.Json.GetProperty("realTimeTranscription").GetProperty("id").GetString();
        var listed = Assert.Single((await api.GetAsync($"calls/{call}/transcriptions")).Json.EnumerateArray());
        Assert.Equal(
            (id, $"{api.Address}api/v2/accounts/9900000/calls/{call}/transcriptions/{id}"),
            (listed.GetProperty("transcriptionId").GetString(), told.Json.GetProperty("realTimeTranscription").GetProperty("url").GetString()));
        await api.PostAsync($"calls/{call}", "{\"state\":\"completed\"}");
        await api.EndOfAsync(call);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync($"calls/{call}/transcriptions/{id}")).Status); // as long as the call is known
    }

    [Fact]
    public async Task Transcript_OfAnotherCallOrAccount_IsNone()
    {
        var (call, otherCall) = (await api.EstablishAsync(), await api.EstablishAsync());
        Keep(call, "t-2");
        (await api.GetAsync("calls/c-0/transcriptions")).ShouldBe(404, "validation", "Call [c-0] not found");
        (await api.GetAsync($"calls/{otherCall}/transcriptions/t-2")).ShouldBe(404, "validation", "Transcription [t-2] not found");
        (await DeleteAsync($"calls/{otherCall}/transcriptions/t-2")).ShouldBe(404, "validation", "Transcription [t-2] not found");
        var theirs = ApiHarness.Path($"calls/{call}/transcriptions/t-2", Other);
        (await api.SendAsync(HttpMethod.Get, theirs, (string?)null, null, api.Stranger)).ShouldBe(404, "validation", "Transcription [t-2] not found");
        (await api.SendAsync(HttpMethod.Delete, theirs, (string?)null, null, api.Stranger)).ShouldBe(404, "validation", "Transcription [t-2] not found");
        Assert.Single(api.Voice.Transcriptions.Log.Find(call));
    }

    [Fact]
    public async Task EachMethod_NeedsItsRole()
    {
        var call = await api.EstablishAsync();
        Keep(call, "t-3");
        var path = ApiHarness.Path($"calls/{call}/transcriptions/t-3");
        Assert.Equal(HttpStatusCode.OK, (await api.SendAsync(HttpMethod.Get, path, (string?)null, null, api.Reader)).Status);
        (await api.SendAsync(HttpMethod.Delete, path, (string?)null, null, api.Reader)).ShouldBe(403, "authorization-error", "Access is denied");
        (await api.SendAsync(HttpMethod.Delete, path, (string?)null, null, api.Stranger)).ShouldBe(403, "authorization-error", "Access is denied");
        (await api.SendAsync(HttpMethod.Get, path, (string?)null, null, api.Nobody)).ShouldBe(401, "authentication-error", "The credentials provided were invalid");
        (await api.SendAsync(HttpMethod.Post, path, "{}", "application/json")).ShouldBe(405, "validation", "Method Not Allowed");
        Assert.Single(api.Voice.Transcriptions.Log.Find(call));
    }

    private void Keep(string call, string id) => api.Voice.Transcriptions.Log.Add(new CallTranscript(
        "9900000", call, id, "n", [new TrackTranscript(AudioTrack.Inbound, "Hello.", 0.5, "en"), new TrackTranscript(AudioTrack.Outbound, "", null, null)]));

    private Task<VoiceAnswer> DeleteAsync(string path) => api.SendAsync(HttpMethod.Delete, ApiHarness.Path(path), (string?)null, null);
}
