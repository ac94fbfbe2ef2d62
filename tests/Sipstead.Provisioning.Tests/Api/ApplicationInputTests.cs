using System.Net;
using System.Xml.Linq;

namespace Sipstead.Provisioning.Tests.Api;

/// <summary>Contract 7: every code, and what PUT and PATCH make of what is there.</summary>
public sealed class ApplicationInputTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private const string Root = "ApplicationProvisioningResponse";
    private const string Url = "<CallInitiatedCallbackUrl>https://app.example/voice</CallInitiatedCallbackUrl>";
    private const string Full =
        "<CallInitiatedMethod>GET</CallInitiatedMethod><CallInitiatedFallbackUrl>https://app.example/f</CallInitiatedFallbackUrl>"
        + "<CallInitiatedFallbackMethod>GET</CallInitiatedFallbackMethod><CallStatusCallbackUrl>https://app.example/s</CallStatusCallbackUrl>"
        + "<CallStatusMethod>GET</CallStatusMethod><CallbackCreds><UserId>u</UserId><Password>p</Password></CallbackCreds>"
        + "<CallInitiatedFallbackCreds><UserId>fu</UserId><Password>fp</Password></CallInitiatedFallbackCreds><CallbackTimeout>2.5</CallbackTimeout>";

    private readonly ApiHost _host = fixture.Host;

    private static string Application(string content) => $"<Application>{content}</Application>";

    private static string Voice(string more) => Application($"<ServiceType>Voice-V2</ServiceType><AppName>n</AppName>{Url}{more}");

    private static string Messaging(string more) => Application($"<ServiceType>Messaging-V2</ServiceType><AppName>n</AppName>{more}");

    private static string Credentials(string element, string userId, string password) =>
        $"<{element}><UserId>{userId}</UserId><Password>{password}</Password></{element}>";

    public static TheoryData<string, int> BadWishes => new()
    {
        { Application($"<AppName>n</AppName>{Url}"), 12801 },
        { Application($"<ServiceType/><AppName>n</AppName>{Url}"), 12801 },
        { Application($"<ServiceType>Voice-V3</ServiceType><AppName>n</AppName>{Url}"), 12801 },
        { Application($"<ServiceType>voice-v2</ServiceType><AppName>n</AppName>{Url}"), 12801 },
        { Application("<ServiceType>Voice-V2</ServiceType><AppName>n</AppName>"), 12802 },
        { Application("<ServiceType>Voice-V2</ServiceType><AppName>n</AppName><CallInitiatedCallbackUrl/>"), 12802 },
        { Application($"<ServiceType>Voice-V2</ServiceType>{Url}"), 12806 },
        { Application($"<ServiceType>Voice-V2</ServiceType><AppName> </AppName>{Url}"), 12806 },
        { Application($"<ServiceType>Voice-V2</ServiceType><AppName>{new string('n', 257)}</AppName>{Url}"), 1011 },
        { Messaging("<CallInitiatedCallbackUrl>https://app.example/voice</CallInitiatedCallbackUrl>"), 12962 },
        { Messaging(Credentials("CallbackCreds", "u", "p")), 12962 },
        { Messaging("<CallbackTimeout>20</CallbackTimeout>"), 12962 },
        { Messaging("<InboundCallbackUrl>ftp://app.example</InboundCallbackUrl>"), 12803 },
        { Messaging("<CallbackUrl>https://a.example/1</CallbackUrl><MsgCallbackUrl>https://a.example/2</MsgCallbackUrl>"), 12960 },
        { Messaging("<RequestedCallbackTypes><CallbackType>a b</CallbackType></RequestedCallbackTypes>"), 1008 },
        { Messaging("<RequestedCallbackTypes><CallbackType/></RequestedCallbackTypes>"), 1008 },
        { Messaging($"<RequestedCallbackTypes><CallbackType>{new string('a', 65)}</CallbackType></RequestedCallbackTypes>"), 1011 },
        { Messaging($"<RequestedCallbackTypes>{string.Concat(Enumerable.Repeat("<CallbackType>a</CallbackType>", 33))}</RequestedCallbackTypes>"), 1011 },
        { Messaging("<OutboundCallbackCreds><UserId>u</UserId></OutboundCallbackCreds>"), 12977 },
        { Voice("<InboundCallbackUrl>https://app.example/in</InboundCallbackUrl>"), 12962 },
        { Voice("<MsgCallbackUrl>https://app.example/in</MsgCallbackUrl>"), 12962 },
        { Voice(Credentials("InboundCallbackCreds", "u", "p")), 12962 },
        { Voice("<RequestedCallbackTypes><CallbackType>a</CallbackType></RequestedCallbackTypes>"), 12962 },
        { Voice("<CallInitiatedFallbackUrl>nowhere</CallInitiatedFallbackUrl>"), 12803 },
        { Voice("<CallStatusCallbackUrl>remove</CallStatusCallbackUrl>"), 12803 },
        { Voice($"<CallStatusCallbackUrl>https://app.example/{new string('a', 2029)}</CallStatusCallbackUrl>"), 1011 },
        { Voice("<CallInitiatedMethod>PUT</CallInitiatedMethod>"), 12961 },
        { Voice("<CallInitiatedMethod>get</CallInitiatedMethod>"), 12961 },
        { Voice("<CallInitiatedFallbackMethod>HEAD</CallInitiatedFallbackMethod>"), 12961 },
        { Voice("<CallStatusCallbackUrl>https://a.example/</CallStatusCallbackUrl><CallStatusMethod>x</CallStatusMethod>"), 12961 },
        { Voice("<CallStatusMethod>GET</CallStatusMethod>"), 12963 },
        { Voice("<CallbackCreds><UserId>u</UserId></CallbackCreds>"), 12977 },
        { Voice("<CallInitiatedFallbackCreds><UserId>u</UserId><Password/></CallInitiatedFallbackCreds>"), 12977 },
        { Voice("<CallbackCreds><Password>p</Password></CallbackCreds>"), 12800 },
        { Voice(Credentials("CallbackCreds", new string('u', 1025), "p")), 1011 },
        { Voice(Credentials("CallbackCreds", "u", new string('p', 1025))), 1011 },
        { Voice(Credentials("CallbackCreds", "a:b", "p")), 1008 },
        { Voice(Credentials("CallbackCreds", "a", "p&#10;p")), 1008 },
        { Voice("<CallbackTimeout>0.9</CallbackTimeout>"), 1008 },
        { Voice("<CallbackTimeout>25.01</CallbackTimeout>"), 1008 },
        { Voice("<CallbackTimeout>-3</CallbackTimeout>"), 1008 },
        { Voice("<CallbackTimeout>1e1</CallbackTimeout>"), 1008 },
        { Voice("<CallbackTimeout>1,5</CallbackTimeout>"), 1008 },
        { Voice("<CallbackTimeout>NaN</CallbackTimeout>"), 1008 },
        { Voice("<AppName>twice</AppName>"), 1009 },
        { Voice("<CallbackCreds/><CallbackCreds/>"), 1009 },
        { Voice("<CallbackCreds><UserId>a</UserId><UserId>b</UserId></CallbackCreds>"), 1009 },
    };

    [Theory]
    [MemberData(nameof(BadWishes))]
    public async Task Create_BadInput_Is400WithTheCode(string xml, int code) =>
        (await _host.PostAsync("applications", xml)).ShouldBeError(400, Root, code);

    [Theory]
    [InlineData("http://localhost")]
    [InlineData("HTTP://127.0.0.1:3000/voice")]
    [InlineData("https://[2001:db8::1]/v")]
    [InlineData("https://bücher.example/ü?q=ä#f")]
    [InlineData("https://app.example/%20?a=b&amp;c=d")]
    public async Task Create_Url_IsTakenAndComesBackAsItWas(string url)
    {
        var answer = await _host.PostAsync("applications", Voice("").Replace("https://app.example/voice", url, StringComparison.Ordinal));
        Assert.Equal((HttpStatusCode.Created, url.Replace("&amp;", "&", StringComparison.Ordinal)), (answer.Status, answer.Value("CallInitiatedCallbackUrl")));
    }

    [Theory]
    [InlineData("app.example/voice")]
    [InlineData("/voice")]
    [InlineData("ftp://app.example/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("javascript:alert(1)")]
    [InlineData("http:app.example")]
    [InlineData("http:///voice")]
    [InlineData("http://")]
    [InlineData("http://app .example/")]
    [InlineData("http://app.example/a b")]
    [InlineData("http://app.example\\@evil.example/")]
    [InlineData("http://app.example:99999/")]
    [InlineData("http://user:pass@app.example/")]
    [InlineData("http://user@app.example/")]
    [InlineData("http://app.example/&#13;&#10;X-Header: y")]
    [InlineData("remove")]
    public async Task Create_UrlThatIsNone_Is400With12803(string url)
    {
        var answer = await _host.PostAsync("applications", Voice("").Replace("https://app.example/voice", url, StringComparison.Ordinal));
        answer.ShouldBeError(400, Root, 12803);
        Assert.DoesNotContain("pass@", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_LongestValues_AreTaken()
    {
        var answer = await _host.PostAsync("applications", Application(
            $"<ServiceType>Voice</ServiceType><AppName>{new string('n', 256)}</AppName>"
            + $"<CallInitiatedCallbackUrl>https://app.example/{new string('a', 2028)}</CallInitiatedCallbackUrl>"
            + Credentials("CallbackCreds", new string('u', 1024), new string('p', 1024))
            + "<CallbackTimeout>25</CallbackTimeout>"));
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.True(_host.View.Applications.TryFind(Guid.Parse(answer.Value("ApplicationId")!), out var entry));
        Assert.Equal(1024, entry.Credentials!.Password.Length);
    }

    [Fact]
    public async Task Create_EmptyOptionalElements_CountAsMissing()
    {
        var answer = await _host.PostAsync("applications", Voice(
            "<CallInitiatedMethod/><CallInitiatedFallbackUrl/><CallInitiatedFallbackMethod/><CallStatusCallbackUrl/><CallStatusMethod/>"
            + "<CallbackCreds/><CallInitiatedFallbackCreds><UserId/><Password/></CallInitiatedFallbackCreds><CallbackTimeout/>"
            + "<InboundCallbackUrl/><InboundCallbackCreds/><RequestedCallbackTypes/>"));
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Equal(
            ["ApplicationId", "ServiceType", "AppName", "CallInitiatedCallbackUrl", "CallInitiatedMethod"],
            answer.Xml!.Element("Application")!.Elements().Select(e => e.Name.LocalName));
    }

    [Fact]
    public async Task Put_IsACompleteUpdate()
    {
        var path = await CreateFullAsync();
        var answer = await _host.PutAsync(path, Application("<AppName>renamed</AppName><CallInitiatedCallbackUrl>http://localhost/new</CallInitiatedCallbackUrl>"));
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(
            [path[^36..], "Voice-V2", "renamed", "http://localhost/new", "POST"],
            answer.Xml!.Element("Application")!.Elements().Select(e => e.Value));
        Assert.Equal(answer.Body, (await _host.GetAsync(path)).Body);
    }

    [Fact]
    public async Task Put_NameAlone_KeepsWhatAnApplicationCannotBeWithout()
    {
        var path = await CreateFullAsync();
        var answer = await _host.PutAsync(path, Application("<AppName>renamed</AppName>"));
        Assert.Equal(
            [path[^36..], "Voice-V2", "renamed", "https://app.example/voice", "POST"],
            answer.Xml!.Element("Application")!.Elements().Select(e => e.Value));
    }

    [Fact]
    public async Task Put_WhatAGetShowed_ChangesNothingAndKeepsThePasswords()
    {
        var path = await CreateFullAsync();
        var before = await _host.GetAsync(path);
        var after = await _host.PutAsync(path, before.Xml!.Element("Application")!.ToString());
        Assert.Equal((HttpStatusCode.OK, before.Body), (after.Status, after.Body));
        Assert.True(_host.View.Applications.TryFind(Guid.Parse(path[^36..]), out var entry));
        Assert.Equal(("p", "fp"), (entry.Credentials!.Password, entry.FallbackCredentials!.Password));
    }

    [Fact]
    public async Task Patch_KeepsWhatIsMissing()
    {
        var path = await CreateFullAsync();
        var before = await _host.GetAsync(path);
        var after = await _host.PatchAsync(path, Application("<AppName>renamed</AppName>"));
        Assert.Equal(HttpStatusCode.OK, after.Status);
        Assert.Equal(before.Body.Replace("<AppName>n</AppName>", "<AppName>renamed</AppName>", StringComparison.Ordinal), after.Body);
        Assert.Equal(after.Body, (await _host.PatchAsync(path, "<Application/>")).Body);
        Assert.Equal(after.Body, (await _host.GetAsync(path)).Body);
        Assert.True(_host.View.Applications.TryFind(Guid.Parse(path[^36..]), out var entry));
        Assert.Equal(("renamed", "p", "fp"), (entry.Name, entry.Credentials!.Password, entry.FallbackCredentials!.Password));
    }

    [Fact]
    public async Task Patch_Remove_TakesTheUrlAwayAndItsMethodWithIt()
    {
        var path = await CreateFullAsync();
        var removed = await _host.PatchAsync(path, Application(
            "<CallStatusCallbackUrl>remove</CallStatusCallbackUrl><CallInitiatedFallbackUrl>remove</CallInitiatedFallbackUrl>"));
        Assert.Equal(HttpStatusCode.OK, removed.Status);
        foreach (var element in new[] { "CallStatusCallbackUrl", "CallStatusMethod", "CallInitiatedFallbackUrl", "CallInitiatedFallbackMethod" })
            Assert.Null(removed.Value(element));
        Assert.True(_host.View.Applications.TryFind(Guid.Parse(path[^36..]), out var entry));
        Assert.Equal((null, null), (entry.CallStatusUrl, entry.CallInitiatedFallbackUrl));

        (await _host.PatchAsync(path, Application("<CallStatusMethod>GET</CallStatusMethod>"))).ShouldBeError(400, Root, 12963);
        var again = await _host.PatchAsync(path, Application(
            "<CallStatusCallbackUrl>http://localhost/s</CallStatusCallbackUrl><CallInitiatedFallbackUrl>http://localhost/f</CallInitiatedFallbackUrl>"));
        Assert.Equal(("POST", "POST"), (again.Value("CallStatusMethod"), again.Value("CallInitiatedFallbackMethod")));
    }

    [Fact]
    public async Task Patch_Messaging_KeepsRemovesAndEmpties()
    {
        var created = await _host.PostAsync("applications", Messaging(
            "<InboundCallbackUrl>https://a.example/in</InboundCallbackUrl><OutboundCallbackUrl>https://a.example/out</OutboundCallbackUrl>"
            + Credentials("InboundCallbackCreds", "u", "p")
            + "<RequestedCallbackTypes><CallbackType>sent</CallbackType></RequestedCallbackTypes>"));
        var path = $"applications/{created.Value("ApplicationId")}";
        var kept = await _host.PatchAsync(path, Application("<InboundCallbackCreds><UserId>u</UserId></InboundCallbackCreds>"));
        Assert.Equal(created.Body, kept.Body);
        var emptied = await _host.PatchAsync(path, Application("<OutboundCallbackUrl>remove</OutboundCallbackUrl><RequestedCallbackTypes/>"));
        Assert.Equal(("https://a.example/in", null, null, "u"),
            (emptied.Value("InboundCallbackUrl"), emptied.Value("OutboundCallbackUrl"), emptied.Value("CallbackType"), emptied.Value("UserId")));
        Assert.Equal(
            [path[^36..], "Messaging-V2", "n"],
            (await _host.PutAsync(path, Application(""))).Xml!.Element("Application")!.Elements().Select(e => e.Value));
    }

    public static TheoryData<string, int> BadUpdates => new()
    {
        { "<ServiceType>Messaging-V2</ServiceType>", 12964 },
        { "<ServiceType>Fax</ServiceType>", 12801 },
        { "<AppName/>", 12806 },
        { "<CallInitiatedCallbackUrl/>", 12802 },
        { "<CallInitiatedCallbackUrl>remove</CallInitiatedCallbackUrl>", 12803 },
        { "<CallInitiatedMethod>DELETE</CallInitiatedMethod>", 12961 },
        { "<CallStatusCallbackUrl>remove</CallStatusCallbackUrl><CallStatusMethod>GET</CallStatusMethod>", 12963 },
        { "<OutboundCallbackUrl>https://a.example/</OutboundCallbackUrl>", 12962 },
        { "<CallbackCreds><UserId>other</UserId></CallbackCreds>", 12976 },
        { "<CallInitiatedFallbackCreds><UserId>other</UserId></CallInitiatedFallbackCreds>", 12976 },
        { "<CallbackCreds><Password>p</Password></CallbackCreds>", 12800 },
        { "<CallbackTimeout>26</CallbackTimeout>", 1008 },
    };

    [Theory]
    [MemberData(nameof(BadUpdates))]
    public async Task Update_BadInput_Is400AndNothingChanges(string content, int code)
    {
        var path = await CreateFullAsync();
        var before = await _host.GetAsync(path);
        (await _host.PatchAsync(path, Application(content))).ShouldBeError(400, Root, code);

        // To a full update "remove" is just a URL that is none.
        (await _host.PutAsync(path, Application(content))).ShouldBeError(400, Root, content.Contains(">remove<", StringComparison.Ordinal) ? 12803 : code);
        Assert.Equal(before.Body, (await _host.GetAsync(path)).Body);
        Assert.True(_host.View.Applications.TryFind(Guid.Parse(path[^36..]), out var entry));
        Assert.Equal("n", entry.Name);
    }

    [Fact]
    public async Task Update_CredentialsOfAnApplicationWithout_NeedThePassword()
    {
        var path = $"applications/{await _host.CreateApplicationAsync("bare")}";
        (await _host.PatchAsync(path, Application("<CallbackCreds><UserId>u</UserId></CallbackCreds>"))).ShouldBeError(400, Root, 12977);
        Assert.Equal("u", (await _host.PatchAsync(path, Application(Credentials("CallbackCreds", "u", "p")))).Value("UserId"));
        Assert.Equal("u", (await _host.PatchAsync(path, Application("<CallbackCreds><UserId>u</UserId></CallbackCreds>"))).Value("UserId"));
        Assert.Null((await _host.PutAsync(path, Application("<AppName>bare</AppName>"))).Value("UserId"));
    }

    [Fact]
    public async Task RequireHttps_WithCredentialsAndHttp_Is12812OnlyWhenSwitchedOn()
    {
        const string plain = "<CallStatusCallbackUrl>http://app.example/s</CallStatusCallbackUrl>";
        const string plainFallback = "<CallInitiatedFallbackUrl>http://app.example/f</CallInitiatedFallbackUrl>";
        var wish = Voice(plain + Credentials("CallbackCreds", "u", "p"));
        Assert.Equal(HttpStatusCode.Created, (await _host.PostAsync("applications", wish)).Status);

        await using var host = await ApiHost.StartAsync(new ProvisioningOptions { RequireHttpsWithCredentials = true });
        (await host.PostAsync("applications", wish)).ShouldBeError(400, Root, 12812);
        (await host.PostAsync("applications", Voice(plainFallback + Credentials("CallInitiatedFallbackCreds", "u", "p")))).ShouldBeError(400, Root, 12812);
        var withoutCredentials = await host.PostAsync("applications", Voice(plain + plainFallback));
        Assert.Equal(HttpStatusCode.Created, withoutCredentials.Status);
        var path = $"applications/{withoutCredentials.Value("ApplicationId")}";
        (await host.PatchAsync(path, Application(Credentials("CallbackCreds", "u", "p")))).ShouldBeError(400, Root, 12812);
        Assert.Equal(
            HttpStatusCode.OK,
            (await host.PatchAsync(path, Application("<CallStatusCallbackUrl>remove</CallStatusCallbackUrl>" + Credentials("CallbackCreds", "u", "p")))).Status);
    }

    [Fact]
    public async Task Name_OfAnyText_ComesBackUnchangedAndWellFormed()
    {
        const string text = "<script>alert(1)</script> & \"quotes\" ]]> \u2028 \U0001F4DE";
        var wish = new XElement(
            "Application",
            new XElement("ServiceType", "Voice"),
            new XElement("AppName", text),
            new XElement("CallInitiatedCallbackUrl", "http://localhost/"));
        var answer = await _host.PostAsync("applications", wish.ToString(SaveOptions.DisableFormatting));
        Assert.Equal(text, answer.Value("AppName"));
        Assert.DoesNotContain("<script>", answer.Body, StringComparison.Ordinal);
    }

    private async Task<string> CreateFullAsync()
    {
        var created = await _host.PostAsync("applications", Voice(Full));
        Assert.Equal(HttpStatusCode.Created, created.Status);
        return $"applications/{created.Value("ApplicationId")}";
    }
}
