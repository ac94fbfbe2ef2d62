using Microsoft.Playwright;
using Sipstead.Testing;

namespace Sipstead.Browser.Tests;

/// <summary>Who may do what, and how a password is changed.</summary>
public sealed class SettingsTests(DashboardServer server)
{
    private const string NewPassword = "another horse battery";

    [Fact]
    public async Task NewUser_SignsInWithThePasswordShownOnce_AndOnlyReads()
    {
        await using var admin = await server.OpenAsync();
        await admin.SignInAsync();
        await admin.GoToAsync("settings", "Settings");
        await admin.Page.GetByRole(AriaRole.Button, new() { Name = "Add an API user" }).ClickAsync();
        await admin.Page.GetByRole(AriaRole.Dialog).GetByLabel("Name").FillAsync("reader");
        await admin.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Add user" }).ClickAsync();
        var password = await admin.Page.Locator(".mud-alert .mono").InnerTextAsync();

        await using var reader = await server.OpenAsync();
        await reader.SignInAsync("reader", password);
        await reader.GoToAsync("credentials", "SIP Credentials");
        await Assertions.Expect(reader.Page.GetByRole(AriaRole.Region, new() { Name = "Realms" })).ToBeVisibleAsync();
        await Assertions.Expect(reader.Page.GetByRole(AriaRole.Button, new() { Name = "ADD" })).ToHaveCountAsync(0);
        await reader.GoToAsync("settings", "Settings");
        await Assertions.Expect(reader.Page.GetByRole(AriaRole.Heading, new() { Name = "API users" })).ToHaveCountAsync(0);
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
        await user.GoToAsync("settings", "Settings", Account);

        await user.Page.GetByRole(AriaRole.Button, new() { Name = "Remove lastadmin" }).ClickAsync();
        await user.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();

        await Assertions.Expect(user.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Alert).First).ToContainTextAsync("admin");
        Assert.Empty(user.Errors);
    }

    [Fact]
    public async Task ChangedPassword_EndsOtherSessions_AndThisOneGoesOn()
    {
        const long Account = 9_900_203;
        await using var user = await server.OpenAsync();
        await server.AddAccountAsync(Account, "changer");
        await using var other = await server.OpenAsync();
        await user.SignInAsync("changer");
        await other.SignInAsync("changer");

        await user.Page.GotoAsync("/password");
        await user.FillPasswordAsync(ServerSetup.Password, NewPassword);

        await user.Page.WaitForURLAsync("**/accounts/*");
        await other.Page.ReloadAsync();
        await Assertions.Expect(other.Page).ToHaveTitleAsync("Sign in · Sipstead");
        await other.SignInAsync("changer", NewPassword);
    }

    [Fact]
    public async Task WrongCurrentPassword_ChangesNothing()
    {
        const long Account = 9_900_204;
        await using var user = await server.OpenAsync();
        await server.AddAccountAsync(Account, "mistyper");
        await user.SignInAsync("mistyper");

        await user.Page.GotoAsync("/password");
        await user.FillPasswordAsync("not the password", NewPassword);

        await Assertions.Expect(user.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("The current password is wrong");
        await user.SignInAsync("mistyper");
    }
}
