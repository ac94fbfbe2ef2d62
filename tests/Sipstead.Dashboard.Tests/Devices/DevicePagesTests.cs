using System.Text;
using Bunit;
using Sipstead.Dashboard.Accounts;
using Sipstead.Dashboard.Devices;
using Sipstead.Provisioning.Accounts;
using Sipstead.Registrar.History;
using Sipstead.Sip.Trace;
using Sipstead.Sip.Transport;
using Sipstead.Testing.Registrar;

namespace Sipstead.Dashboard.Tests.Devices;

/// <summary>What the pages about devices show, to whom, and when something happens while they are open.</summary>
public sealed class DevicePagesTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Table_ShowsWhatPhonesSay_AsText()
    {
        await using var harness = await DevicesHarness.OpenAsync();
        var hostile = Bindings.Device(Bindings.Of(1, contact: "sip:\"><script>alert(1)</script>@10.0.0.1", userAgent: "<img src=x onerror=alert(1)>", reachable: false));

        var table = ShowTable(harness, hostile);

        Assert.Contains("<img src=x onerror=alert(1)>", table.Find("tbody").TextContent, StringComparison.Ordinal);
        Assert.Contains("Not reachable", table.Find("tbody").TextContent, StringComparison.Ordinal);
        Assert.Empty(table.FindAll("script, img"));
    }

    [Fact]
    public async Task Table_LeadsToTheCredential_AndLetsWritersEndARegistration()
    {
        await using var harness = await DevicesHarness.OpenAsync();

        var table = ShowTable(harness, Bindings.Device(Bindings.Of(1)));

        Assert.Equal("/accounts/9900000/credentials/7", table.Find("tbody a").GetAttribute("href"));
        Assert.Equal("End the registration of alice from 192.0.2.7:5060", table.Find("tbody button").GetAttribute("aria-label"));
    }

    [Fact]
    public async Task Table_HasNoCommandForReaders()
    {
        await using var harness = await DevicesHarness.OpenAsync(ApiRole.Read);

        Assert.Empty(ShowTable(harness, Bindings.Device(Bindings.Of(1))).FindAll("button"));
    }

    [Fact]
    public async Task Devices_WithoutAny_SaysWhatToDo()
    {
        await using var harness = await DevicesHarness.OpenAsync();
        harness.Render<MudBlazor.MudPopoverProvider>();

        var page = harness.Show<DevicesPage>(_ => { });

        page.WaitForAssertion(() => Assert.Equal("No device is registered.", page.Find(".empty-text").TextContent), Deadline);
    }

    [Fact]
    public async Task Devices_TellOfUnknownUsers_OfTheAccountsRealmsOnly()
    {
        await using var harness = await DevicesHarness.OpenAsync();
        var realm = await harness.CreateRealmAsync();
        harness.Render<MudBlazor.MudPopoverProvider>();
        var page = harness.Show<DevicesPage>(_ => { });
        page.WaitForAssertion(() => page.Find(".empty-text"), Deadline);

        harness.Registrar.History.Keep(Bindings.Attempt(0, RegistrationOutcome.UnknownUser, "stranger", credentialId: 0) with { RealmId = realm.Id + 1000 });
        harness.Registrar.History.Keep(Bindings.Attempt(0, RegistrationOutcome.UnknownUser, "aliec", credentialId: 0) with { RealmId = realm.Id });
        harness.Time.Advance(TimeSpan.FromSeconds(1));

        page.WaitForAssertion(() => Assert.Contains("aliec", page.Markup, StringComparison.Ordinal), Deadline);
        Assert.Contains(realm.Fqdn, page.Find(".device-table tbody").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("stranger", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credential_TellsOfAttempts_AsTheyCome()
    {
        await using var harness = await DevicesHarness.OpenAsync();
        var credential = await harness.CreateCredentialAsync(await harness.CreateRealmAsync(), "alice");
        var page = ShowCredential(harness, credential.Id);
        Assert.Equal($"alice@{credential.RealmFqdn}", page.Find("h1").TextContent);
        Assert.Contains("no attempt is known", page.Find(".standing").TextContent, StringComparison.Ordinal);

        harness.Registrar.History.Keep(Bindings.Attempt(0, RegistrationOutcome.WrongPassword, credentialId: credential.Id) with { RealmId = credential.RealmId });
        harness.Registrar.History.Keep(Bindings.Attempt(0, RegistrationOutcome.Expired, credentialId: credential.Id + 1) with { RealmId = credential.RealmId });
        harness.Time.Advance(TimeSpan.FromSeconds(1));

        page.WaitForAssertion(() => Assert.Single(page.FindAll(".attempts li")), Deadline);
        Assert.Equal("Wrong password: the digest does not match the credential's hash.", page.Find(".attempts strong").TextContent);
        Assert.StartsWith("Not registered. Wrong password", page.Find(".standing").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credential_ShowsItsMessages_AsTheyCome()
    {
        await using var harness = await DevicesHarness.OpenAsync();
        var credential = await harness.CreateCredentialAsync(await harness.CreateRealmAsync(), "alice");
        Record(harness, credential.RealmId, credential.Id, "REGISTER sip:office.example SIP/2.0\r\nCSeq: 1 REGISTER\r\n\r\n");
        Record(harness, credential.RealmId, credential.Id + 1, "OPTIONS sip:office.example SIP/2.0\r\n\r\n");
        var page = ShowCredential(harness, credential.Id);
        Assert.Equal("REGISTER", Assert.Single(page.FindAll(".ladder-label")).TextContent);

        Record(harness, credential.RealmId, credential.Id, "BYE sip:office.example SIP/2.0\r\n\r\n");
        harness.Time.Advance(TimeSpan.FromSeconds(1)); // the page's clock signals,
        harness.Time.Advance(TimeSpan.FromSeconds(1)); // and the refresh follows

        page.WaitForAssertion(() => Assert.Equal(["REGISTER", "BYE"], page.FindAll(".ladder-label").Select(label => label.TextContent)), Deadline);
    }

    [Fact]
    public async Task CredentialOfAnotherAccount_HasNoPage()
    {
        await using var harness = await DevicesHarness.OpenAsync();
        var credential = await harness.CreateCredentialAsync(await harness.CreateRealmAsync(), "alice");
        var other = new AccountContext(new AccountDetails(123_456, "01e240", 5062, true), "somebody", ApiRole.Admin, []);

        var page = harness.Show<CredentialPage>(p => p.Add(x => x.AccountId, harness.Account.Id).Add(x => x.CredentialId, credential.Id), other);

        page.WaitForAssertion(() => Assert.Equal("Nothing here", page.Find("h1").TextContent), Deadline);
        Assert.DoesNotContain("alice", page.Markup, StringComparison.Ordinal);
    }

    private static IRenderedComponent<DeviceTable> ShowTable(DevicesHarness harness, params Device[] devices) =>
        harness.Show<DeviceTable>(p => p.Add(x => x.Devices, devices).Add(x => x.WithUser, true));

    private static IRenderedComponent<CredentialPage> ShowCredential(DevicesHarness harness, long credentialId)
    {
        var page = harness.Show<CredentialPage>(p => p.Add(x => x.AccountId, harness.Account.Id).Add(x => x.CredentialId, credentialId));
        page.WaitForAssertion(() => page.Find(".standing"), Deadline);
        return page;
    }

    private static void Record(DevicesHarness harness, long realmId, long credentialId, string message) => harness.Trace.Record(
        new TraceSubject(realmId, credentialId, 0), TraceDirection.Received,
        new SipFlow(SipTransport.Udp, Bindings.Address(Bindings.Source), Bindings.Address("198.51.100.1:5060"), 0), Encoding.UTF8.GetBytes(message));
}
