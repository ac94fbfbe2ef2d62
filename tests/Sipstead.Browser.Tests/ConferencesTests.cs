using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Sipstead.Testing;
using Sipstead.Testing.Phones;
using Sipstead.Testing.Webhooks;

namespace Sipstead.Browser.Tests;

/// <summary>A conference as it lives, and what a person does with it.</summary>
public sealed class ConferencesTests(DashboardServer server)
{
    private const string Password = "wonderland";
    private const string Name = "stand-up";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Conference_ShowsItsMembersLive_AndIsRunFromThePage()
    {
        await using var application = await WebhookCatcher.StartAsync(Cancel);
        application.AnswerBxml("/answer", $"<Response><Conference>{Name}</Conference></Response>");
        var realm = await server.Client.CreateRealmAsync("conferring", Cancel);
        var applicationId = await server.Client.CreateApplicationAsync("conferring", application.Url("/initiate"), application.Url("/disconnect"), Cancel);
        await using var first = await StartAsync(realm, "ada");
        await using var second = await StartAsync(realm, "bea");
        await using var user = await server.OpenAsync();
        await user.SignInAsync();
        await user.GoToAsync("conferences", "Conferences");

        foreach (var phone in (string[])["ada", "bea"]) await CallAsync(realm, phone, applicationId, application);

        var conference = user.Page.GetByRole(AriaRole.Region, new() { Name = $"Conference {Name}" });
        await Assertions.Expect(conference.GetByText("2 members")).ToBeVisibleAsync(); // without a reload
        var member = conference.GetByRole(AriaRole.Row).Filter(new() { HasText = $"sip:ada@{realm.Fqdn}" });
        await PressAsync(member, "Mute");
        await Assertions.Expect(member.GetByText("muted", new() { Exact = true })).ToBeVisibleAsync();
        await PressAsync(member, "Hold");
        await Assertions.Expect(member.GetByText("on hold", new() { Exact = true })).ToBeVisibleAsync();
        await PressAsync(member, "Unmute");
        await Assertions.Expect(member.GetByText("muted", new() { Exact = true })).ToHaveCountAsync(0);
        await PressAsync(member, "Hang up");
        await Assertions.Expect(conference.GetByText("1 member", new() { Exact = true })).ToBeVisibleAsync();
        await Assertions.Expect(member).ToHaveCountAsync(0);

        await conference.GetByRole(AriaRole.Link, new() { Name = Name }).ClickAsync();
        await Assertions.Expect(user.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(Name);
        await user.Page.GetByRole(AriaRole.Button, new() { Name = $"End conference {Name}" }).ClickAsync();
        await user.Page.GetByRole(AriaRole.Button, new() { Name = "End it" }).ClickAsync();
        await Assertions.Expect(user.Page.GetByText("All have left.")).ToBeVisibleAsync();

        await user.GoToAsync("conferences", "Conferences");
        await Assertions.Expect(user.Page.GetByText("No conference is live.")).ToBeVisibleAsync();
        var ended = user.Page.GetByRole(AriaRole.Region, new() { Name = "Ended conferences" });
        await Assertions.Expect(ended.GetByRole(AriaRole.Link, new() { Name = Name })).ToBeVisibleAsync();
        Assert.Empty(user.Errors);
    }

    private static Task PressAsync(ILocator member, string action) => member.GetByRole(AriaRole.Button, new() { NameString = $"{action} +" }).ClickAsync();

    private async Task<DeskPhone> StartAsync(ApiRealm realm, string name)
    {
        await server.Client.CreateCredentialAsync(realm, name, Password, Cancel);
        return await DeskPhone.StartAsync(server.Setup.SipPort, realm, name, Password, PhoneManner.Answers, Cancel);
    }

    private async Task CallAsync(ApiRealm realm, string name, string applicationId, WebhookCatcher application)
    {
        using var voice = new VoiceClient(server.Setup);
        var created = await voice.CreateCallAsync(
            new JsonObject
            {
                ["from"] = "+12025550100", ["to"] = $"sip:{name}@{realm.Fqdn}", ["applicationId"] = applicationId, ["answerUrl"] = application.Url("/answer").ToString(),
                ["disconnectUrl"] = application.Url("/disconnect").ToString(),
            },
            Cancel);
        Assert.True(created.Status == HttpStatusCode.Created, created.ToString());
    }
}
