using System.Globalization;
using Microsoft.Playwright;
using Sipstead.Testing;
using Sipstead.Testing.Phones;

namespace Sipstead.Browser.Tests;

/// <summary>The user's guide in a browser, with a real phone: from the sign-in to a registered baresip that rings and hears a document.</summary>
public sealed class GuideWalkTests(DashboardServer server)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Guide_FromSignInToATestCall()
    {
        Assert.SkipUnless(ProgramRun.IsInstalled("baresip"), "baresip is not installed (Debian package baresip-core)");
        await using var user = await server.OpenAsync();
        var page = user.Page;
        await user.SignInAsync();
        var (realm, password) = await ProvisionAsync(user);

        await using var phone = await BaresipPhone.StartForCallsAsync($"<sip:walker@{realm};transport=udp>;auth_pass={password};regint=600", server.Setup.DnsPort, Cancel);
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Set up the phone of walker" })).ToContainTextAsync("Registered from 127.0.0.1");
        await user.GoToAsync("devices", "Devices");
        await Assertions.Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "walker" })).ToContainTextAsync("baresip");

        await user.GoToAsync("bxml", "BXML editor");
        await page.GetByLabel("BXML document").FillAsync("<Response>\n    <SpeakSentence>Hello from your own call server.</SpeakSentence>\n    <Hangup/>\n</Response>");
        await user.CallDeviceAsync("walker", realm);
        await phone.Control.ExpectAsync("CALL_INCOMING", Cancel);
        await phone.Control.SendAsync("accept", null, Cancel);

        await Assertions.Expect(page.GetByText("Hangup: ended the call: hangup")).ToBeVisibleAsync();
        var ladder = page.GetByRole(AriaRole.Region, new() { Name = "SIP ladder" });
        await Assertions.Expect(ladder.GetByRole(AriaRole.Button, new() { NameString = "180" })).ToBeVisibleAsync();
        Assert.Empty(user.Errors);
    }

    /// <summary>Steps 1 and 2 of the guide.</summary>
    private static async Task<(string Realm, string Password)> ProvisionAsync(DashboardUser user)
    {
        var page = user.Page;
        var name = string.Create(CultureInfo.InvariantCulture, $"walk{Random.Shared.Next(1_000_000)}");
        await user.GoToAsync("credentials", "SIP Credentials");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a realm" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name").FillAsync(name);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add realm" }).ClickAsync();
        await Assertions.Expect(dialog).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Button, new() { Name = "Add a credential" }).ClickAsync();
        await dialog.GetByLabel("User name").FillAsync("walker");
        await dialog.GetByRole(AriaRole.Combobox, new() { Name = "Realm" }).ClickAsync();
        await page.Locator(".mud-popover-open .mud-list-item").Filter(new() { HasText = $"{name}." }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Generate" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add credential" }).ClickAsync();

        var card = page.GetByRole(AriaRole.Region, new() { Name = "Set up the phone of walker" });
        return (await card.Locator("dt:has-text('Domain') + dd .mono").InnerTextAsync(), await card.Locator("dt:text-is('Password') + dd .mono").InnerTextAsync());
    }
}
