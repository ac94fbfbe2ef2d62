using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Sipstead.Dashboard.Audit;
using Sipstead.Dashboard.Layout;
using Sipstead.Dashboard.Tests.Devices;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.Audit;
using Sipstead.Testing;

namespace Sipstead.Dashboard.Tests.Audit;

/// <summary>Who changed what, as admins see it.</summary>
public sealed class AuditPageTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Entries_TellWhoAndWhat_AsText()
    {
        await using var harness = await DevicesHarness.OpenAsync(ApiRole.Admin);
        harness.Render<MudBlazor.MudPopoverProvider>();
        new AuditActor("<b>eve</b>", AuditVia.Token, "192.0.2.7").Act();
        await harness.Services.GetRequiredService<AuditService>().RecordAsync(
            harness.Account.Id, AuditAction.Update, AuditKind.Trunk, "7", "<img src=x>", [new("host", "a.example", "<script>"), new("password", null, null, true)], Cancel);

        var page = harness.Show<AuditLogPage>(_ => { });

        page.WaitForAssertion(() => Assert.Contains("<b>eve</b>", page.Find("tbody").TextContent, StringComparison.Ordinal), Deadline);
        var row = page.Find("tbody tr");
        Assert.Contains("API, token, 192.0.2.7", row.TextContent, StringComparison.Ordinal);
        Assert.Contains("Changed: Trunk", row.TextContent, StringComparison.Ordinal);
        Assert.Equal(("a.example", "<script>"), (row.QuerySelector("del")!.TextContent, row.QuerySelector("ins")!.TextContent));
        Assert.Contains("changed (secret)", row.TextContent, StringComparison.Ordinal);
        Assert.Empty(row.QuerySelectorAll("b, img, script"));
    }

    [Fact]
    public async Task Pages_AndFilters_ShowTheirs()
    {
        await using var harness = await DevicesHarness.OpenAsync(ApiRole.Admin);
        harness.Render<MudBlazor.MudPopoverProvider>();
        var audit = harness.Services.GetRequiredService<AuditService>();
        for (var i = 0; i < 40; i++) await audit.RecordAsync(harness.Account.Id, AuditAction.Delete, AuditKind.Registration, $"{i}", $"phone{i}", [], Cancel);
        var page = harness.Show<AuditLogPage>(_ => { });
        page.WaitForAssertion(() => Assert.Contains("phone39", page.Find("tbody").TextContent, StringComparison.Ordinal), Deadline);
        Assert.DoesNotContain("phone14", page.Find("tbody").TextContent, StringComparison.Ordinal);

        await page.FindAll(".pager button")[1].ClickAsync(new());
        page.WaitForAssertion(() => Assert.Contains("phone14", page.Find("tbody").TextContent, StringComparison.Ordinal), Deadline);
        await page.FindAll("input").First(input => input.Id == page.FindAll("label").First(label => label.TextContent == "Id").GetAttribute("for")).InputAsync(new() { Value = "3" });
        harness.Time.Advance(TimeSpan.FromSeconds(1)); // the field waits for more letters
        page.WaitForAssertion(() => Assert.Single(page.FindAll("tbody tr")), Deadline);
        Assert.Contains("phone3", page.Find("tbody").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll(".pager"));
    }

    [Fact]
    public async Task StoreThatIsAway_IsTold_UntilItIsBack()
    {
        await using var harness = await DevicesHarness.OpenAsync(ApiRole.Admin);
        harness.Render<MudBlazor.MudPopoverProvider>();
        var away = new AwayFile(harness.Database);
        var page = harness.Show<AuditLogPage>(_ => { });
        page.WaitForAssertion(() => Assert.Contains("The store does not answer: the file is gone", page.Find(".mud-alert").TextContent, StringComparison.Ordinal), Deadline);
        Assert.Empty(page.FindAll("tbody tr, .empty-state"));

        away.Dispose();
        await page.FindAll("button").Single(button => button.TextContent.Trim() == "Refresh").ClickAsync(new());

        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("tbody tr")), Deadline);
        Assert.Empty(page.FindAll(".mud-alert"));
    }

    [Theory]
    [InlineData(ApiRole.Write, 0)]
    [InlineData(ApiRole.Admin, 1)]
    public async Task PageAndItsMenuEntry_AreForAdmins(ApiRole role, int entries)
    {
        await using var harness = await DevicesHarness.OpenAsync(role);
        harness.Render<MudBlazor.MudPopoverProvider>();
        Assert.Equal(entries, harness.Render<Menu>(menu => menu.Add(one => one.Account, harness.Account)).FindAll("a[href$='/audit']").Count);

        var page = harness.Show<AuditLogPage>(_ => { });

        if (entries == 0) Assert.Contains("for admins", page.Find(".empty-text").TextContent, StringComparison.Ordinal);
        else page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("tbody tr")), Deadline);
        Assert.Equal(entries == 0, page.FindAll("table").Count == 0);
    }

    [Fact]
    public void SeveralThings_AreCounted()
    {
        var record = new AuditRecord
        {
            Id = 1, At = DateTimeOffset.UnixEpoch, Actor = AuditActor.System, Action = AuditAction.Create, Kind = AuditKind.Credential, Count = 1000, Names = ["alice", "bob"],
        };
        Assert.Equal("1,000: alice, bob, …", AuditWords.SubjectOf(record));
        Assert.Equal("2: alice, bob", AuditWords.SubjectOf(record with { Count = 2 }));
        Assert.Equal("the server itself", AuditWords.WayOf(AuditActor.System));
    }
}
