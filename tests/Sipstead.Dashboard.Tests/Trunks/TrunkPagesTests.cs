using Bunit;
using MudBlazor;
using Sipstead.Dashboard.Trunks;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.Trunks;

namespace Sipstead.Dashboard.Tests.Trunks;

/// <summary>What the pages about trunks show, to whom, and how they keep up.</summary>
public sealed class TrunkPagesTests
{
    private const string Markup = "\"><img src=x onerror=alert(1)><script>alert(2)</script>";

    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(ApiRole.Admin, true)]
    [InlineData(ApiRole.Write, false)]
    [InlineData(ApiRole.Read, false)]
    public async Task WithoutATrunk_ThePageSaysWhatOneIsFor_AndOnlyAdminsAddOne(ApiRole role, bool mayAdd)
    {
        await using var harness = await TrunksHarness.OpenAsync(role);

        var page = harness.Render<TrunksPage>();

        page.WaitForAssertion(() => Assert.Equal("No trunk yet.", page.Find(".empty-text").TextContent));
        Assert.Contains("a way to the telephone network", page.Find(".lead").TextContent, StringComparison.Ordinal);
        Assert.Equal(mayAdd, page.FindAll("button").Any(button => button.TextContent.Trim() == "Add trunk"));
    }

    [Fact]
    public async Task List_HasTheAccountsTrunksByPriority_WithTheirHealth()
    {
        await using var harness = await TrunksHarness.OpenAsync(ApiRole.Read);
        var second = await harness.CreateAsync(new NewTrunk { Name = "second", Host = "2001:db8::1", Port = 5061, Transport = "tls", Outbound = ["+1*", "+49*", "+44*", "+33*"] });
        var first = await harness.CreateAsync(new NewTrunk { Name = "first", Host = "sip.carrier.example", Priority = 1, IsEnabled = false });
        harness.Health.Write(second.Id, new TrunkHealth(TrunkState.Up, Start, Start, 404, TimeSpan.FromMilliseconds(12.6)));

        var page = harness.Render<TrunksPage>();

        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("tbody tr").Count));
        var cells = page.FindAll("tbody td").Select(cell => string.Join(' ', cell.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))).ToList();
        Assert.Equal(
            ["first", "sip.carrier.example", "Nowhere", "1", "Disabled", "second", "[2001:db8::1]:5061 over TLS", "+1*, +49*, +44* and 1 more", "100", "Up: answered 404 in 13 ms"],
            cells);
        Assert.Equal($"/accounts/9900000/trunks/{first.Id}", page.Find("tbody a").GetAttribute("href"));
    }

    [Fact]
    public async Task List_KeepsUp_WithHealthAndWithWhatOthersChange()
    {
        await using var harness = await TrunksHarness.OpenAsync();
        var trunk = await harness.CreateAsync();
        var page = harness.Render<TrunksPage>();
        page.WaitForAssertion(() => Assert.Contains("Not checked", page.Markup, StringComparison.Ordinal));

        harness.Health.Write(trunk.Id, new TrunkHealth(TrunkState.Down, Start, Start, Reason: "no answer within 8 s from 192.0.2.1:5060 over UDP"));
        harness.Time.Advance(TimeSpan.FromSeconds(1));
        page.WaitForAssertion(() => Assert.Contains("no answer within 8 s from 192.0.2.1:5060 over UDP", page.Find(".trunk-mark").TextContent, StringComparison.Ordinal));

        await harness.CreateAsync(new NewTrunk { Name = "another", Host = "192.0.2.7" });
        harness.Time.Advance(TimeSpan.FromSeconds(1));
        page.WaitForAssertion(() => Assert.Contains("another", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Page_OfATrunk_ShowsAllOfIt_ButThePassword()
    {
        await using var harness = await TrunksHarness.OpenAsync(ApiRole.Read);
        var trunk = await harness.CreateAsync(new NewTrunk
        {
            Name = "carrier", Host = "sip.carrier.example", UserName = "acme", Password = "do not show this", Sources = ["192.0.2.0/24"], Outbound = ["+1*"], CallerIds = ["+1202*"],
        });
        harness.Health.Write(trunk.Id, new TrunkHealth(TrunkState.Up, Start, Start.AddMinutes(1), Reason: "no answer within 8 s"));

        var page = harness.Render<TrunkPage>(p => p.Add(x => x.TrunkId, trunk.Id));

        page.WaitForAssertion(() => Assert.Equal("carrier", page.Find("h1").TextContent));
        foreach (var text in (string[])["acme", "192.0.2.0/24", "+1*", "+1202*", "last check failed: no answer within 8 s", "2026-01-02 03:01:00"])
            Assert.Contains(text, page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("do not show this", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain(page.FindAll("button"), button => button.TextContent.Trim() is "Edit" or "Delete");
    }

    [Fact]
    public async Task Page_OfAnotherAccountsTrunk_IsThatOfNone()
    {
        await using var harness = await TrunksHarness.OpenAsync();
        await harness.AddAccountAsync(2);
        var trunk = await harness.CreateAsync(account: 2);
        harness.Health.Write(trunk.Id, new TrunkHealth(TrunkState.Up, Start, Start, 200));

        var page = harness.Render<TrunkPage>(p => p.Add(x => x.TrunkId, trunk.Id));

        page.WaitForAssertion(() => Assert.Equal("No such trunk", page.Find("h1").TextContent));
        harness.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.DoesNotContain("carrier", page.Markup, StringComparison.Ordinal);
        Assert.Empty(page.FindAll(".trunk-mark"));
    }

    [Fact]
    public async Task HostileText_IsShownAsText()
    {
        await using var harness = await TrunksHarness.OpenAsync();
        var trunk = await harness.CreateAsync(new NewTrunk { Name = Markup, Host = "192.0.2.1", UserName = Markup, Password = "secret word" });
        harness.Health.Write(trunk.Id, new TrunkHealth(TrunkState.Down, Start, Start, Reason: Markup));

        var list = harness.Render<TrunksPage>();
        var page = harness.Render<TrunkPage>(p => p.Add(x => x.TrunkId, trunk.Id));

        list.WaitForAssertion(() => Assert.Equal(Markup, list.Find("tbody a").TextContent));
        page.WaitForAssertion(() => Assert.Equal(Markup, page.Find("h1").TextContent));
        Assert.Empty(list.FindAll("img, script"));
        Assert.Empty(page.FindAll("img, script"));
    }

    [Fact]
    public async Task Delete_IsAskedFor_AndRemovesTheTrunk()
    {
        await using var harness = await TrunksHarness.OpenAsync();
        var trunk = await harness.CreateAsync();
        var dialogs = harness.Render<MudDialogProvider>();
        var page = harness.Render<TrunkPage>(p => p.Add(x => x.TrunkId, trunk.Id));
        page.WaitForAssertion(() => page.Find("h1"));

        page.FindAll("button").Single(button => button.TextContent.Trim() == "Delete").Click();
        dialogs.WaitForAssertion(() => TrunksHarness.Button(dialogs, "Delete trunk"));
        Assert.Single(await harness.Trunks.ListAsync(harness.Account.Id, TestContext.Current.CancellationToken));
        TrunksHarness.Button(dialogs, "Delete trunk").Click();

        dialogs.WaitForAssertion(() => Assert.Empty(dialogs.FindAll("[role=dialog]")));
        Assert.Empty(await harness.Trunks.ListAsync(harness.Account.Id, TestContext.Current.CancellationToken));
    }
}
