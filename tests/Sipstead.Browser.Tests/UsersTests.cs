using Microsoft.Playwright;

namespace Sipstead.Browser.Tests;

/// <summary>Who may do what in an account.</summary>
public sealed class UsersTests(DashboardServer server)
{
    [Fact]
    public async Task NewUser_SignsInWithThePasswordShownOnce_AndOnlyReads()
    {
        await using var admin = await server.OpenAsync();
        await admin.SignInAsync();
        await admin.GoToAsync("users", "Users");
        await admin.Page.GetByRole(AriaRole.Button, new() { Name = "Add an API user" }).ClickAsync();
        await admin.Page.GetByRole(AriaRole.Dialog).GetByLabel("Name").FillAsync("reader");
        await admin.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Add user" }).ClickAsync();
        var password = await admin.Page.Locator("[data-secret]").InnerTextAsync();

        await using var reader = await server.OpenAsync();
        await reader.SignInAsync("reader", password);
        await reader.GoToAsync("credentials", "SIP Credentials");
        await Assertions.Expect(reader.Page.GetByRole(AriaRole.Region, new() { Name = "Realms" })).ToBeVisibleAsync();
        await Assertions.Expect(reader.Page.GetByRole(AriaRole.Button, new() { Name = "ADD" })).ToHaveCountAsync(0);
        await Assertions.Expect(reader.Page.GetByRole(AriaRole.Link, new() { Name = "Users" })).ToHaveCountAsync(0);
        await reader.GoToAsync("users", "Users");
        await Assertions.Expect(reader.Page.GetByText("Only admins of the account see its users.")).ToBeVisibleAsync();
        Assert.Empty(admin.Errors);
        Assert.Empty(reader.Errors);
    }

    [Fact]
    public async Task LastAdmin_Stays_InTheWordsOfTheRule()
    {
        const long Account = 9_900_202;
        await using var user = await server.OpenAsync();
        await server.AddAccountAsync(Account, "lastadmin");
        await user.SignInAsync("lastadmin");
        await user.GoToAsync("users", "Users", Account);

        await user.Page.GetByRole(AriaRole.Button, new() { Name = "Remove lastadmin" }).ClickAsync();
        await user.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();

        await Assertions.Expect(user.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Alert).First).ToContainTextAsync("admin");
        Assert.Empty(user.Errors);
    }

    [Fact]
    public async Task NewPassword_OfAUser_EndsTheOldOne()
    {
        const long Account = 9_900_208;
        await using var admin = await server.OpenAsync();
        await server.AddAccountAsync(Account, "giver");
        await admin.SignInAsync("giver");
        await admin.GoToAsync("users", "Users", Account);
        await admin.Page.GetByRole(AriaRole.Button, new() { Name = "Add an API user" }).ClickAsync();
        await admin.Page.GetByRole(AriaRole.Dialog).GetByLabel("Name").FillAsync("taker");
        await admin.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Add user" }).ClickAsync();
        var old = await admin.Page.Locator("[data-secret]").InnerTextAsync();
        await using var taker = await server.OpenAsync();
        await taker.SignInAsync("taker", old);

        await admin.Page.GetByRole(AriaRole.Button, new() { Name = "New password for taker" }).ClickAsync();
        await admin.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "New password" }).ClickAsync();
        await Assertions.Expect(admin.Page.Locator("[data-secret]")).Not.ToHaveTextAsync(old);

        await taker.Page.ReloadAsync();
        await Assertions.Expect(taker.Page).ToHaveTitleAsync("Sign in · Sipstead");
        await taker.SignInAsync("taker", await admin.Page.Locator("[data-secret]").InnerTextAsync());
        Assert.Empty(admin.Errors);
    }
}
