using Microsoft.Playwright;
using Sipstead.Testing;

namespace Sipstead.Browser.Tests;

/// <summary>What a new account is told to do, and what the overview counts, without a reload.</summary>
public sealed class OverviewTests(DashboardServer server)
{
    private const long Account = 9_900_201;
    private const string UserName = "overviewer";
    private const string Password = "wonderland";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FirstSteps_AreTickedOff_AsThingsAreMade()
    {
        await using var user = await server.OpenAsync();
        await server.AddAccountAsync(Account, UserName);
        await user.SignInAsync(UserName);
        var steps = user.Page.GetByRole(AriaRole.Region, new() { Name = "First steps" }).GetByRole(AriaRole.Listitem);
        await Assertions.Expect(steps).ToHaveCountAsync(5);
        await Assertions.Expect(user.Page.Locator("li.done")).ToHaveCountAsync(0);

        using var client = server.Setup.CreateClient(Account, UserName);
        var realm = await client.CreateRealmAsync("first", Cancel);
        await ExpectDoneAsync(user, "Create a realm");
        await client.CreateCredentialAsync(realm, "alice", Password, Cancel);
        await ExpectDoneAsync(user, "Create a SIP credential");
        using var phone = await SipDevice.ConnectAsync("udp", server.Setup.SipPort, Cancel);
        await phone.RegisterAsync(realm.Fqdn, "alice", "not the password", Cancel);
        Assert.Equal(200, (await phone.RegisterAsync(realm.Fqdn, "alice", Password, Cancel)).Status);
        await ExpectDoneAsync(user, "Register a phone");

        await Assertions.Expect(Tile(user, "registered of 1 credentials")).ToHaveTextAsync("1");
        await Assertions.Expect(Tile(user, "refused registrations, last hour")).ToHaveTextAsync("1");
        await Assertions.Expect(user.Page.GetByRole(AriaRole.Img, new() { NameString = "New registrations: 1 in the last 6 hours" })).ToBeVisibleAsync();
        Assert.Empty(user.Errors);
    }

    private static ILocator Tile(DashboardUser user, string name) => user.Page.Locator(".tile").Filter(new() { HasText = name }).Locator(".value");

    private static Task ExpectDoneAsync(DashboardUser user, string step) =>
        Assertions.Expect(user.Page.Locator("li.done").Filter(new() { HasText = step }).GetByRole(AriaRole.Img, new() { Name = "Done" })).ToBeVisibleAsync();
}
