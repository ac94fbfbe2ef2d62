using System.Globalization;
using Deque.AxeCore.Playwright;
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

    [Fact]
    public async Task Realm_HasAPageOfItsRecords_WithTheZoneFile()
    {
        var realm = await server.Client.CreateRealmAsync("zoned", Cancel);
        await using var user = await server.OpenAsync();
        await user.SignInAsync();
        await user.GoToAsync($"realms/{realm.Id}/zone", "DNS records");

        await Assertions.Expect(user.Page.GetByLabel("DNS records of the realm")).ToContainTextAsync($"_sips._tcp.{realm.Fqdn}.");
        var axe = await user.Page.RunAxe();
        Assert.DoesNotContain(axe.Violations, violation => violation.Impact is "serious" or "critical");
        var download = await user.Page.RunAndWaitForDownloadAsync(() => user.Page.GetByText("Zone file", new() { Exact = true }).ClickAsync());

        Assert.Equal($"{realm.Fqdn}.zone", download.SuggestedFilename);
        Assert.Contains($"{realm.Fqdn}. 300 IN NAPTR", await File.ReadAllTextAsync(await download.PathAsync(), Cancel), StringComparison.Ordinal);
        Assert.Empty(user.Errors);
    }
}
