using System.Net;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Microsoft.Playwright;
using Sipstead.Testing;
using Sipstead.Testing.Phones;
using Sipstead.Testing.Webhooks;

namespace Sipstead.Browser.Tests;

/// <summary>Text that peers and users choose is shown as text on every page (S-38): a script that ran would open a dialog, or break the Content-Security-Policy.</summary>
public sealed class HostileTextTests(DashboardServer server)
{
    private const string Markup = "\"><img src=x onerror=alert(1)><script>alert(2)</script>";
    private const string Password = "wonderland";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryPage_ShowsHostileTextAsText()
    {
        await using var application = await WebhookCatcher.StartAsync(Cancel);
        var (realm, applicationId) = await ProvisionAsync(application);
        using var device = await SipDevice.ConnectAsync("udp", server.Setup.SipPort, Cancel);
        device.UserAgent = Markup;
        await device.RegisterAsync(realm.Fqdn, "nobody<script>", Password, Cancel);
        await device.RegisterAsync(realm.Fqdn, "hostile", "wrong", Cancel);
        Assert.Equal(200, (await device.RegisterAsync(realm.Fqdn, "hostile", Password, Cancel)).Status);
        await using var phone = await DeskPhone.StartAsync(server.Setup.SipPort, realm, "victim", Password, PhoneManner.Answers, Cancel);
        var call = await CallAsync(realm, applicationId, application);
        await application.ExpectAsync("disconnect", Cancel);

        await using var user = await server.OpenAsync();
        await user.SignInAsync();
        string[] pages =
        [
            "", "credentials", "credentials/import", $"credentials/{await CredentialIdAsync(realm)}", "devices", "applications", $"applications/{applicationId}", "calls",
            $"calls/{call}", "conferences", "recordings", "trunks", $"trunks/{await CreateTrunkAsync()}", "bxml", "doctor", "users", "settings",
        ];
        foreach (var page in pages)
        {
            await user.Page.GotoAsync(DashboardUser.Path(page));
            await Assertions.Expect(user.Page.Locator("h1")).ToBeVisibleAsync();
            await Assertions.Expect(user.Page.Locator("main .card, main .tile, main .empty-state").First).ToBeVisibleAsync();
            Assert.Equal(0, await user.Page.Locator("main img[src=x], main script").CountAsync());
        }

        Assert.Empty(user.Errors);
    }

    private async Task<(ApiRealm Realm, string ApplicationId)> ProvisionAsync(WebhookCatcher application)
    {
        application.AnswerBxml("/answer", $"<Response>{new XElement("Tag", Markup)}\n{Markup}</Response>");
        var realm = await server.Client.CreateRealmAsync("hostile", Cancel);
        await server.Client.PutAsync($"realms/{realm.Id}", new XElement("Realm", new XElement("Description", Markup)).ToString(), Cancel);
        await server.Client.CreateCredentialAsync(realm, "hostile", Password, Cancel);
        await server.Client.CreateCredentialAsync(realm, "victim", Password, Cancel);
        return (realm, await server.Client.CreateApplicationAsync(Markup, application.Url("/initiate"), application.Url("/disconnect"), Cancel));
    }

    private async Task<string> CallAsync(ApiRealm realm, string applicationId, WebhookCatcher application)
    {
        using var voice = new VoiceClient(server.Setup);
        var created = await voice.CreateCallAsync(
            new JsonObject
            {
                ["from"] = "+12025550100", ["to"] = $"sip:victim@{realm.Fqdn}", ["applicationId"] = applicationId, ["tag"] = Markup,
                ["answerUrl"] = application.Url("/answer").ToString(), ["disconnectUrl"] = application.Url("/disconnect").ToString(),
            },
            Cancel);
        Assert.True(created.Status == HttpStatusCode.Created, created.ToString());
        return created["callId"]!;
    }

    private async Task<string> CreateTrunkAsync()
    {
        using var client = new VoiceClient(server.Setup);
        var created = await client.SendAsync(
            HttpMethod.Post, "trunks", new JsonObject { ["name"] = Markup, ["host"] = "192.0.2.1", ["userName"] = Markup, ["password"] = Markup }.ToJsonString(), Cancel);
        Assert.True(created.Status == HttpStatusCode.Created, created.ToString());
        return created["id"]!;
    }

    private async Task<string> CredentialIdAsync(ApiRealm realm) =>
        (await server.Client.GetAsync($"realms/{realm.Id}/sipcredentials?page=1&size=1", Cancel))["Id"]!;
}
