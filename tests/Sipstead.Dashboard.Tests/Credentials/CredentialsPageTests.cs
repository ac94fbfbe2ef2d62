using System.Net;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Sipstead.Dashboard.Credentials;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.Realms;
using Sipstead.Registrar;
using Sipstead.Registrar.History;
using Sipstead.Sip.Transport;
using Sipstead.Testing.Registrar;

namespace Sipstead.Dashboard.Tests.Credentials;

/// <summary>The page as writers and readers see it, and how it keeps up.</summary>
public sealed class CredentialsPageTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Page_ShowsCredentialsAndRealms()
    {
        await using var harness = await CredentialsHarness.OpenAsync();
        var realm = await harness.CreateRealmAsync();
        await harness.CreateCredentialAsync(realm, "alice");

        var page = Render(harness);

        page.WaitForAssertion(() => Assert.Contains("alice", page.Markup, StringComparison.Ordinal), Deadline);
        Assert.Equal(2, page.FindAll("button").Count(button => button.TextContent.Trim() == "ADD"));
        Assert.Contains(realm.Fqdn, page.Find("section[aria-labelledby=realms-section]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ManyRealms_AreShownInPages_AndChosenByAPartOfTheName()
    {
        await using var harness = await CredentialsHarness.OpenAsync();
        for (var i = 0; i <= RealmSelect.MostInList; i++)
            Assert.True((await harness.Realms.CreateAsync(harness.Account.Id, new NewRealm($"r{i:000}", null, i == 77), TestContext.Current.CancellationToken)).IsSuccess);
        await harness.Realms.CompletePendingAsync(TestContext.Current.CancellationToken);

        var page = Render(harness);

        page.WaitForAssertion(() => Assert.Equal(10, page.FindAll("section[aria-labelledby=realms-section] tbody tr").Count), Deadline);
        Assert.Contains("1-10 of 101", page.Find("section[aria-labelledby=realms-section]").TextContent, StringComparison.Ordinal);
        var choice = page.FindComponent<MudAutocomplete<RealmDetails>>();
        var found = await choice.InvokeAsync(() => choice.Instance.SearchFunc!("r09", TestContext.Current.CancellationToken)!);
        Assert.Equal(Enumerable.Range(90, 10).Select(i => $"r{i:000}"), found.Select(realm => realm.Name));
        Assert.Equal("r077", (await choice.InvokeAsync(() => choice.Instance.SearchFunc!("", TestContext.Current.CancellationToken)!)).First().Name);
    }

    [Fact]
    public async Task Reader_IsOfferedNoChange()
    {
        await using var harness = await CredentialsHarness.OpenAsync(ApiRole.Read);
        var realm = await harness.CreateRealmAsync();
        await harness.CreateCredentialAsync(realm, "alice");

        var page = Render(harness);

        page.WaitForAssertion(() => Assert.Contains("alice", page.Markup, StringComparison.Ordinal), Deadline);
        Assert.DoesNotContain(page.FindAll("button, a"), button => button.TextContent.Trim() is "ADD" or "Import");
        Assert.DoesNotContain("Actions for the realm", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutRealm_ThePageSaysWhatToDoFirst()
    {
        await using var harness = await CredentialsHarness.OpenAsync();

        var page = Render(harness);

        page.WaitForAssertion(() => Assert.Contains("Add a realm first", page.Markup, StringComparison.Ordinal), Deadline);
        Assert.True(page.Find("button[aria-label='Add a credential']").HasAttribute("disabled"));
    }

    [Fact]
    public async Task ChangeOfAnotherUser_ShowsWithoutAReload()
    {
        await using var harness = await CredentialsHarness.OpenAsync();
        var realm = await harness.CreateRealmAsync();
        var page = Render(harness);
        page.WaitForAssertion(() => Assert.Contains("No credentials yet.", page.Markup, StringComparison.Ordinal), Deadline);

        await harness.CreateCredentialAsync(realm, "newcomer");

        page.WaitForAssertion(() => Assert.Contains("newcomer", page.Markup, StringComparison.Ordinal), Deadline);
    }

    [Fact]
    public async Task ReloadsThatOverlap_EndWithTheNewest()
    {
        await using var harness = await CredentialsHarness.OpenAsync();
        var realm = await harness.CreateRealmAsync();
        await harness.CreateCredentialAsync(realm, "alice");
        var page = Render(harness);
        var table = page.FindComponent<CredentialTable>();

        await page.InvokeAsync(() => Task.WhenAll(Enumerable.Range(0, 5).Select(_ => table.Instance.ReloadAsync())));

        page.WaitForAssertion(() => Assert.Contains("alice", page.Markup, StringComparison.Ordinal), Deadline);
    }

    [Fact]
    public async Task Card_HoldsWhatAPhoneNeeds_AndTellsOfRefusals()
    {
        await using var harness = await CredentialsHarness.OpenAsync();
        var realm = await harness.CreateRealmAsync();
        var credential = await harness.CreateCredentialAsync(realm, "alice");

        var card = harness.Render<PhoneCard>(card => card.Add(c => c.Secret, new NewSecret(credential, "a secret word", DateTimeOffset.UnixEpoch)));
        var text = card.Find(".phone-facts").TextContent;
        Assert.All(
            ["alice", "a secret word", realm.Fqdn, "127.0.0.1:5060", $"_sip._udp.{realm.Fqdn}", "UDP or TCP"],
            fact => Assert.Contains(fact, text, StringComparison.Ordinal));
        Assert.Contains("Waiting for the phone", card.Markup, StringComparison.Ordinal);

        harness.Services.GetRequiredService<RegistrarService>().History.Keep(new RegistrationAttempt(
            0, DateTimeOffset.UnixEpoch.AddDays(1), realm.Id, credential.Id, "alice", new TransportAddress(new IPEndPoint(IPAddress.Parse("192.0.2.7"), 5060)),
            SipTransport.Udp, "", "", RegistrationOutcome.WrongPassword));

        card.WaitForAssertion(() => Assert.Contains("from 192.0.2.7: Wrong password", card.Markup, StringComparison.Ordinal), Deadline);
    }

    private static IRenderedComponent<CredentialsPage> Render(CredentialsHarness harness)
    {
        harness.Render<MudPopoverProvider>();
        return harness.Render<CredentialsPage>(page => page.Add(p => p.AccountId, harness.Account.Id));
    }
}
