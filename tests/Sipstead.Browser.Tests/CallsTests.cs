using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Sipstead.Testing;
using Sipstead.Testing.Phones;
using Sipstead.Testing.Webhooks;

namespace Sipstead.Browser.Tests;

/// <summary>Documents that are written, run on a phone, and looked at afterwards.</summary>
public sealed class CallsTests(DashboardServer server)
{
    private const string Script = "<script>alert(1)</script>";
    private const string Password = "wonderland";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Editor_ShowsTheErrorWithItsPlace_AndTheCaretGoesThere()
    {
        await using var user = await server.OpenAsync();
        await user.SignInAsync();
        await user.GoToAsync("bxml", "BXML editor");
        var editor = user.Page.GetByLabel("BXML document");
        await editor.FillAsync("<Response>\n    <Pause duration=\"soon\"/>\n</Response>");

        await user.Page.GetByRole(AriaRole.Button, new() { NameString = "Line 2, column" }).ClickAsync();

        await Assertions.Expect(editor).ToBeFocusedAsync();
        Assert.True(await editor.EvaluateAsync<int>("area => area.selectionStart") > "<Response>\n".Length);

        await editor.FillAsync("<Response>\n    <Pause duration=\"1\"/>\n</Response>");

        await Assertions.Expect(user.Page.GetByText("Valid BXML.")).ToBeVisibleAsync();
        Assert.Empty(user.Errors);
    }

    [Fact]
    public async Task Document_RunsOnAPhone_AndTheCallShowsItWhole()
    {
        await using var user = await server.OpenAsync();
        var (realm, name) = await SubscribeAsync();
        await using var phone = await DeskPhone.StartAsync(server.Setup.SipPort, realm, name, Password, PhoneManner.Answers, Cancel);
        await user.SignInAsync();
        await user.GoToAsync("bxml", "BXML editor");
        await user.Page.GetByLabel("BXML document").FillAsync("<Response>\n    <Pause duration=\"0.5\"/>\n    <Hangup/>\n</Response>");
        await Assertions.Expect(user.Page.GetByText("Valid BXML.")).ToBeVisibleAsync();

        await user.CallDeviceAsync(name, realm.Fqdn);

        await Assertions.Expect(user.Page.GetByText("Hangup: ended the call: hangup")).ToBeVisibleAsync();
        var ladder = user.Page.GetByRole(AriaRole.Region, new() { Name = "SIP ladder" });
        await Assertions.Expect(ladder.GetByRole(AriaRole.Button, new() { NameString = "INVITE" })).ToBeVisibleAsync();
        await Assertions.Expect(ladder.GetByRole(AriaRole.Button, new() { NameString = "BYE" })).ToBeVisibleAsync();
        await Assertions.Expect(user.Page.GetByRole(AriaRole.Region, new() { Name = "Media" }).GetByText("PCMU")).ToBeVisibleAsync();
        await AssertDownloadsAsync(user);
        await user.GoToAsync("calls", "Calls");
        await Assertions.Expect(user.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = $"sip:{name}@" }).GetByText("hangup")).ToBeVisibleAsync();
        Assert.Empty(user.Errors);
    }

    [Fact]
    public async Task HostileAnswer_IsShownAsText_WithTheErrorMarked()
    {
        await using var user = await server.OpenAsync();
        await using var application = await WebhookCatcher.StartAsync(Cancel);
        application.AnswerBxml("/answer", $"<Response>\n{Script}\n</Response>");
        var (realm, name) = await SubscribeAsync();
        await using var phone = await DeskPhone.StartAsync(server.Setup.SipPort, realm, name, Password, PhoneManner.Answers, Cancel);
        var applicationId = await server.Client.CreateApplicationAsync(Script, application.Url("/initiate"), application.Url("/disconnect"), Cancel);
        var callId = await CallAsync(realm, name, applicationId, application.Url("/answer"));
        await application.ExpectAsync("disconnect", Cancel);
        await user.SignInAsync();

        await user.Page.GotoAsync(DashboardUser.Path($"calls/{callId}"));

        await Assertions.Expect(user.Page.Locator(".has-error .line-text")).ToHaveTextAsync(Script);
        await Assertions.Expect(user.Page.Locator(".has-error mark")).ToHaveTextAsync("s");
        var webhooks = user.Page.GetByRole(AriaRole.Region, new() { Name = "Webhooks" });
        await webhooks.GetByText("answer", new() { Exact = true }).ClickAsync();
        await Assertions.Expect(webhooks.Locator("pre").Last).ToContainTextAsync("alert(1)");
        await user.GoToAsync($"applications/{applicationId}", Script);
        Assert.Empty(user.Errors); // a script that ran would have opened a dialog
    }

    [Fact]
    public async Task LiveCall_ShowsInTheList_AndIsHungUpThere()
    {
        await using var user = await server.OpenAsync();
        var (realm, name) = await SubscribeAsync();
        await using var phone = await DeskPhone.StartAsync(server.Setup.SipPort, realm, name, Password, PhoneManner.Rings, Cancel);
        await user.SignInAsync();
        await user.GoToAsync("calls", "Calls");
        var applicationId = await server.Client.CreateApplicationAsync(name, new Uri("http://127.0.0.1/initiate"), new Uri("http://127.0.0.1/status"), Cancel);

        await CallAsync(realm, name, applicationId, new Uri("http://127.0.0.1/answer"));

        var live = user.Page.GetByRole(AriaRole.Region, new() { Name = "Live calls" }).GetByRole(AriaRole.Row).Filter(new() { HasText = $"sip:{name}@" });
        await live.GetByRole(AriaRole.Button, new() { NameString = "Hang up" }).ClickAsync();

        var past = user.Page.GetByRole(AriaRole.Region, new() { Name = "Past calls" }).GetByRole(AriaRole.Row).Filter(new() { HasText = $"sip:{name}@" });
        await Assertions.Expect(past.GetByText("cancel")).ToBeVisibleAsync();
        await Assertions.Expect(live).ToHaveCountAsync(0);
        Assert.Empty(user.Errors);
    }

    private async Task<(ApiRealm Realm, string UserName)> SubscribeAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"phone{Random.Shared.Next(1_000_000)}");
        var realm = await server.Client.CreateRealmAsync($"r{name}", Cancel);
        await server.Client.CreateCredentialAsync(realm, name, Password, Cancel);
        return (realm, name);
    }

    private async Task<string> CallAsync(ApiRealm realm, string userName, string applicationId, Uri answer)
    {
        using var voice = new VoiceClient(server.Setup);
        var created = await voice.CreateCallAsync(
            new JsonObject
            {
                ["from"] = "+12025550100", ["to"] = $"sip:{userName}@{realm.Fqdn}", ["applicationId"] = applicationId, ["answerUrl"] = answer.ToString(),
                ["disconnectUrl"] = new Uri(answer, "/disconnect").ToString(),
            },
            Cancel);
        Assert.True(created.Status == HttpStatusCode.Created, created.ToString());
        return created["callId"]!;
    }

    private static async Task AssertDownloadsAsync(DashboardUser user)
    {
        var path = new Uri(user.Page.Url).AbsolutePath;
        var text = await user.Context.APIRequest.GetAsync($"{path}/call.txt");
        Assert.StartsWith("text/plain", text.Headers["content-type"], StringComparison.Ordinal);
        Assert.Contains("BYE sip:", await text.TextAsync(), StringComparison.Ordinal);
        var pcap = await user.Context.APIRequest.GetAsync($"{path}/call.pcap");
        Assert.Equal([0xD4, 0xC3, 0xB2, 0xA1], (await pcap.BodyAsync())[..4]);
        var foreign = await user.Context.APIRequest.GetAsync(path.Replace(DashboardUser.Path(""), "/accounts/123456", StringComparison.Ordinal) + "/call.txt");
        Assert.Equal(404, foreign.Status);
    }
}
