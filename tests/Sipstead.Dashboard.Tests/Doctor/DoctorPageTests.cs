using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Sipstead.Dashboard.Doctor;
using Sipstead.Dashboard.Tests.Credentials;
using Sipstead.Dns;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.Realms;

namespace Sipstead.Dashboard.Tests.Doctor;

/// <summary>The page that looks at a realm, asks DNS for it, and says what to do next.</summary>
public sealed class DoctorPageTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Page_SaysWhatToDoNext_AndLeadsToTheRecords()
    {
        await using var harness = await CredentialsHarness.OpenAsync(ApiRole.Read);
        var realm = await PublishAsync(harness);

        var page = Render(harness);

        // Nothing opened a SIP port in this test: that is the worst of it.
        Assert.Contains("Stop that one and start the server again", page.Find(".next-step").TextContent, StringComparison.Ordinal);
        Assert.Contains($"{realm.Fqdn}. 300 IN NAPTR", page.Find("pre").TextContent, StringComparison.Ordinal);
        Assert.Contains(page.FindAll("a"), link => link.GetAttribute("href") == $"/accounts/{harness.Account.Id}/realms/{realm.Id}/zone");
        Assert.Empty(page.FindAll("table"));
    }

    [Fact]
    public async Task AskDns_ShowsEachNameServer_OverUdpAndTcp()
    {
        await using var harness = await CredentialsHarness.OpenAsync(ApiRole.Read);
        await PublishAsync(harness);
        var page = Render(harness);

        await AskAsync(page);

        page.WaitForAssertion(() => Assert.Equal(4, page.FindAll("table tbody tr").Count), Deadline);
        var serial = harness.Services.GetRequiredService<ZonePublisher>().Current.Serial;
        var cells = page.FindAll("table tbody tr").Select(row => row.Children.Select(cell => cell.TextContent.Trim()).Skip(1).ToArray()).ToList();
        Assert.Equal(["UDP", "TCP", "UDP", "TCP"], cells.Select(row => row[0]));
        Assert.All(cells, row => Assert.Equal([$"{serial}", "1", "2", "in order"], row[1..]));
        Assert.Contains($"over UDP and TCP, with serial {serial}", page.Markup, StringComparison.Ordinal);
        Assert.Contains("The zone is delegated to 127.0.0.1", page.Markup, StringComparison.Ordinal);
        Assert.Contains("The system's resolver finds the realm as we publish it.", page.Markup, StringComparison.Ordinal);
    }

    private static Task AskAsync(IRenderedComponent<DoctorPage> page) =>
        page.FindAll("button").Single(button => button.TextContent.Contains("Ask DNS", StringComparison.Ordinal)).ClickAsync(new());

    private static async Task<RealmDetails> PublishAsync(CredentialsHarness harness)
    {
        var realm = await harness.CreateRealmAsync();
        harness.Services.GetRequiredService<ZonePublisher>().Publish(new RealmRecord(realm.Fqdn, 5060));
        harness.Services.GetRequiredService<DnsResponder>().Start();
        return realm;
    }

    private static IRenderedComponent<DoctorPage> Render(CredentialsHarness harness)
    {
        harness.Render<MudPopoverProvider>();
        return harness.Render<DoctorPage>(page => page.Add(p => p.AccountId, harness.Account.Id));
    }
}
