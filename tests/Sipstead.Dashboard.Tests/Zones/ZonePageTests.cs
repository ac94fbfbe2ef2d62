using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Sipstead.Dashboard.Tests.Credentials;
using Sipstead.Dashboard.Zones;
using Sipstead.Dns;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.Realms;

namespace Sipstead.Dashboard.Tests.Zones;

/// <summary>A realm's DNS records as a table, with the zone file.</summary>
public sealed class ZonePageTests
{
    [Fact]
    public async Task Page_ShowsEachRecord_AndOffersTheFile()
    {
        await using var harness = await CredentialsHarness.OpenAsync(ApiRole.Read);
        var realm = await PublishAsync(harness);

        var page = Render(harness, realm.Id);

        var rows = page.FindAll("tbody tr").Select(row => string.Join(' ', row.Children.Select(cell => cell.TextContent.Trim()))).ToList();
        Assert.Contains($"_sip._udp.{realm.Fqdn}. 300 SRV 5 50 5060 sip.auth.sipstead.localhost.", rows);
        Assert.Contains($"_sips._tcp.{realm.Fqdn}. 300 SRV 0 0 0 .", rows);
        Assert.Contains($"{realm.Fqdn}. 300 NAPTR 10 10 \"s\" \"SIP+D2U\" \"\" _sip._udp.{realm.Fqdn}.", rows);
        Assert.StartsWith("auth.sipstead.localhost. 300 SOA ", rows[0], StringComparison.Ordinal);
        var file = page.Find("a[download]");
        Assert.Equal($"/accounts/{harness.Account.Id}/realms/{realm.Id}/zone/file", file.GetAttribute("href"));
        Assert.Equal($"{realm.Fqdn}.zone", file.GetAttribute("download"));
    }

    [Fact]
    public async Task LookAgain_ShowsWhatChanged()
    {
        await using var harness = await CredentialsHarness.OpenAsync(ApiRole.Read);
        var realm = await PublishAsync(harness);
        var page = Render(harness, realm.Id);
        harness.Services.GetRequiredService<ZonePublisher>().Publish(new RealmRecord(realm.Fqdn, 5099));

        await page.FindAll("button").Single(button => button.TextContent.Contains("Look again", StringComparison.Ordinal)).ClickAsync(new());

        Assert.Contains("5 50 5099 sip.auth.sipstead.localhost.", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RealmThatTheZoneDoesNotHave_IsTold()
    {
        await using var harness = await CredentialsHarness.OpenAsync();
        var realm = await harness.CreateRealmAsync();

        var page = Render(harness, realm.Id);

        Assert.Contains("The zone has no records of the realm.", page.Markup, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("a[download]"));
    }

    [Fact]
    public async Task RealmThatIsNotThere_IsTold()
    {
        await using var harness = await CredentialsHarness.OpenAsync();
        Assert.Contains("There is no such realm.", Render(harness, 999).Markup, StringComparison.Ordinal);
    }

    private static async Task<RealmDetails> PublishAsync(CredentialsHarness harness)
    {
        var realm = await harness.CreateRealmAsync();
        harness.Services.GetRequiredService<ZonePublisher>().Publish(new RealmRecord(realm.Fqdn, 5060));
        return realm;
    }

    private static IRenderedComponent<ZonePage> Render(CredentialsHarness harness, long realmId) =>
        harness.Render<ZonePage>(page => page.Add(p => p.AccountId, harness.Account.Id).Add(p => p.RealmId, realmId));
}
