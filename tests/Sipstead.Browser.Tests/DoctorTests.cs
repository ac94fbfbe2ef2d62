using System.Globalization;
using Microsoft.Playwright;

namespace Sipstead.Browser.Tests;

/// <summary>The connection doctor, beside what dig is told.</summary>
public sealed class DoctorTests(DashboardServer server)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Realm_ShowsTheRecordsThatOurServerAnswers()
    {
        var realm = await server.Client.CreateRealmAsync("doctored", Cancel);
        await using var user = await server.OpenAsync();
        await user.SignInAsync();
        await user.GoToAsync("doctor", "Connection doctor");

        await user.Page.GetByLabel("Realm").First.ClickAsync();
        await user.Page.Locator(".mud-popover-open .mud-list-item").Filter(new() { HasText = realm.Fqdn }).ClickAsync();

        var record = string.Create(CultureInfo.InvariantCulture, $"_sip._udp.{realm.Fqdn}. 300 IN SRV 5 50 {server.Setup.SipPort} sip.auth.sipstead.localhost.");
        await Assertions.Expect(user.Page.GetByLabel("Zone file", new() { Exact = true })).ToContainTextAsync(record);
        await Assertions.Expect(user.Page.GetByText("is a name for this machine only")).ToBeVisibleAsync();
        await user.Page.GetByRole(AriaRole.Button, new() { Name = "Ask DNS" }).ClickAsync();
        await Assertions.Expect(user.Page.GetByLabel("Answers of name servers")).ToContainTextAsync("in order");
        await Assertions.Expect(user.Page.GetByText("over UDP and TCP, with serial")).ToBeVisibleAsync();
        Assert.Empty(user.Errors);
    }
}
