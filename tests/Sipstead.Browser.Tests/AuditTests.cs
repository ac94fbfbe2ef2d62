using Microsoft.Playwright;
using Sipstead.Testing;

namespace Sipstead.Browser.Tests;

/// <summary>What is done in the browser is told with who did it, and from where.</summary>
public sealed class AuditTests(DashboardServer server)
{
    private const long Account = 9_900_214;

    [Fact]
    public async Task S_72_WhatAnAdminDoesInTheBrowser_StandsInTheAudit()
    {
        await using var user = await server.OpenAsync();
        await server.AddAccountAsync(Account, "auditor");
        using var client = server.Setup.CreateClient(Account, "auditor");
        var realm = await client.CreateRealmAsync("office", TestContext.Current.CancellationToken);
        await client.CreateCredentialsAsync(realm, Enumerable.Range(1, 30).Select(i => $"phone{i}"), "wonderland", TestContext.Current.CancellationToken);
        await user.SignInAsync("auditor");
        await user.GoToAsync("users", "Users", Account);
        await user.Page.GetByRole(AriaRole.Button, new() { Name = "Add an API user" }).ClickAsync();
        await user.Page.GetByRole(AriaRole.Dialog).GetByLabel("Name").FillAsync("audited");
        await user.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Add user" }).ClickAsync();
        var password = await user.Page.Locator("[data-secret]").InnerTextAsync();

        await user.Page.GetByRole(AriaRole.Link, new() { Name = "Audit" }).ClickAsync();
        var rows = user.Page.Locator("tbody tr");
        await Assertions.Expect(rows.First).ToContainTextAsync("audited");
        await Assertions.Expect(rows.First).ToContainTextAsync("auditor");
        await Assertions.Expect(rows.First).ToContainTextAsync("dashboard, 127.0.0.1");
        await Assertions.Expect(rows.First).ToContainTextAsync("Created: API user");
        await Assertions.Expect(rows.Nth(1)).ToContainTextAsync("Signed in");
        await Assertions.Expect(user.Page.Locator("tbody")).ToContainTextAsync("30: phone1, phone2");
        await Assertions.Expect(user.Page.Locator("tbody")).ToContainTextAsync("command line");
        Assert.DoesNotContain(password, await user.Page.ContentAsync(), StringComparison.Ordinal);
        await TakeAsync(user, "audit");
        await user.Page.GetByRole(AriaRole.Button, new() { Name = "Dark mode" }).ClickAsync();
        await TakeAsync(user, "audit-dark");

        await user.Page.GetByLabel("Who").FillAsync("CLI");
        await Assertions.Expect(user.Page.Locator("tbody")).Not.ToContainTextAsync("phone1");
        await Assertions.Expect(rows.First).ToContainTextAsync("cli");
        await user.Page.GetByLabel("From").FillAsync("2099-01-01");
        await Assertions.Expect(user.Page.Locator(".empty-text")).ToHaveTextAsync("No entry fits.");
        Assert.Empty(user.Errors);
    }

    /// <summary>For eyes: where SIPSTEAD_SCREENSHOTS names a folder.</summary>
    private static async Task TakeAsync(DashboardUser user, string name)
    {
        if (Environment.GetEnvironmentVariable("SIPSTEAD_SCREENSHOTS") is not { Length: > 0 } folder) return;
        await user.Page.ScreenshotAsync(new() { Path = Path.Combine(RepositoryPaths.In(folder), $"{name}.png"), FullPage = true, Animations = ScreenshotAnimations.Disabled });
    }
}
