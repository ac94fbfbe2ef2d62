using System.Net;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Api;

/// <summary>updateCall and updateCallBxml over HTTP (voice-api.md 4.4, 4.5).</summary>
public sealed class UpdateCallTests(ApiHarness api) : IClassFixture<ApiHarness>
{
    private const string Unknown = "c-00000000-00000000-0000-0000-0000-000000000000";

    private string Redirect => $"\"redirectUrl\":\"{api.Voice.Catcher.Url("/answer")}\"";

    [Theory]
    [InlineData("")]
    [InlineData("\"state\":\"active\",")]
    [InlineData("\"redirectMethod\":null,\"username\":null,\"password\":null,\"redirectFallbackUrl\":null,\"tag\":null,")]
    [InlineData("\"redirectMethod\":\"POST\",\"username\":\"u\",\"password\":\"p\",\"tag\":\"t2\",\"unknown\":1,")]
    public async Task Redirect_OfAnAnsweredCall_Is200Empty(string more)
    {
        var id = await api.EstablishAsync();

        ShouldBeEmpty(await api.PostAsync($"calls/{id}", $"{{{more}{Redirect}}}"), HttpStatusCode.OK);

        var redirect = await ExpectAsync(id, "redirect");
        Assert.Equal(more.Contains("\"u\"", StringComparison.Ordinal) ? "u:p" : null, redirect.Basic);
    }

    [Theory]
    [InlineData("{\"state\":\"completed\"}")]
    [InlineData("{\"state\":\"completed\",\"redirectUrl\":\"http://app.example/\",\"username\":\"u\",\"password\":\"p\",\"tag\":\"t\"}")]
    public async Task Complete_OfAnAnsweredCall_Is200Empty(string body)
    {
        var id = await api.EstablishAsync();

        ShouldBeEmpty(await api.PostAsync($"calls/{id}", body), HttpStatusCode.OK);

        var ended = await api.EndOfAsync(id);
        Assert.Equal("hangup", ended["disconnectCause"]);
        NotModifiable(await api.PostAsync($"calls/{id}", body), id);
        NotModifiable(await api.PostAsync($"calls/{id}", $"{{{Redirect}}}"), id);
        NotModifiable(await api.PutAsync($"calls/{id}/bxml", "<Bxml/>"), id);
    }

    [Theory]
    [InlineData("{\"state\":null,\"redirectUrl\":\"http://app.example/\"}", "Invalid state: must be one of [active, completed]")]
    [InlineData("{\"state\":\"paused\"}", "Invalid state: must be one of [active, completed]")]
    [InlineData("{\"state\":1}", "Invalid state: must be a string")]
    [InlineData("{\"state\":\"active\"}", "Missing at least one required field. Required fields are [redirectUrl]")]
    [InlineData("{}", "Missing at least one required field. Required fields are [redirectUrl]")]
    [InlineData("{\"redirectUrl\":\"ftp://app.example/\"}", "Invalid redirectUrl: only http and https are allowed")]
    [InlineData("{\"redirectUrl\":\"http://app.example/\",\"redirectMethod\":\"PUT\"}", "Invalid redirectUrl method. Supported methods: [POST, GET]")]
    public async Task Update_ThatIsWrong_Is400AndChangesNothing(string body, string description)
    {
        var id = await api.CreateAsync();
        (await api.PostAsync($"calls/{id}", body)).ShouldBe(400, "validation", description);
        Assert.NotEqual("disconnected", (await api.GetAsync($"calls/{id}"))["state"]);
    }

    [Fact]
    public async Task Redirect_OfARingingCall_Is409()
    {
        var id = await api.CreateAsync();
        NotModifiable(await api.PostAsync($"calls/{id}", $"{{{Redirect}}}"), id);
        NotModifiable(await api.PutAsync($"calls/{id}/bxml", "<Bxml/>"), id);
    }

    [Fact]
    public async Task UnknownCall_Is404()
    {
        var description = $"Call [{Unknown}] not found";
        (await api.GetAsync($"calls/{Unknown}")).ShouldBe(404, "validation", description);
        (await api.PostAsync($"calls/{Unknown}", "{\"state\":\"completed\"}")).ShouldBe(404, "validation", description);
        (await api.PutAsync($"calls/{Unknown}/bxml", "<Bxml/>")).ShouldBe(404, "validation", description);
        (await api.GetAsync($"calls/{Unknown}/callbacks")).ShouldBe(404, "validation", description);
    }

    [Theory]
    [InlineData("<Bxml><Hangup/></Bxml>")]
    [InlineData("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response/>")]
    public async Task Bxml_OfAnAnsweredCall_Is204WithoutLength(string bxml)
    {
        var id = await api.EstablishAsync();

        var answer = await api.PutAsync($"calls/{id}/bxml", bxml);

        ShouldBeEmpty(answer, HttpStatusCode.NoContent);
        Assert.False(answer.ContentHeaders.NonValidated.Contains("Content-Length")); // RFC 9110 8.6
        Assert.Equal("hangup", (await api.EndOfAsync(id))["disconnectCause"]);
    }

    [Theory]
    [InlineData("no XML")]
    [InlineData("")]
    [InlineData("\"<Response/>\"")]
    [InlineData("<Bxml><Nothing/></Bxml>")]
    public async Task Bxml_ThatIsInvalid_Is400AndTheCallGoesOn(string bxml)
    {
        var id = await api.EstablishAsync();
        var answer = await api.PutAsync($"calls/{id}/bxml", bxml);
        Assert.Equal((400, "validation"), ((int)answer.Status, answer["type"]));
        Assert.NotEmpty(answer["description"]!);
        Assert.Equal("answered", (await api.GetAsync($"calls/{id}"))["state"]);
    }

    [Fact]
    public async Task Bxml_TooLong_Is400()
    {
        var id = await api.EstablishAsync();
        var answer = await api.PutAsync($"calls/{id}/bxml", $"<Bxml><!--{new string('x', 300_000)}--></Bxml>");
        Assert.Equal((400, "validation"), ((int)answer.Status, answer["type"]));
    }

    [Fact]
    public async Task Bxml_OtherContentType_Is415()
    {
        var path = ApiHarness.Path($"calls/{Unknown}/bxml");
        (await api.SendAsync(HttpMethod.Put, path, "<Bxml/>", "application/json")).ShouldBe(415, "validation", "Content type 'application/json' not supported");
    }

    [Fact]
    public async Task Bxml_RelativeUrls_AreThoseOfTheLastDocument()
    {
        var id = await api.EstablishAsync();
        Assert.Equal(HttpStatusCode.NoContent, (await api.PutAsync($"calls/{id}/bxml", "<Bxml><Redirect redirectUrl=\"answer\"/></Bxml>")).Status);
        Assert.Equal("/answer", (await ExpectAsync(id, "redirect")).Path);
    }

    [Fact]
    public async Task Validate_TellsWhatIsWrongAndWhere()
    {
        Assert.Equal("""{"valid":true}""", (await ValidateAsync("<Bxml><Redirect redirectUrl=\"relative\"/></Bxml>")).Body);
        var wrong = await ValidateAsync("<Bxml>\n<Gather maxDigits=\"many\"/></Bxml>");
        Assert.Equal(("False", "2", "Gather", "maxDigits"), (wrong["valid"], wrong["line"], wrong["verb"], wrong["attribute"]));
        Assert.NotEmpty(wrong["message"]!);

        Task<VoiceAnswer> ValidateAsync(string bxml) => api.SendAsync(HttpMethod.Post, ApiHarness.Path("bxml/validate"), bxml, "application/xml");
    }

    [Fact]
    public async Task Callbacks_TellTheExchangesInOrder()
    {
        var id = await api.EstablishAsync($",\"disconnectUrl\":\"{api.Voice.Catcher.Url("/disconnect")}\",\"username\":\"u\",\"password\":\"secret\"");
        await api.PostAsync($"calls/{id}", "{\"state\":\"completed\"}");
        await ExpectAsync(id, "disconnect");

        var answer = await Sipstead.Testing.Poll.ForAsync("two exchanges", async () =>
        {
            var callbacks = await api.GetAsync($"calls/{id}/callbacks");
            return callbacks.Json.GetArrayLength() == 2 ? callbacks : null;
        }, TestContext.Current.CancellationToken);

        Assert.Equal(["answer", "disconnect"], answer.Json.EnumerateArray().Select(one => one.GetProperty("eventType").GetString()));
        Assert.Equal(id, answer.Json[0].GetProperty("request").GetProperty("callId").GetString());
        Assert.Equal(VoiceTest.Waiting, answer.Json[0].GetProperty("response").GetString());
        Assert.DoesNotContain("secret", answer.Body, StringComparison.Ordinal);
    }

    private static void ShouldBeEmpty(VoiceAnswer answer, HttpStatusCode status)
    {
        Assert.Equal((status, ""), (answer.Status, answer.Body));
        Assert.Null(answer.ContentHeaders.ContentType);
    }

    private static void NotModifiable(VoiceAnswer answer, string id) => answer.ShouldBe(409, "validation", $"Call [{id}] cannot be modified in its current state");

    private Task<Sipstead.Testing.Webhooks.CaughtRequest> ExpectAsync(string id, string eventType) => api.Voice.Catcher.ExpectAsync(
        request => request.CallId == id && request.EventType == eventType, eventType, TestContext.Current.CancellationToken);
}
