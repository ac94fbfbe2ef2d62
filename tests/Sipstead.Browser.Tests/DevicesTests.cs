using System.Globalization;
using Microsoft.Playwright;
using Sipstead.Testing;

namespace Sipstead.Browser.Tests;

/// <summary>The list of devices and the page of a credential, while a phone registers.</summary>
public sealed class DevicesTests(DashboardServer server)
{
    private const string Password = "a phone's password";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Device_ThatRegisters_AppearsByItself_AndGoesWhenItsRegistrationIsEnded()
    {
        await using var user = await server.OpenAsync();
        var (realm, _) = await CreateAsync("appears", "alice");
        await user.SignInAsync();
        await user.GoToAsync("devices", "Devices");
        using var device = await ConnectAsync("udp");
        device.UserAgent = "<script>alert(1)</script>";

        Assert.Equal(200, (await device.RegisterAsync(realm.Fqdn, "alice", Password, Cancel)).Status);

        var row = RowsOf(user, "alice").Filter(new() { HasText = realm.Fqdn });
        await Assertions.Expect(row).ToContainTextAsync("<script>alert(1)</script>");
        await Assertions.Expect(row).ToContainTextAsync("UDP");

        await row.GetByRole(AriaRole.Button, new() { Name = "End the registration of alice" }).ClickAsync();
        await user.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "End registration" }).ClickAsync();

        await Assertions.Expect(row).ToHaveCountAsync(0);
        Assert.Empty(await server.Client.ListRegistrationsAsync(realm, Cancel));
        Assert.Empty(user.Errors);
    }

    [Fact]
    public async Task Filters_NarrowTheList()
    {
        await using var user = await server.OpenAsync();
        var (realm, _) = await CreateAsync("filters", "anna");
        await server.Client.CreateCredentialAsync(realm, "bernd", Password, Cancel);
        using var first = await ConnectAsync("udp");
        using var second = await ConnectAsync("tcp");
        await first.RegisterAsync(realm.Fqdn, "anna", Password, Cancel);
        await second.RegisterAsync(realm.Fqdn, "bernd", Password, Cancel);
        await user.SignInAsync();
        await user.GoToAsync(string.Create(CultureInfo.InvariantCulture, $"devices?realm={realm.Id}"), "Devices");
        await Assertions.Expect(user.Page.Locator(".device-table tbody tr")).ToHaveCountAsync(2);

        await user.Page.GetByLabel("User, contact, address or user agent contains").FillAsync("BERN");

        await Assertions.Expect(user.Page.Locator(".device-table tbody tr")).ToHaveCountAsync(1);
        await Assertions.Expect(RowsOf(user, "bernd")).ToContainTextAsync("TCP");

        await user.Page.GetByLabel("User, contact, address or user agent contains").FillAsync("nobody like this");

        await Assertions.Expect(user.Page.GetByText("No registered device matches.")).ToBeVisibleAsync();
        Assert.Empty(user.Errors);
    }

    [Fact]
    public async Task UnknownUser_IsToldOf()
    {
        await using var user = await server.OpenAsync();
        var (realm, _) = await CreateAsync("unknown", "alice");
        await user.SignInAsync();
        await user.GoToAsync(string.Create(CultureInfo.InvariantCulture, $"devices?realm={realm.Id}"), "Devices");
        using var device = await ConnectAsync("udp");

        Assert.Equal(401, (await device.RegisterAsync(realm.Fqdn, "aliec", Password, Cancel)).Status);

        var section = user.Page.GetByRole(AriaRole.Region, new() { Name = "Somebody tries users that do not exist" });
        await Assertions.Expect(section.GetByRole(AriaRole.Cell, new() { Name = "aliec", Exact = true })).ToBeVisibleAsync();
        Assert.Empty(user.Errors);
    }

    [Fact]
    public async Task CredentialPage_TellsOfAWrongPassword_ThenOfTheRegistration_AndShowsTheMessages()
    {
        await using var user = await server.OpenAsync();
        var (realm, id) = await CreateAsync("timeline", "carol");
        await user.SignInAsync();
        await user.GoToAsync(string.Create(CultureInfo.InvariantCulture, $"credentials/{id}"), $"carol@{realm.Fqdn}");
        await Assertions.Expect(user.Page.GetByText("Not registered, and no attempt is known.")).ToBeVisibleAsync();
        using var device = await ConnectAsync("udp");
        device.UserAgent = "<script>alert(1)</script>";

        Assert.Equal(401, (await device.RegisterAsync(realm.Fqdn, "carol", "not it", Cancel)).Status);

        var timeline = user.Page.GetByRole(AriaRole.Region, new() { Name = "Timeline" });
        await Assertions.Expect(timeline).ToContainTextAsync("Wrong password: the digest does not match the credential's hash.");
        await Assertions.Expect(timeline).ToContainTextAsync("Type the password again, or rotate the credential.");
        await Assertions.Expect(timeline).ToContainTextAsync("<script>alert(1)</script>");

        Assert.Equal(200, (await device.RegisterAsync(realm.Fqdn, "carol", Password, Cancel)).Status);

        await Assertions.Expect(user.Page.GetByText("Registered: calls reach the phone.")).ToBeVisibleAsync();
        await Assertions.Expect(timeline).ToContainTextAsync("A new contact was registered.");
        var ladder = user.Page.GetByRole(AriaRole.Region, new() { Name = "SIP ladder" });
        await Assertions.Expect(ladder.Locator(".ladder-label").Last).ToHaveTextAsync("200 OK");
        await Assertions.Expect(ladder.Locator(".ladder-label", new() { HasText = "401 Unauthorized" }).First).ToBeVisibleAsync();

        await ladder.GetByRole(AriaRole.Button).Filter(new() { HasText = "received from 127.0.0.1" }).Last.PressAsync("Enter");

        var text = ladder.GetByLabel("Text of REGISTER");
        await Assertions.Expect(text).ToContainTextAsync("User-Agent: <script>alert(1)</script>");
        await Assertions.Expect(text).ToContainTextAsync("username=\"carol\"");
        await Assertions.Expect(text).ToContainTextAsync($"response=\"{new string('x', 32)}\"");
        Assert.Empty(user.Errors);
    }

    [Fact]
    public async Task Messages_AreDownloadedAsTextAndPcap_ByThoseWhoMay()
    {
        await using var user = await server.OpenAsync();
        var (realm, id) = await CreateAsync("download", "dora");
        using var device = await ConnectAsync("udp");
        await device.RegisterAsync(realm.Fqdn, "dora", Password, Cancel);
        var page = DashboardUser.Path(string.Create(CultureInfo.InvariantCulture, $"credentials/{id}"));
        var before = await user.Context.APIRequest.GetAsync(page + "/trace.txt", new() { MaxRedirects = 0 });
        Assert.Equal(302, before.Status);
        await user.SignInAsync();
        await user.GoToAsync(string.Create(CultureInfo.InvariantCulture, $"credentials/{id}"), $"dora@{realm.Fqdn}");

        var download = await user.Page.RunAndWaitForDownloadAsync(
            () => user.Page.GetByRole(AriaRole.Link, new() { Name = "Download the messages as text" }).ClickAsync());
        var text = await File.ReadAllTextAsync(await download.PathAsync(), Cancel);
        var pcap = await user.Context.APIRequest.GetAsync(page + "/trace.pcap");

        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"credential-{id}.txt"), download.SuggestedFilename);
        Assert.Contains($"REGISTER sip:{realm.Fqdn} SIP/2.0", text, StringComparison.Ordinal);
        Assert.Equal([0xD4, 0xC3, 0xB2, 0xA1], (await pcap.BodyAsync()).Take(4).Select(octet => (int)octet));
        Assert.Equal(404, (await user.Context.APIRequest.GetAsync(DashboardUser.Path("credentials/999999999/trace.txt"))).Status);
        Assert.Equal(404, (await user.Context.APIRequest.GetAsync($"/accounts/123456/credentials/{id}/trace.txt")).Status);
        Assert.Empty(user.Errors);
    }

    [Fact]
    public async Task CredentialThatIsNotThere_HasNoPage()
    {
        await using var user = await server.OpenAsync();
        await user.SignInAsync();

        await user.GoToAsync("credentials/999999999", "Nothing here");

        Assert.Empty(user.Errors);
    }

    private async Task<(ApiRealm Realm, long CredentialId)> CreateAsync(string name, string userName)
    {
        var realm = await server.Client.CreateRealmAsync(name + Guid.NewGuid().ToString("N")[..8], Cancel);
        return (realm, await server.Client.CreateCredentialAsync(realm, userName, Password, Cancel));
    }

    private Task<SipDevice> ConnectAsync(string transport) => SipDevice.ConnectAsync(transport, server.Setup.SipPort, Cancel);

    private static ILocator RowsOf(DashboardUser user, string userName) =>
        user.Page.Locator(".device-table tbody tr").Filter(new() { Has = user.Page.GetByRole(AriaRole.Link, new() { Name = userName, Exact = true }) });
}
