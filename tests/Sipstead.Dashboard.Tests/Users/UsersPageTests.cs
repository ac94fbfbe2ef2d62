using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Sipstead.Dashboard.Tests.Trunks;
using Sipstead.Dashboard.Users;
using Sipstead.Provisioning.Accounts;
using Sipstead.Testing;

namespace Sipstead.Dashboard.Tests.Users;

/// <summary>The users of an account, with the rules behind them.</summary>
public sealed class UsersPageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ApiRole.Read)]
    [InlineData(ApiRole.Write)]
    public async Task OthersThanAdmins_SeeNoUsers(ApiRole role)
    {
        await using var harness = await TrunksHarness.OpenAsync(role);

        var page = harness.Render<UsersPage>();

        Assert.Equal("Only admins of the account see its users.", page.Find(".empty-text").TextContent);
        Assert.Empty(page.FindAll("table, button"));
    }

    [Fact]
    public async Task NewUser_GetsAPasswordThatIsShownOnce_WithWhatClientsNeed()
    {
        await using var harness = await TrunksHarness.OpenAsync();
        var (page, dialogs) = Render(harness);
        page.Find("button[aria-label='Add an API user']").Click();
        dialogs.WaitForAssertion(() => TrunksHarness.Input(dialogs, "Name"));
        TrunksHarness.Input(dialogs, "Name").Input("ci");
        TrunksHarness.Button(dialogs, "Add user").Click();

        page.WaitForAssertion(() => page.Find("[data-secret]"));
        var password = page.Find("[data-secret]").TextContent;
        Assert.NotNull((await Authenticator(harness).AuthenticateAsync("ci", password, Cancel)).Principal);
        Assert.Contains("/api/v1/oauth2/token", page.Markup, StringComparison.Ordinal);

        page.Find("button[aria-label='Close the password']").Click();
        Assert.DoesNotContain(password, page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain(password, harness.Render<UsersPage>().Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reset_GivesANewPassword_AfterAQuestion()
    {
        await using var harness = await TrunksHarness.OpenAsync();
        await Accounts(harness).CreateUserAsync("ci", ServerSetup.Password, harness.Account.Id, ApiRole.Read, Cancel);
        var (page, dialogs) = Render(harness);

        page.Find("button[aria-label='New password for ci']").Click();
        dialogs.WaitForAssertion(() => TrunksHarness.Button(dialogs, "New password"));
        TrunksHarness.Button(dialogs, "New password").Click();

        page.WaitForAssertion(() => page.Find("[data-secret]"));
        Assert.NotNull((await Authenticator(harness).AuthenticateAsync("ci", page.Find("[data-secret]").TextContent, Cancel)).Principal);
        Assert.Null((await Authenticator(harness).AuthenticateAsync("ci", ServerSetup.Password, Cancel)).Principal);
    }

    [Fact]
    public async Task LastAdmin_Stays_InTheWordsOfTheRule()
    {
        await using var harness = await TrunksHarness.OpenAsync();
        var (page, dialogs) = Render(harness);

        page.Find($"button[aria-label='Remove {ServerSetup.UserName}']").Click();
        dialogs.WaitForAssertion(() => TrunksHarness.Button(dialogs, "Remove"));
        TrunksHarness.Button(dialogs, "Remove").Click();

        dialogs.WaitForAssertion(() => Assert.Contains("is the last admin", dialogs.Find("[role=alert]").TextContent, StringComparison.Ordinal));
        Assert.Single(await Accounts(harness).ListUsersAsync(harness.Account.Id, Cancel));
    }

    [Fact]
    public async Task HostileName_IsShownAsText()
    {
        const string Name = "<script>alert(1)</script>";
        await using var harness = await TrunksHarness.OpenAsync();
        var made = await Accounts(harness).CreateUserAsync(Name, ServerSetup.Password, harness.Account.Id, ApiRole.Read, Cancel);
        Assert.SkipUnless(made.IsSuccess, "no user can have such a name");

        var (page, _) = Render(harness);

        Assert.Contains(Name, page.Find("tbody").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("script"));
    }

    private static AccountService Accounts(TrunksHarness harness) => harness.Services.GetRequiredService<AccountService>();

    private static ApiUserAuthenticator Authenticator(TrunksHarness harness) => harness.Services.GetRequiredService<ApiUserAuthenticator>();

    private static (IRenderedComponent<UsersPage> Page, IRenderedComponent<MudDialogProvider> Dialogs) Render(TrunksHarness harness)
    {
        var dialogs = harness.Render<MudDialogProvider>();
        var page = harness.Render<UsersPage>();
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("tbody tr")));
        return (page, dialogs);
    }
}
