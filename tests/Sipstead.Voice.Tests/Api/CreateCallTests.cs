using System.Net;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Api;

/// <summary>createCall over HTTP (voice-api.md 4.1).</summary>
public sealed class CreateCallTests(ApiHarness api) : IClassFixture<ApiHarness>
{
    [Fact]
    public async Task Create_RequiredFieldsOnly_AnswersWithEveryDefault()
    {
        var answer = await api.PostAsync("calls", api.NewCall());

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Equal("application/json; charset=UTF-8", answer.ContentHeaders.ContentType?.ToString());
        var id = answer["callId"]!;
        Assert.Equal(47, id.Length);
        var url = $"{api.Address.ToString().TrimEnd('/')}/api/v2/accounts/9900000/calls/{id}";
        Assert.Equal(url, answer.Headers.Location?.ToString());
        Assert.Equal(
            $$"""
            {"applicationId":"{{api.Voice.Application.Id}}","accountId":"9900000","callId":"{{id}}","to":"sip:alice@{{api.Voice.Realm}}","from":"+12025550100",
            "enqueuedTime":"2026-01-02T03:04:05.000Z","callUrl":"{{url}}","callTimeout":30,"callbackTimeout":15,"answerMethod":"POST",
            "answerUrl":"{{api.Voice.Catcher.Url("/answer")}}","answerFallbackMethod":"POST","disconnectMethod":"POST","priority":5}
            """.ReplaceLineEndings(""), answer.Body);
    }

    [Fact]
    public async Task Create_EveryField_IsEchoedWithPasswordsMasked()
    {
        var answer = await api.PostAsync("calls", api.NewCall(
            """
            ,"answerMethod":"GET","username":"u","password":"secret","answerFallbackUrl":"http://b.example/f","answerFallbackMethod":"GET","fallbackUsername":"v",
            "fallbackPassword":"hidden","disconnectUrl":"http://b.example/d","disconnectMethod":"GET","callTimeout":12.5,"callbackTimeout":7.5,"tag":"t",
            "displayName":"x","priority":1,"uui":"aGk=;encoding=base64","anything":[1]
            """));

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.DoesNotContain("secret", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", answer.Body, StringComparison.Ordinal);
        Assert.Equal(("u", "*****", "v", "*****"), (answer["username"], answer["password"], answer["fallbackUsername"], answer["fallbackPassword"]));
        Assert.Equal(("GET", "GET", "GET"), (answer["answerMethod"], answer["answerFallbackMethod"], answer["disconnectMethod"]));
        Assert.Equal(("http://b.example/f", "http://b.example/d"), (answer["answerFallbackUrl"], answer["disconnectUrl"]));
        Assert.Equal(("12.5", "7.5", "t", "1"), (answer["callTimeout"], answer["callbackTimeout"], answer["tag"], answer["priority"]));
    }

    [Theory]
    [InlineData("calls")]
    [InlineData("calls/")]
    [InlineData("Calls")]
    [InlineData("CALLS/")]
    public async Task Create_PathInAnyCaseWithOrWithoutSlash_IsTheSame(string path) =>
        Assert.Equal(HttpStatusCode.Created, (await api.PostAsync(path, api.NewCall())).Status);

    [Theory]
    [InlineData("/API/V2/Accounts/9900000/calls")]
    [InlineData("/api/v2/ACCOUNTS/9900000/calls/")]
    public async Task Create_PrefixInAnyCase_IsTheSame(string path) =>
        Assert.Equal(HttpStatusCode.Created, (await api.SendAsync(HttpMethod.Post, path, api.NewCall(), "application/json")).Status);

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("APPLICATION/JSON;charset=UTF-8")]
    public async Task Create_JsonInAnySpelling_IsTaken(string contentType) =>
        Assert.Equal(HttpStatusCode.Created, (await api.SendAsync(HttpMethod.Post, ApiHarness.Path("calls"), api.NewCall(), contentType)).Status);

    [Theory]
    [InlineData("application/xml")]
    [InlineData("text/plain")]
    [InlineData("application/jsonp")]
    public async Task Create_OtherContentType_Is415(string contentType) =>
        (await api.SendAsync(HttpMethod.Post, ApiHarness.Path("calls"), api.NewCall(), contentType))
            .ShouldBe(415, "validation", $"Content type '{contentType}' not supported");

    [Fact]
    public async Task Create_WithoutContentType_Is415() =>
        (await api.SendAsync(HttpMethod.Post, ApiHarness.Path("calls"), api.NewCall(), null)).ShouldBe(415, "validation", "Unsupported Media Type");

    [Fact]
    public async Task Create_TrailingComma_IsForgiven() => Assert.Equal(HttpStatusCode.Created, (await api.PostAsync("calls", api.NewCall(","))).Status);

    [Fact]
    public async Task Create_BodyOfTheCSharpClient_IsTaken() => Assert.Equal(HttpStatusCode.Created, (await api.PostAsync("calls", api.NewCall(
        """
        ,"uui":null,"displayName":null,"privacy":null,"answerMethod":null,"username":null,"password":null,"answerFallbackUrl":null,"answerFallbackMethod":null,
        "fallbackUsername":null,"fallbackPassword":null,"disconnectUrl":null,"disconnectMethod":null,"callTimeout":30.0,"callbackTimeout":15.0,
        "machineDetection":null,"priority":5,"tag":null
        """))).Status);

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("{\"to\":\"\\ud800\"}")]
    [InlineData("{\"\\ud800\\ud800\":1}")]
    [InlineData("{\"fro\\ud800\":1}")]
    public async Task Create_BodyThatIsNoJsonObject_Is400(string body)
    {
        var answer = await api.PostAsync("calls", body);
        Assert.Equal((400, "validation"), ((int)answer.Status, answer["type"]));
    }

    [Fact]
    public async Task Create_BodyThatIsNotUnicode_Is400()
    {
        byte[] body = [.. "{\"to\":\""u8, 0xFF, 0xC0, .. "\"}"u8];
        var answer = await api.SendAsync(HttpMethod.Post, ApiHarness.Path("calls"), body, "application/json");
        Assert.Equal((400, "validation"), ((int)answer.Status, answer["type"]));
    }

    [Fact]
    public async Task Create_BodyTooDeepOrTooLong_Is400()
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await api.PostAsync("calls", api.NewCall($",\"x\":{new string('[', 40)}{new string(']', 40)}"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await api.PostAsync("calls", api.NewCall($",\"x\":\"{new string('x', 300_000)}\""))).Status);
    }

    [Fact]
    public async Task Create_WithoutRequiredFields_Is400InTheApisWords() =>
        (await api.PostAsync("calls", "{}")).ShouldBe(
            400, "validation", "Missing at least one required field. Required fields are [from, to, answerUrl, applicationId]");

    [Theory]
    [InlineData("00000000-0000-0000-0000-000000000001")]
    [InlineData("no-id")]
    public async Task Create_UnknownApplication_Is400(string id)
    {
        var body = api.NewCall().Replace(api.Voice.Application.Id.ToString(), id, StringComparison.Ordinal);
        (await api.PostAsync("calls", body)).ShouldBe(400, "validation", $"Could not create call: Application id {id} not found");
    }

    [Fact]
    public async Task Create_ApplicationOfAnotherAccount_Is400()
    {
        var theirs = api.Voice.AddApplication(VoiceHarness.OtherAccount).Id.ToString();
        var body = api.NewCall().Replace(api.Voice.Application.Id.ToString(), theirs, StringComparison.Ordinal);
        (await api.PostAsync("calls", body)).ShouldBe(400, "validation", $"Could not create call: Application id {theirs} not found");
    }

    [Theory]
    [InlineData("sip:a>b@{0}")]
    [InlineData("sip:alice@{0}>;x=1")]
    [InlineData("sip:alice@{0}\\r\\nX-Evil: 1")]
    [InlineData("sip:alice@{0} ")]
    [InlineData("sip:al\\u0000ice@{0}")]
    [InlineData("sip:alice@{0}?X-Evil=1")]
    [InlineData("sips:alice@{0}")]
    [InlineData("tel:+12025550111")]
    public async Task Create_UriThatIsNone_Is400(string to) => (await api.PostAsync(
        "calls", api.NewCall(to: string.Format(System.Globalization.CultureInfo.InvariantCulture, to, api.Voice.Realm))))
        .ShouldBe(400, "validation", "Invalid to: must be an E164 telephone number or a SIP URI");

    [Fact]
    public async Task Create_ThenGet_TellsTheCallAtOnce()
    {
        var id = await api.CreateAsync(",\"tag\":\"t\"");

        var answer = await api.GetAsync($"calls/{id}");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal((id, "outbound", "+12025550100"), (answer["callId"], answer["direction"], answer["from"]));
        Assert.DoesNotContain("null", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_ForwardedOrigin_BeginsTheUrls()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, ApiHarness.Path("calls"))
        {
            Content = new StringContent(api.NewCall(), System.Text.Encoding.UTF8, "application/json"),
            Headers = { { "X-Forwarded-Proto", "https" }, { "X-Forwarded-Host", "voice.example" } },
        };

        using var response = await api.Admin.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.StartsWith("https://voice.example/api/v2/accounts/9900000/calls/c-", response.Headers.Location?.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_WhenTheServerStops_Is503WithRetryAfter()
    {
        await using var stopping = new StoppingApi();
        await stopping.InitializeAsync();
        stopping.Voice.Engine.Close();

        var answer = await stopping.PostAsync("calls", stopping.NewCall());

        answer.ShouldBe(503, "system-overloaded", "Managing too many concurrent calls");
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Empty(stopping.Voice.Registry.List("9900000", new CallQuery()).Calls);
    }

    private sealed class StoppingApi : ApiHarness;
}
