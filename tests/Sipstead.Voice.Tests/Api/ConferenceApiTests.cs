using System.Globalization;
using System.Net;
using System.Text.Json;
using Sipstead.Testing;
using Sipstead.Voice.Tests.Harness;
using VoiceAnswer = Sipstead.Voice.Tests.Harness.VoiceAnswer;

namespace Sipstead.Voice.Tests.Api;

/// <summary>Conferences over HTTP (voice-api.md 5).</summary>
public sealed class ConferenceApiTests(ApiHarness api) : IClassFixture<ApiHarness>
{
    private const string Unknown = "conf-00000000-00000000-0000-0000-0000-000000000000";
    private const string UnknownCall = "c-00000000-00000000-0000-0000-0000-000000000000";

    private static int _users;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Get_ShowsTheConferenceAndItsMembers()
    {
        var (id, callId) = await JoinAsync("shown", "tag=\"t\" mute=\"true\" conferenceEventMethod=\"GET\"");

        var answer = await api.GetAsync($"conferences/{id}");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal((id, "shown", "t", "GET"), (answer["id"], answer["name"], answer["tag"], answer["conferenceEventMethod"]));
        Assert.Equal(api.Voice.Catcher.Url("/conference").ToString(), answer["conferenceEventUrl"]);
        Assert.Equal(api.Voice.Time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture), answer["createdTime"]);
        Assert.Null(answer["completedTime"]);
        var member = Assert.Single(answer.Json.GetProperty("activeMembers").EnumerateArray());
        var url = $"{api.Address}api/v2/accounts/9900000/conferences/{id}/members/{callId}";
        ShouldBeMember(member, callId, id, url, mute: true, hold: false);
        ShouldBeMember((await api.GetAsync($"conferences/{id}/members/{callId}")).Json, callId, id, url, mute: true, hold: false);
    }

    [Fact]
    public async Task List_FiltersAndPages_OldestFirst_WithoutMembers()
    {
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            api.Voice.Time.Pass(TimeSpan.FromSeconds(1));
            ids.Add((await JoinAsync($"list{i}")).Id);
        }

        api.Voice.Time.Pass(TimeSpan.FromSeconds(1));

        Assert.Equal([ids[1]], await IdsAsync("?name=list1"));
        Assert.Empty(await IdsAsync("?name=list"));
        var times = new List<string>();
        foreach (var id in ids) times.Add((await api.GetAsync($"conferences/{id}"))["createdTime"]!);
        Assert.Equal(ids[1..], await IdsAsync($"?minCreatedTime={times[1]}"));
        Assert.Equal([ids[0], ids[1]], (await IdsAsync($"?maxCreatedTime={times[1]}")).TakeLast(2));
        var page = await api.GetAsync($"conferences?pageSize=2&minCreatedTime={times[0]}");
        Assert.Equal([ids[0], ids[1]], Ids(page));
        Assert.False(page.Json[0].TryGetProperty("activeMembers", out _));
        var link = Assert.Single(page.Headers.GetValues("Link"));
        Assert.EndsWith(">; rel=\"next\"", link);
        var next = await api.SendAsync(HttpMethod.Get, new Uri(link[1..link.IndexOf('>', StringComparison.Ordinal)]).PathAndQuery, (string?)null, null);
        Assert.Equal([ids[2]], Ids(next));
        Assert.False(next.Headers.Contains("Link"));
    }

    [Theory]
    [InlineData("pageSize=0", "pageSize must be within the range [1, 1000], but was 0")]
    [InlineData("pageSize=1001", "pageSize must be within the range [1, 1000], but was 1001")]
    [InlineData("pageToken=%21", "Invalid pageToken")]
    [InlineData("minCreatedTime=today", "Invalid minCreatedTime: must be an ISO 8601 time, such as 2026-01-31T12:00:00.000Z")]
    public async Task List_WrongParameters_Are400(string query, string description) =>
        (await api.GetAsync($"conferences?{query}")).ShouldBe(400, "validation", description);

    [Fact]
    public async Task Complete_Is204_ThenItIsKept_AndCannotBeChanged()
    {
        var (id, callId) = await JoinAsync("done");

        await Is204Async(api.PostAsync($"conferences/{id}", "{\"status\":\"completed\",\"redirectUrl\":null}"));

        Assert.Equal("hangup", (await api.EndOfAsync(callId))["disconnectCause"]);
        var answer = await api.GetAsync($"conferences/{id}");
        Assert.NotNull(answer["completedTime"]);
        Assert.Equal(0, answer.Json.GetProperty("activeMembers").GetArrayLength());
        NotModifiable(await api.PostAsync($"conferences/{id}", "{\"status\":\"completed\"}"), id);
        NotModifiable(await api.PostAsync($"conferences/{id}", "{\"redirectUrl\":\"http://app.example/\"}"), id);
        NotModifiable(await api.PutAsync($"conferences/{id}/bxml", "<Bxml/>"), id);
        MemberNotFound(await api.GetAsync($"conferences/{id}/members/{callId}"), callId);
        MemberNotFound(await PutAsync($"conferences/{id}/members/{callId}", "{}"), callId);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"status\":\"active\",\"redirectMethod\":null,\"username\":null,\"password\":null,\"redirectFallbackUrl\":null,")]
    [InlineData("\"status\":null,\"username\":\"u\",\"password\":\"p\",")]
    public async Task Redirect_Is204_AndTheApplicationIsAsked(string more)
    {
        var (id, _) = await JoinAsync($"redirect{more.Length}");
        await Is204Async(api.PostAsync($"conferences/{id}", $"{{{more}\"redirectUrl\":\"{api.Voice.Catcher.Url("/redirect")}\"}}"));
        var redirect = await api.Voice.Catcher.ExpectAsync(
            request => request.EventType == "conferenceRedirect" && request["conferenceId"] == id, "conferenceRedirect", Cancel);
        Assert.Equal(more.Contains("\"u\"", StringComparison.Ordinal) ? "u:p" : null, redirect.Basic);
    }

    [Theory]
    [InlineData("{}", "Missing at least one required field. Required fields are [redirectUrl]")]
    [InlineData("{\"status\":\"active\"}", "Missing at least one required field. Required fields are [redirectUrl]")]
    [InlineData("{\"status\":\"paused\"}", "Invalid status: must be one of [active, completed]")]
    [InlineData("{\"status\":1}", "Invalid status: must be a string")]
    [InlineData("{\"redirectUrl\":\"ftp://a/\"}", "Invalid redirectUrl: only http and https are allowed")]
    [InlineData("{\"redirectUrl\":\"http://a/\",\"redirectMethod\":\"PUT\"}", "Invalid redirectUrl method. Supported methods: [POST, GET]")]
    [InlineData("{\"redirectUrl\":\"http://a/\",\"username\":\"u\"}", "Invalid username: username and password go together")]
    public async Task Update_ThatIsWrong_Is400(string body, string description)
    {
        var (id, _) = await JoinAsync("wrong");
        (await api.PostAsync($"conferences/{id}", body)).ShouldBe(400, "validation", description);
        Assert.Null((await api.GetAsync($"conferences/{id}"))["completedTime"]);
    }

    [Fact]
    public async Task Bxml_Is204_OrSaysWhatIsWrong()
    {
        var (id, _) = await JoinAsync("bxml");
        await Is204Async(api.PutAsync($"conferences/{id}/bxml", "<Bxml><SpeakSentence>Hello</SpeakSentence></Bxml>"));
        var wrong = await api.PutAsync($"conferences/{id}/bxml", "<Bxml><Hangup/></Bxml>");
        Assert.Equal((400, "validation"), ((int)wrong.Status, wrong["type"]));
        Assert.StartsWith("Line 1, column 8: <Hangup> cannot be used here; give ", wrong["description"]);
        Assert.Equal(400, (int)(await api.PutAsync($"conferences/{id}/bxml", "no XML")).Status);
        (await api.SendAsync(HttpMethod.Put, ApiHarness.Path($"conferences/{id}/bxml"), "<Bxml/>", "text/plain"))
            .ShouldBe(415, "validation", "Content type 'text/plain' not supported");
    }

    [Fact]
    public async Task Member_IsChangedByWhatIsThere()
    {
        var (id, callId) = await JoinAsync("member");
        var path = $"conferences/{id}/members/{callId}";
        await ShouldBecomeAsync(path, "{\"mute\":true}", (true, false, ""));
        await ShouldBecomeAsync(path, "{\"hold\":true,\"callIdsToCoach\":[\"c-1\",\"c-2\"]}", (true, true, "c-1,c-2"));
        await ShouldBecomeAsync(path, "{\"mute\":false,\"hold\":false,\"callIdsToCoach\":null}", (false, false, "c-1,c-2")); // as the C# client writes it
        await ShouldBecomeAsync(path, "{\"mute\":null}", (false, false, "c-1,c-2"));
        var (_, other) = await JoinAsync("member");
        (await PutAsync($"conferences/{id}/members/{other}", "{\"callIdsToCoach\":[\"c-3\"]}"))
            .ShouldBe(400, "validation", "Invalid callIdsToCoach: the conference has another coach");
        await ShouldBecomeAsync(path, "{\"callIdsToCoach\":[]}", (false, false, ""));
    }

    [Theory]
    [InlineData("{\"mute\":\"yes\"}", "Invalid mute: must be true or false")]
    [InlineData("{\"hold\":1}", "Invalid hold: must be true or false")]
    [InlineData("{\"callIdsToCoach\":\"c-1\"}", "Invalid callIdsToCoach: must be a list of strings")]
    [InlineData("{\"callIdsToCoach\":[1]}", "Invalid callIdsToCoach: must be a list of strings of at most 100 characters")]
    public async Task Member_WrongChange_Is400AndChangesNothing(string body, string description)
    {
        var (id, callId) = await JoinAsync("wrong-member");
        (await PutAsync($"conferences/{id}/members/{callId}", body)).ShouldBe(400, "validation", description);
        Assert.Equal("False", (await api.GetAsync($"conferences/{id}/members/{callId}"))["mute"]);
    }

    [Fact]
    public async Task Unknown_Is404()
    {
        var (id, _) = await JoinAsync("known");
        var description = $"Conference [{Unknown}] not found";
        (await api.GetAsync($"conferences/{Unknown}")).ShouldBe(404, "validation", description);
        (await api.PostAsync($"conferences/{Unknown}", "{\"status\":\"completed\"}")).ShouldBe(404, "validation", description);
        (await api.PutAsync($"conferences/{Unknown}/bxml", "<Bxml/>")).ShouldBe(404, "validation", description);
        (await api.GetAsync($"conferences/{Unknown}/members/{UnknownCall}")).ShouldBe(404, "validation", description);
        (await PutAsync($"conferences/{Unknown}/members/{UnknownCall}", "{}")).ShouldBe(404, "validation", description);
        MemberNotFound(await api.GetAsync($"conferences/{id}/members/{UnknownCall}"), UnknownCall);
        MemberNotFound(await PutAsync($"conferences/{id}/members/{UnknownCall}", "{\"mute\":true}"), UnknownCall);
    }

    [Fact]
    public async Task S_57_ConferenceOfAnotherAccount_IsUnknown_AndAReaderOnlyReads()
    {
        var (id, callId) = await JoinAsync("private");
        foreach (var path in (string[])["conferences", $"conferences/{id}", $"conferences/{id}/members/{callId}"])
        {
            (await api.GetAsync(path, api.Stranger)).ShouldBe(403, "authorization-error", "Access is denied");
            (await api.GetAsync(path, api.Nobody)).ShouldBe(401, "authentication-error", "The credentials provided were invalid");
            Assert.Equal(HttpStatusCode.OK, (await api.GetAsync(path, api.Reader)).Status);
        }

        var others = await api.SendAsync(HttpMethod.Get, ApiHarness.Path($"conferences/{id}", "9900001"), (string?)null, null, api.Stranger);
        others.ShouldBe(404, "validation", $"Conference [{id}] not found");
        Assert.Equal("[]", (await api.SendAsync(HttpMethod.Get, ApiHarness.Path("conferences", "9900001"), (string?)null, null, api.Stranger)).Body);
        Assert.Equal(HttpStatusCode.Forbidden, (await api.PostAsync($"conferences/{id}", "{\"status\":\"completed\"}", api.Reader)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await api.PutAsync($"conferences/{id}/bxml", "<Bxml/>", api.Reader)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await PutAsync($"conferences/{id}/members/{callId}", "{\"mute\":true}", api.Reader)).Status);
        (await PutAsync($"conferences/{id}", "{}")).ShouldBe(405, "validation", "Method Not Allowed");
    }

    /// <summary>A new call in a conference.</summary>
    private async Task<(string Id, string CallId)> JoinAsync(string name, string attributes = "")
    {
        var user = $"guest{Interlocked.Increment(ref _users)}";
        var (call, _) = await api.Voice.EstablishAsync(
            api.Voice.AddPhone(user), $"<Response><Conference conferenceEventUrl=\"/conference\" {attributes}>{name}</Conference></Response>",
            api.Voice.Wish($"sip:{user}@{api.Voice.Realm}"));
        api.Voice.Catcher.AnswerBxml("/answer", VoiceTest.Waiting);
        var conference = await Poll.ForAsync("the call in the conference", () => Task.FromResult(
            api.Voice.Conferences.Live().FirstOrDefault(one => one.State.Find(call.Id) is not null)), Cancel);
        return (conference.Id, call.Id);
    }

    private async Task<IReadOnlyList<string>> IdsAsync(string query) => Ids(await api.GetAsync($"conferences{query}"));

    private static IReadOnlyList<string> Ids(VoiceAnswer answer) => [.. answer.Json.EnumerateArray().Select(one => one.GetProperty("id").GetString()!)];

    private Task<VoiceAnswer> PutAsync(string path, string json, HttpClient? client = null) =>
        api.SendAsync(HttpMethod.Put, ApiHarness.Path(path), json, "application/json", client);

    private async Task ShouldBecomeAsync(string path, string change, (bool Mute, bool Hold, string Coached) expected)
    {
        await Is204Async(PutAsync(path, change));
        var json = (await api.GetAsync(path)).Json;
        var coached = string.Join(',', json.GetProperty("callIdsToCoach").EnumerateArray().Select(id => id.GetString()));
        Assert.Equal(expected, (json.GetProperty("mute").GetBoolean(), json.GetProperty("hold").GetBoolean(), coached));
    }

    private static async Task Is204Async(Task<VoiceAnswer> asked)
    {
        var answer = await asked;
        Assert.Equal((HttpStatusCode.NoContent, ""), (answer.Status, answer.Body));
    }

    private static void NotModifiable(VoiceAnswer answer, string id) =>
        answer.ShouldBe(409, "validation", $"Conference [{id}] cannot be modified in its current state");

    private static void MemberNotFound(VoiceAnswer answer, string callId) => answer.ShouldBe(404, "validation", $"Conference member [{callId}] not found");

    private static void ShouldBeMember(JsonElement member, string callId, string id, string url, bool mute, bool hold)
    {
        Assert.Equal(["callId", "conferenceId", "memberUrl", "mute", "hold", "callIdsToCoach"], member.EnumerateObject().Select(property => property.Name));
        Assert.Equal((callId, id, url), (member.GetProperty("callId").GetString(), member.GetProperty("conferenceId").GetString(), member.GetProperty("memberUrl").GetString()));
        Assert.Equal((mute, hold, 0), (member.GetProperty("mute").GetBoolean(), member.GetProperty("hold").GetBoolean(), member.GetProperty("callIdsToCoach").GetArrayLength()));
    }
}
