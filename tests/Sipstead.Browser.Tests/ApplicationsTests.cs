using System.Globalization;
using Microsoft.Playwright;

namespace Sipstead.Browser.Tests;

/// <summary>Applications from the first form to the last click.</summary>
public sealed class ApplicationsTests(DashboardServer server)
{
    [Fact]
    public async Task Application_IsMade_AfterAMistakeIsPutRight_AndDeleted()
    {
        await using var user = await server.OpenAsync();
        await user.SignInAsync();
        await user.GoToAsync("applications", "Applications");
        var name = $"menu {Guid.NewGuid():N}";
        await user.Page.GetByRole(AriaRole.Button, new() { Name = "Add application" }).First.ClickAsync();
        var form = user.Page.GetByRole(AriaRole.Dialog);
        await form.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await form.GetByLabel("Call initiated URL").FillAsync("nowhere");

        await form.GetByRole(AriaRole.Button, new() { Name = "Add application" }).ClickAsync();

        await Assertions.Expect(form.GetByText("It should be a valid format for an Internet destination")).ToBeVisibleAsync();
        await Assertions.Expect(form.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync(name);

        await form.GetByLabel("Call initiated URL").FillAsync("https://app.example/voice");
        await form.GetByRole(AriaRole.Button, new() { Name = "Add application" }).ClickAsync();

        await Assertions.Expect(user.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(name);
        await Assertions.Expect(user.Page.GetByText("POST https://app.example/voice")).ToBeVisibleAsync();

        await user.Page.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await user.Page.GetByRole(AriaRole.Button, new() { Name = "Delete application" }).ClickAsync();

        await Assertions.Expect(user.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Applications");
        await Assertions.Expect(user.Page.GetByRole(AriaRole.Link, new() { Name = name })).ToHaveCountAsync(0);
        Assert.Empty(user.Errors);
    }

    [Fact]
    public async Task UsedApplication_ShowsItsCredentials_AndIsKept()
    {
        await using var user = await server.OpenAsync();
        var cancel = TestContext.Current.CancellationToken;
        var name = $"used {Guid.NewGuid():N}";
        var id = await server.Client.CreateApplicationAsync(name, new Uri("http://127.0.0.1/initiate"), new Uri("http://127.0.0.1/status"), cancel);
        var realm = await server.Client.CreateRealmAsync($"apps{Random.Shared.Next(100_000).ToString(CultureInfo.InvariantCulture)}", cancel);
        await server.Client.CreateCredentialAsync(realm, "alice", "wonderland", cancel, id);
        await user.SignInAsync();

        await user.GoToAsync($"applications/{id}", name);
        await Assertions.Expect(user.Page.GetByRole(AriaRole.Cell, new() { Name = realm.Fqdn })).ToBeVisibleAsync();
        await user.Page.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await user.Page.GetByRole(AriaRole.Button, new() { Name = "Delete application" }).ClickAsync();

        await Assertions.Expect(user.Page.GetByText("The Application cannot be removed until references in SIP Credentials are removed")).ToBeVisibleAsync();
        Assert.Empty(user.Errors);
    }
}
