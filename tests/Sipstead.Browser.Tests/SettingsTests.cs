using Microsoft.Playwright;
using Sipstead.Testing;

namespace Sipstead.Browser.Tests;

/// <summary>How a password is changed.</summary>
public sealed class SettingsTests(DashboardServer server)
{
    private const string NewPassword = "another horse battery";

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
