using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Sipstead.Provisioning.Accounts;

namespace Sipstead.Provisioning.Tests.Api;

/// <summary>Contract 7: what the answers look like, and who may see what.</summary>
public sealed class ApplicationTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private const string Root = "ApplicationProvisioningResponse";
    private const string Unknown = "68092813-741b-4afe-b198-91f425bce81e";

    private readonly ApiHost _host = fixture.Host;

    private static string Voice(string more = "", string name = "n") =>
        $"<Application><ServiceType>Voice-V2</ServiceType><AppName>{name}</AppName><CallInitiatedCallbackUrl>https://app.example/voice</CallInitiatedCallbackUrl>{more}</Application>";

    private static string Inner(ApiHost.Answer answer) => answer.Body[(answer.Body.IndexOf("?>", StringComparison.Ordinal) + 2)..];

    [Fact]
    public async Task List_NoApplications_IsEmptyElement()
    {
        await using var host = await ApiHost.StartAsync();
        var answer = await host.GetAsync("applications");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("<ApplicationProvisioningResponse><ApplicationList /></ApplicationProvisioningResponse>", Inner(answer));
    }

    [Fact]
    public async Task Create_LeastVoiceApplication_AnswersDefaultsAndLocation()
    {
        var answer = await _host.PostAsync("applications", Voice());
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        var id = answer.Value("ApplicationId")!;
        Assert.Equal(id, Guid.ParseExact(id, "D").ToString("D"));
        Assert.Equal(
            $"<{Root}><Application><ApplicationId>{id}</ApplicationId><ServiceType>Voice-V2</ServiceType><AppName>n</AppName>"
            + "<CallInitiatedCallbackUrl>https://app.example/voice</CallInitiatedCallbackUrl><CallInitiatedMethod>POST</CallInitiatedMethod>"
            + $"</Application></{Root}>",
            Inner(answer));
        Assert.Equal(new Uri(_host.Address, ApiHost.Path($"applications/{id}")), answer.Location);
        Assert.Equal(Inner(answer), Inner(await _host.GetAsync(answer.Location!.Segments[^2] + answer.Location.Segments[^1])));
    }

    [Fact]
    public async Task Create_EveryVoiceField_IsEchoedWithoutPasswords()
    {
        var answer = await _host.PostAsync("applications", Voice(
            "<CallInitiatedMethod>GET</CallInitiatedMethod>"
            + "<CallbackTimeout>20</CallbackTimeout>"
            + "<CallInitiatedFallbackCreds><Password>secret two</Password><UserId>user two</UserId></CallInitiatedFallbackCreds>"
            + "<CallInitiatedFallbackMethod>GET</CallInitiatedFallbackMethod><CallInitiatedFallbackUrl>http://10.0.0.1:8080/f?a=1&amp;b=2</CallInitiatedFallbackUrl>"
            + "<CallbackCreds><UserId>user one</UserId><Password>secret one</Password></CallbackCreds>"
            + "<CallStatusMethod>GET</CallStatusMethod><CallStatusCallbackUrl>http://localhost/status</CallStatusCallbackUrl>"
            + "<Unknown><AppName>x</AppName></Unknown>",
            "every &lt;field&gt;"));
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        var expected =
            $"<Application><ApplicationId>{answer.Value("ApplicationId")}</ApplicationId><ServiceType>Voice-V2</ServiceType><AppName>every &lt;field&gt;</AppName>"
            + "<CallInitiatedCallbackUrl>https://app.example/voice</CallInitiatedCallbackUrl><CallInitiatedMethod>GET</CallInitiatedMethod>"
            + "<CallStatusCallbackUrl>http://localhost/status</CallStatusCallbackUrl><CallStatusMethod>GET</CallStatusMethod>"
            + "<CallbackCreds><UserId>user one</UserId></CallbackCreds>"
            + "<CallInitiatedFallbackUrl>http://10.0.0.1:8080/f?a=1&amp;b=2</CallInitiatedFallbackUrl><CallInitiatedFallbackMethod>GET</CallInitiatedFallbackMethod>"
            + "<CallInitiatedFallbackCreds><UserId>user two</UserId></CallInitiatedFallbackCreds>"
            + "<CallbackTimeout>20</CallbackTimeout></Application>";
        Assert.Equal($"<{Root}>{expected}</{Root}>", Inner(answer));
        Assert.Contains(expected, (await _host.GetAsync("applications")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_MessagingApplication_IsStoredAndEchoedWithoutPasswords()
    {
        var answer = await _host.PostAsync(
            "applications",
            "<Application><ServiceType>Messaging-V2</ServiceType><AppName>texts</AppName><InboundCallbackUrl>https://a.example/in</InboundCallbackUrl>"
            + "<InboundCallbackCreds><UserId>i</UserId><Password>secret</Password></InboundCallbackCreds>"
            + "<OutboundCallbackUrl>https://a.example/out</OutboundCallbackUrl><OutboundCallbackCreds><UserId>o</UserId><Password>secret</Password></OutboundCallbackCreds>"
            + "<RequestedCallbackTypes><CallbackType>message-delivered</CallbackType><CallbackType>message-failed</CallbackType></RequestedCallbackTypes>"
            + "<MsgCallbackUrl>https://a.example/msg</MsgCallbackUrl><MsgCallbackCreds><UserId>m</UserId><Password>secret</Password></MsgCallbackCreds>"
            + "<CallbackUrl>https://a.example/msg</CallbackUrl></Application>");
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Equal(
            $"<{Root}><Application><ApplicationId>{answer.Value("ApplicationId")}</ApplicationId><ServiceType>Messaging-V2</ServiceType><AppName>texts</AppName>"
            + "<InboundCallbackUrl>https://a.example/in</InboundCallbackUrl><InboundCallbackCreds><UserId>i</UserId></InboundCallbackCreds>"
            + "<OutboundCallbackUrl>https://a.example/out</OutboundCallbackUrl><OutboundCallbackCreds><UserId>o</UserId></OutboundCallbackCreds>"
            + "<RequestedCallbackTypes><CallbackType>message-delivered</CallbackType><CallbackType>message-failed</CallbackType></RequestedCallbackTypes>"
            + "<MsgCallbackUrl>https://a.example/msg</MsgCallbackUrl><MsgCallbackCreds><UserId>m</UserId></MsgCallbackCreds>"
            + $"<CallbackUrl>https://a.example/msg</CallbackUrl></Application></{Root}>",
            Inner(answer));
        Assert.False(_host.View.Applications.TryFind(Guid.Parse(answer.Value("ApplicationId")!), out _));
    }

    [Theory]
    [InlineData("Voice-V2", "Voice-V2")]
    [InlineData("Voice", "Voice-V2")]
    [InlineData("Messaging-V2", "Messaging-V2")]
    [InlineData("Messaging", "Messaging-V2")]
    public async Task Create_EitherSpellingOfTheType_ComesBackAsV2(string type, string shown)
    {
        var url = type[0] == 'V' ? "<CallInitiatedCallbackUrl>http://localhost/</CallInitiatedCallbackUrl>" : "";
        var answer = await _host.PostAsync("applications", $"<Application>{url}<ServiceType>{type}</ServiceType><AppName>n</AppName></Application>");
        Assert.Equal((HttpStatusCode.Created, shown), (answer.Status, answer.Value("ServiceType")));
    }

    [Fact]
    public async Task List_SeveralApplications_HoldsThemAll()
    {
        await using var host = await ApiHost.StartAsync();
        string[] ids = [await host.CreateApplicationAsync("one"), await host.CreateApplicationAsync("two"), await host.CreateApplicationAsync("one")];
        var answer = await host.GetAsync("applications");
        Assert.Equal("ApplicationList", Assert.Single(answer.Xml!.Elements()).Name.LocalName);
        Assert.Equal(ids.Order(), answer.Values("ApplicationId").Order());
    }

    [Theory]
    [InlineData(Unknown)]
    [InlineData("1")]
    [InlineData("%7B68092813-741b-4afe-b198-91f425bce81e%7D")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    public async Task UnknownApplication_Is404With13629(string reference)
    {
        (await _host.GetAsync($"applications/{reference}")).ShouldBeError(404, Root, 13629);
        (await _host.PutAsync($"applications/{reference}", Voice())).ShouldBeError(404, Root, 13629);
        (await _host.PatchAsync($"applications/{reference}", Voice())).ShouldBeError(404, Root, 13629);
        (await _host.DeleteAsync($"applications/{reference}")).ShouldBeError(404, Root, 13629);
        var peers = await _host.GetAsync($"applications/{reference}/associatedsippeers");
        peers.ShouldBeError(404, "AssociatedSipPeersResponse", 13629);
        Assert.Equal($"Application with id '{Uri.UnescapeDataString(reference)}' not found", peers.Description);
    }

    [Fact]
    public async Task Get_IdInUpperCase_FindsTheSame()
    {
        var id = await _host.CreateApplicationAsync("upper");
        Assert.Equal(id, (await _host.GetAsync($"applications/{id.ToUpperInvariant()}/")).Value("ApplicationId"));
    }

    [Fact]
    public async Task AssociatedSipPeers_NoLocations_IsEmptyElement()
    {
        var id = await _host.CreateApplicationAsync("peers");
        var answer = await _host.GetAsync($"Applications/{id}/associatedSipPeers");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("<AssociatedSipPeersResponse><AssociatedSipPeers /></AssociatedSipPeersResponse>", Inner(answer));
    }

    [Fact]
    public async Task Delete_Application_LeavesTheViewBeforeTheAnswer()
    {
        var id = await _host.CreateApplicationAsync("short");
        Assert.True(_host.View.Applications.TryFind(Guid.Parse(id), out _));
        var answer = await _host.DeleteAsync($"applications/{id}");
        Assert.Equal((HttpStatusCode.OK, ""), (answer.Status, answer.Body));
        Assert.False(_host.View.Applications.TryFind(Guid.Parse(id), out _));
        (await _host.DeleteAsync($"applications/{id}")).ShouldBeError(404, Root, 13629);
    }

    [Fact]
    public async Task Application_OfAnotherAccount_IsNotFound()
    {
        var id = await _host.CreateApplicationAsync("mine");
        await _host.Services.GetRequiredService<AccountService>().CreateAccountAsync(78, TestContext.Current.CancellationToken);
        using var other = await _host.CreateUserAsync("neighbour", ApiRole.Admin, account: 78);
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Delete, HttpMethod.Put, HttpMethod.Patch })
        {
            using var body = method == HttpMethod.Put || method == HttpMethod.Patch ? new StringContent(Voice(name: "taken")) : null;
            (await _host.SendAsync(method, $"/api/accounts/78/applications/{id}", body, other)).ShouldBeError(404, Root, 13629);
        }

        Assert.Empty((await _host.SendAsync(HttpMethod.Get, "/api/accounts/78/applications", null, other)).Values("ApplicationId"));
        Assert.Equal("mine", (await _host.GetAsync($"applications/{id}")).Value("AppName"));
    }

    [Fact]
    public async Task Role_Read_MayReadAndNothingElse()
    {
        var id = await _host.CreateApplicationAsync("guarded");
        using var reader = await _host.CreateUserAsync("applications reader", ApiRole.Read);
        foreach (var path in new[] { "applications", $"applications/{id}", $"applications/{id}/associatedsippeers" })
            Assert.Equal(HttpStatusCode.OK, (await _host.SendAsync(HttpMethod.Get, ApiHost.Path(path), null, reader)).Status);
        (await _host.SendAsync(HttpMethod.Post, ApiHost.Path("applications"), null, reader)).ShouldBeError(403, Root, 1001);
        foreach (var method in new[] { HttpMethod.Put, HttpMethod.Patch, HttpMethod.Delete })
            (await _host.SendAsync(method, ApiHost.Path($"applications/{id}"), null, reader)).ShouldBeError(403, Root, 1001);
    }

    [Fact]
    public async Task OtherMethods_Are405WithAllow()
    {
        var id = await _host.CreateApplicationAsync("methods");
        var answer = await _host.SendAsync(HttpMethod.Post, ApiHost.Path($"applications/{id}"));
        answer.ShouldBeError(405, Root, null);
        Assert.Equal(["GET", "PUT", "PATCH", "DELETE"], answer.ContentHeaders.Allow);
        (await _host.SendAsync(HttpMethod.Delete, ApiHost.Path($"applications/{id}/associatedsippeers")))
            .ShouldBeError(405, "AssociatedSipPeersResponse", null);
    }

    [Fact]
    public async Task Malformed_Body_Is1019WithTheRoot()
    {
        (await _host.PostAsync("applications", "<Realm/>")).ShouldBeError(400, Root, 1019);
        (await _host.PostAsync("applications", "<Application>")).ShouldBeError(400, Root, 1019);
        (await _host.SendAsync(HttpMethod.Post, ApiHost.Path("applications"))).ShouldBeError(400, Root, 1019);
    }
}
