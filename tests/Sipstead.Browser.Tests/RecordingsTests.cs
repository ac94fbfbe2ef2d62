using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Sipstead.Testing;
using Sipstead.Testing.Phones;
using Sipstead.Testing.Webhooks;

namespace Sipstead.Browser.Tests;

/// <summary>A call that was recorded, heard in the browser.</summary>
public sealed class RecordingsTests(DashboardServer server)
{
    private const string Password = "wonderland";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Recording_IsPlayedInParts_FromItsListAndItsCall_AndDeleted()
    {
        await using var application = await WebhookCatcher.StartAsync(Cancel);
        application.AnswerBxml("/answer", "<Response><StartRecording/><Pause duration=\"1.5\"/><StopRecording/><Hangup/></Response>");
        var realm = await server.Client.CreateRealmAsync("recorded", Cancel);
        await server.Client.CreateCredentialAsync(realm, "speaker", Password, Cancel);
        await using var phone = await DeskPhone.StartAsync(server.Setup.SipPort, realm, "speaker", Password, PhoneManner.Answers, Cancel);
        await using var user = await server.OpenAsync();
        await user.SignInAsync();
        await user.GoToAsync("recordings", "Recordings");
        var callId = await CallAsync(realm, application);
        await application.ExpectAsync("disconnect", Cancel);

        var row = user.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = $"sip:speaker@{realm.Fqdn}" });
        await Assertions.Expect(row.GetByText("complete")).ToBeVisibleAsync(); // without a reload
        await PlayAsync(user, row);
        await row.GetByRole(AriaRole.Link, new() { Name = "Call" }).ClickAsync();

        await user.Page.WaitForURLAsync($"**/calls/{callId}");
        await Assertions.Expect(user.Page.GetByRole(AriaRole.Region, new() { Name = "SIP messages" })).ToBeVisibleAsync();
        var section = user.Page.GetByRole(AriaRole.Region, new() { Name = "Recordings" });
        await PlayAsync(user, section);
        await section.GetByRole(AriaRole.Button, new() { NameString = "Delete recording" }).ClickAsync();
        await user.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete recording" }).ClickAsync();
        await Assertions.Expect(section.GetByText("None. The BXML verb StartRecording")).ToBeVisibleAsync();
        Assert.Empty(user.Errors); // a player that the Content-Security-Policy forbids would be one
    }

    private async Task<string> CallAsync(ApiRealm realm, WebhookCatcher application)
    {
        var applicationId = await server.Client.CreateApplicationAsync("recorded", application.Url("/initiate"), application.Url("/disconnect"), Cancel);
        using var voice = new VoiceClient(server.Setup);
        var created = await voice.CreateCallAsync(
            new JsonObject
            {
                ["from"] = "+12025550100", ["to"] = $"sip:speaker@{realm.Fqdn}", ["applicationId"] = applicationId, ["answerUrl"] = application.Url("/answer").ToString(),
                ["disconnectUrl"] = application.Url("/disconnect").ToString(),
            },
            Cancel);
        Assert.True(created.Status == HttpStatusCode.Created, created.ToString());
        return created["callId"]!;
    }

    /// <summary>Waits for something of the player; its own failure ends the wait.</summary>
    private static async Task UntilAsync(DashboardUser user, string condition) => await user.Page.WaitForFunctionAsync(
        $"() => {{ const audio = document.querySelector('audio'); if (audio?.error) throw new Error(audio.error.message); return audio && {condition}; }}");

    /// <summary>Opens the player within an element, jumps to near the end and plays it; then asks for a part as a player does.</summary>
    private static async Task PlayAsync(DashboardUser user, ILocator within)
    {
        await within.GetByRole(AriaRole.Button, new() { NameString = "Play recording" }).ClickAsync();
        var audio = user.Page.Locator("audio");
        await UntilAsync(user, "audio.duration > 0");
        Assert.InRange(await audio.EvaluateAsync<double>("audio => audio.duration"), 1, 3);
        await audio.EvaluateAsync("audio => { audio.currentTime = audio.duration - 0.3; }");
        await UntilAsync(user, "!audio.seeking");
        await audio.EvaluateAsync("audio => { audio.play(); }");
        await UntilAsync(user, "audio.ended");

        var path = new Uri(await audio.EvaluateAsync<string>("audio => audio.currentSrc")).AbsolutePath;
        var part = await user.Context.APIRequest.GetAsync(path, new() { Headers = [new("Range", "bytes=44-143")] });
        Assert.Equal((206, "audio/wav", 100), (part.Status, part.Headers["content-type"], (await part.BodyAsync()).Length));
        var foreign = await user.Context.APIRequest.GetAsync(path.Replace(DashboardUser.Path(""), "/accounts/123456", StringComparison.Ordinal));
        Assert.Equal(404, foreign.Status);
    }
}
