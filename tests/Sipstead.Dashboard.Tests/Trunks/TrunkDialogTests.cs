using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Sipstead.Dashboard.Trunks;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.Applications;
using Sipstead.Provisioning.Trunks;

namespace Sipstead.Dashboard.Tests.Trunks;

/// <summary>The form of a trunk, with the rules behind it.</summary>
public sealed class TrunkDialogTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Host", "sip:carrier", "Invalid host: 'sip:carrier' is neither a domain name nor an address")]
    [InlineData("Port", "70000", "port must be within the range")]
    [InlineData("Priority", "2000", "priority must be within the range")]
    [InlineData("User name", "acme", "password is required", "Password")]
    [InlineData("Password", "secret", "password needs a userName", "User name")]
    [InlineData("Numbers that are called over it", "+1x", "Invalid outbound: '+1x'")]
    [InlineData("Caller ids", "**", "Invalid callerIds: '**'")]
    [InlineData("Its calls come from", "10.0.0.0/8", "Invalid sources: '10.0.0.0/8' is too large")]
    public async Task Refusal_StandsAtItsField_AndWhatWasTypedStays(string label, string typed, string words, string? at = null)
    {
        await using var harness = await TrunksHarness.OpenAsync();
        var form = await OpenAsync(harness, null);
        TrunksHarness.Input(form, "Name").Change("carrier");
        TrunksHarness.Input(form, "Host").Change("sip.carrier.example");
        TrunksHarness.Input(form, label).Change(typed);

        TrunksHarness.Button(form, "Add trunk").Click();

        form.WaitForAssertion(() => Assert.Contains(words, System.Net.WebUtility.HtmlDecode(form.Markup), StringComparison.Ordinal));
        Assert.Equal("true", TrunksHarness.Input(form, at ?? label).GetAttribute("aria-invalid"));
        Assert.Equal("carrier", TrunksHarness.Input(form, "Name").GetAttribute("value"));
        Assert.Empty(await harness.Trunks.ListAsync(harness.Account.Id, Cancel));
    }

    [Fact]
    public async Task RightForm_MakesTheTrunk_AndCloses()
    {
        await using var harness = await TrunksHarness.OpenAsync();
        var form = await OpenAsync(harness, null);
        TrunksHarness.Input(form, "Name").Change(" carrier ");
        TrunksHarness.Input(form, "Host").Change(" [2001:db8::1] ");
        TrunksHarness.Input(form, "Port").Change("5061");
        TrunksHarness.Input(form, "Priority").Change("7");
        TrunksHarness.Input(form, "User name").Change("acme");
        TrunksHarness.Input(form, "Password").Change(" secret ");
        TrunksHarness.Input(form, "Numbers that are called over it").Change("+1*\n+49*, +44*\n");
        TrunksHarness.Input(form, "Caller ids").Change("+1202555????");
        TrunksHarness.Input(form, "Its calls come from").Change("192.0.2.0/24 2001:db8::/48");

        TrunksHarness.Button(form, "Add trunk").Click();

        form.WaitForAssertion(() => Assert.Empty(form.FindAll("[role=dialog]")));
        var made = Assert.Single(await harness.Trunks.ListAsync(harness.Account.Id, Cancel));
        Assert.Equal(("carrier", "2001:db8::1", 5061, 7, "acme", true, null), (made.Name, made.Host, made.Port, made.Priority, made.UserName, made.IsEnabled, made.Transport));
        Assert.Equal(["+1*", "+49*", "+44*"], made.Outbound);
        Assert.Equal(["+1202555????"], made.CallerIds);
        Assert.Equal(["192.0.2.0/24", "2001:db8::/48"], made.Sources);
    }

    [Fact]
    public async Task Edit_ShowsWhatIsStored_KeepsThePassword_AndLosesNoRoute()
    {
        await using var harness = await TrunksHarness.OpenAsync();
        var application = await harness.Services.GetRequiredService<ApplicationService>().CreateAsync(
            harness.Account.Id, new VoiceApplicationForm { Name = "menu", CallInitiatedUrl = "https://a.example/" }, Cancel);
        var trunk = await harness.CreateAsync(new NewTrunk
        {
            Name = "carrier", Host = "192.0.2.1", Transport = "tls", UserName = "acme", Password = "do not show this", IsEnabled = false,
            Routes = [new NewTrunkRoute("+1202*", application.Value!.Id.ToString(), null), new NewTrunkRoute("*", application.Value.Id.ToString(), null)],
        });
        var form = await OpenAsync(harness, trunk);
        form.WaitForAssertion(() => Assert.Equal("Application menu", TrunksHarness.Input(form, "Route 2 goes to").GetAttribute("value")));
        Assert.DoesNotContain("do not show this", form.Markup, StringComparison.Ordinal);
        Assert.Equal("+1202*", TrunksHarness.Input(form, "Numbers of route 1").GetAttribute("value"));

        form.Find("button[aria-label='Remove route 1']").Click();
        TrunksHarness.Input(form, "Name").Change("renamed");
        TrunksHarness.Button(form, "Save").Click();

        form.WaitForAssertion(() => Assert.Empty(form.FindAll("[role=dialog]")));
        var changed = Assert.Single(await harness.Trunks.ListAsync(harness.Account.Id, Cancel));
        Assert.Equal(("renamed", "192.0.2.1", TrunkTransport.Tls, "acme", false), (changed.Name, changed.Host, changed.Transport, changed.UserName, changed.IsEnabled));
        Assert.Equal([new TrunkRouteDetails("*", application.Value.Id, null)], changed.Routes);
    }

    [Fact]
    public async Task RouteWithoutATarget_IsRefusedAtTheRoutes()
    {
        await using var harness = await TrunksHarness.OpenAsync();
        var form = await OpenAsync(harness, null);
        TrunksHarness.Input(form, "Name").Change("carrier");
        TrunksHarness.Input(form, "Host").Change("192.0.2.1");
        TrunksHarness.Button(form, "Add route").Click();
        TrunksHarness.Input(form, "Numbers of route 1").Change("+1*");

        TrunksHarness.Button(form, "Add trunk").Click();

        form.WaitForAssertion(() => Assert.Contains("one of the two", form.Find("fieldset .dialog-error").TextContent, StringComparison.Ordinal));
        Assert.Equal("+1*", TrunksHarness.Input(form, "Numbers of route 1").GetAttribute("value"));
    }

    [Theory]
    [InlineData(ApiRole.Read)]
    [InlineData(ApiRole.Write)]
    public async Task OthersThanAdmins_CannotSave(ApiRole role)
    {
        await using var harness = await TrunksHarness.OpenAsync(role);
        var form = await OpenAsync(harness, null);
        TrunksHarness.Input(form, "Name").Change("carrier");
        TrunksHarness.Input(form, "Host").Change("192.0.2.1");

        await TrunksHarness.Button(form, "Add trunk").ClickAsync(new());

        Assert.Empty(await harness.Trunks.ListAsync(harness.Account.Id, Cancel));
    }

    private static async Task<IRenderedComponent<MudDialogProvider>> OpenAsync(TrunksHarness harness, TrunkDetails? trunk)
    {
        var provider = harness.Render<MudDialogProvider>();
        await provider.InvokeAsync(() =>
        {
            _ = TrunkDialog.ShowAsync(harness.Services.GetRequiredService<IDialogService>(), trunk);
        });
        return provider;
    }
}
