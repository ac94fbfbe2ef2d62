using AngleSharp.Dom;
using Bunit;
using MudBlazor;
using Sipstead.Dashboard.Recordings;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.Recordings;
using Sipstead.Testing;

namespace Sipstead.Dashboard.Tests.Recordings;

/// <summary>What the pages about recordings show, to whom, and how they keep up.</summary>
public sealed class RecordingsPageTests
{
    private const string Markup = "\"><img src=x onerror=alert(1)><script>alert(2)</script>";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WithoutARecording_ThePageNamesTheVerbsThatMakeOne()
    {
        await using var harness = await RecordingsHarness.OpenAsync(ApiRole.Read);

        var page = harness.Render<RecordingsPage>();

        page.WaitForAssertion(() => Assert.Equal("No recording yet.", page.Find(".empty-text").TextContent));
        Assert.Contains("<StartRecording/>", page.Find(".empty-hint").TextContent, StringComparison.Ordinal);
        Assert.Contains("0 B of 1.0 MB used", page.Find(".recording-room").TextContent, StringComparison.Ordinal);
        Assert.Contains("kept for 30 days", page.Find(".lead").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_HasTheAccountsRecordings_TheNewestFirst()
    {
        await using var harness = await RecordingsHarness.OpenAsync(ApiRole.Read);
        await harness.AddAsync(harness.Some(1), 102_400);
        await harness.AddAsync(harness.Some(2) with
        {
            Kind = RecordingKind.Conference, OwnerId = "conf-1", From = "", To = "support", Channels = 1, Status = RecordingStatus.Processing, EndTime = null,
        });
        await harness.AddAsync(harness.Some(3) with { Channels = 2, Status = RecordingStatus.Error, TranscriptionStatus = TranscriptionStatus.Timeout });

        var page = harness.Render<RecordingsPage>();

        page.WaitForAssertion(() => Assert.Equal(30, page.FindAll("tbody td").Count));
        Assert.Equal(
            [
                "2026-01-02 03:30:00", "Call", "+12025550100", "sip:alice@a.example", "12.5 s", "–", "WAV, 2 channels", "error", "took too long", "",
                "2026-01-02 03:20:00", "Conference", "–", "support", "–", "–", "WAV, 1 channel", "recording", "–", "",
                "2026-01-02 03:10:00", "Call", "+12025550100", "sip:alice@a.example", "12.5 s", "102 kB", "WAV, 1 channel", "complete", "–", "",
            ],
            RecordingsHarness.Cells(page));
        Assert.Equal(
            ["/accounts/9900000/calls/c-1", "/accounts/9900000/conferences/conf-1", "/accounts/9900000/calls/c-1"],
            page.FindAll("td[data-label=Of] a").Select(link => link.GetAttribute("href")));
        Assert.Contains("102 kB of 1.0 MB used", page.Find(".recording-room").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnotherAccountsRecordings_AreNotThere()
    {
        await using var harness = await RecordingsHarness.OpenAsync();
        await harness.AddAccountAsync(2);
        var page = harness.Render<RecordingsPage>();
        var ofCall = harness.Render<OwnerRecordings>(p => p.Add(x => x.Kind, RecordingKind.Call).Add(x => x.OwnerId, "c-1"));

        await harness.AddAsync(harness.Some() with { AccountId = 2 });
        harness.Time.Advance(TimeSpan.FromSeconds(2));

        page.WaitForAssertion(() => Assert.Equal("No recording yet.", page.Find(".empty-text").TextContent));
        Assert.Contains("0 B of 1.0 MB used", page.Find(".recording-room").TextContent, StringComparison.Ordinal);
        Assert.Empty(ofCall.FindAll("tbody tr"));
        Assert.Null(await harness.Directory.FindAsync(harness.Account.Id, "r-001", Cancel));
    }

    [Theory]
    [InlineData(ApiRole.Admin, true)]
    [InlineData(ApiRole.Write, true)]
    [InlineData(ApiRole.Read, false)]
    public async Task Everybody_PlaysAndDownloads_OnlyWritersDelete(ApiRole role, bool mayDelete)
    {
        await using var harness = await RecordingsHarness.OpenAsync(role);
        await harness.AddAsync(harness.Some());
        var page = harness.Render<RecordingsPage>();
        page.WaitForAssertion(() => page.Find("tbody tr"));

        page.Find("[aria-label='Play recording r-001']").Click();

        var audio = page.Find("audio");
        Assert.Equal("/accounts/9900000/recordings/r-001/media", audio.GetAttribute("src"));
        Assert.True(audio.HasAttribute("controls"));
        Assert.Equal(audio.GetAttribute("src"), page.Find("[aria-label='Download recording r-001']").GetAttribute("href"));
        Assert.Equal(mayDelete, page.FindAll("[aria-label='Delete recording r-001']").Count > 0);
    }

    [Fact]
    public async Task RunningRecording_CannotBePlayedNorDeleted()
    {
        await using var harness = await RecordingsHarness.OpenAsync();
        await harness.AddAsync(harness.Some() with { Status = RecordingStatus.Processing, EndTime = null });

        var page = harness.Render<RecordingsPage>();

        page.WaitForAssertion(() => page.Find("tbody tr"));
        Assert.Empty(page.FindAll("tbody button, tbody td:last-child a"));
    }

    [Fact]
    public async Task Delete_IsAskedFor_AndRemovesTheRecordingWithItsRoom()
    {
        await using var harness = await RecordingsHarness.OpenAsync();
        await harness.AddAsync(harness.Some());
        var dialogs = harness.Render<MudDialogProvider>();
        var page = harness.Render<RecordingsPage>();
        page.WaitForAssertion(() => page.Find("tbody tr"));

        page.Find("[aria-label='Delete recording r-001']").Click();
        dialogs.WaitForAssertion(() => Confirm(dialogs));
        Assert.NotNull(await harness.Directory.FindAsync(harness.Account.Id, "r-001", Cancel));
        Confirm(dialogs).Click();

        dialogs.WaitForAssertion(() => Assert.Empty(dialogs.FindAll("[role=dialog]")));
        Assert.Null(await harness.Directory.FindAsync(harness.Account.Id, "r-001", Cancel));
        harness.Time.Advance(TimeSpan.FromSeconds(1));
        page.WaitForAssertion(() => Assert.Equal("No recording yet.", page.Find(".empty-text").TextContent));
        page.WaitForAssertion(() => Assert.Contains("0 B of 1.0 MB used", page.Find(".recording-room").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task NewRecording_ShowsByItself_WhileAPlayerGoesOn()
    {
        await using var harness = await RecordingsHarness.OpenAsync();
        var first = await harness.AddAsync(harness.Some(1));
        var page = harness.Render<RecordingsPage>();
        page.WaitForAssertion(() => page.Find("tbody tr"));
        page.Find("[aria-label='Play recording r-001']").Click();
        var player = page.FindComponent<RecordingPlayer>().Instance;

        await harness.AddAsync(harness.Some(2));
        await harness.ChangeAsync(first with { TranscriptionId = "t-1", TranscriptionStatus = TranscriptionStatus.Processing });
        harness.Time.Advance(TimeSpan.FromSeconds(1));

        page.WaitForAssertion(() => Assert.Equal(3, page.FindAll("tbody tr").Count));
        Assert.Contains("Transcription: under way.", page.Find(".transcript").TextContent, StringComparison.Ordinal);
        Assert.Same(player, page.FindComponent<RecordingPlayer>().Instance);
    }

    [Fact]
    public async Task Transcription_IsShownByChannel_AsText()
    {
        await using var harness = await RecordingsHarness.OpenAsync(ApiRole.Read);
        var recording = await harness.AddAsync(harness.Some() with { Channels = 2 });
        await harness.TranscribeAsync(
            recording,
            """{"transcripts":[],"clips":[{"speaker":0,"text":"Hello <script>","startTimeSeconds":0.4},{"speaker":1,"text":"Good day","startTimeSeconds":61}]}""");
        var page = harness.Render<RecordingsPage>();
        page.WaitForAssertion(() => page.Find("tbody tr"));

        page.Find("[aria-label='Play recording r-001']").Click();

        page.WaitForAssertion(() => Assert.Equal(["Hello <script>", "Good day"], page.FindAll(".transcript dd").Select(line => line.TextContent)));
        Assert.Equal(["0:00 party", "1:01 other side"], page.FindAll(".transcript dt").Select(line => line.TextContent));
        Assert.Empty(page.FindAll("script"));
    }

    [Fact]
    public async Task Filter_FindsByPartyAndDay()
    {
        await using var harness = await RecordingsHarness.OpenAsync(ApiRole.Read);
        await harness.AddAsync(harness.Some(1) with { From = "+12025550177" });
        await harness.AddAsync(harness.Some(2) with { To = "sip:bob@a.example" });
        await harness.AddAsync(harness.Some(3) with { StartTime = RecordingsHarness.Start.AddDays(2) });
        var page = harness.Render<RecordingsPage>();
        page.WaitForAssertion(() => Assert.Equal(3, page.FindAll("tbody tr").Count));

        Input(page, "From or to contains").Input("bob@");
        harness.Time.Advance(TimeSpan.FromSeconds(1));
        page.WaitForAssertion(() => Assert.Contains("sip:bob@a.example", Assert.Single(page.FindAll("tbody tr")).TextContent, StringComparison.Ordinal));

        Input(page, "From or to contains").Input("");
        harness.Time.Advance(TimeSpan.FromSeconds(1));
        page.WaitForAssertion(() => Assert.Equal(3, page.FindAll("tbody tr").Count));
        Input(page, "First day").Change("2026-01-03");
        page.WaitForAssertion(() => Assert.Contains("2026-01-04 03:00:00", Assert.Single(page.FindAll("tbody tr")).TextContent, StringComparison.Ordinal));

        Input(page, "Last day").Change("2026-01-03");
        page.WaitForAssertion(() => Assert.Equal("No recording fits.", page.Find(".empty-text").TextContent));
    }

    [Fact]
    public async Task ManyRecordings_HavePages()
    {
        await using var harness = await RecordingsHarness.OpenAsync(ApiRole.Read);
        for (var i = 1; i <= 26; i++) await harness.AddAsync(harness.Some(i) with { Status = RecordingStatus.Error });
        var page = harness.Render<RecordingsPage>();
        page.WaitForAssertion(() => Assert.Equal(25, page.FindAll("tbody tr").Count));

        Button(page, "Older").Click();

        page.WaitForAssertion(() => Assert.Contains("2026-01-02 03:10:00", Assert.Single(page.FindAll("tbody tr")).TextContent, StringComparison.Ordinal));
        Assert.True(Button(page, "Older").HasAttribute("disabled"));
        Button(page, "Newer").Click();
        page.WaitForAssertion(() => Assert.Equal(25, page.FindAll("tbody tr").Count));
    }

    [Fact]
    public async Task RoomThatIsAlmostUsed_IsToldWithWhatToDo()
    {
        await using var harness = await RecordingsHarness.OpenAsync(ApiRole.Read);
        await harness.AddAsync(harness.Some(), 950_000);

        var page = harness.Render<RecordingsPage>();

        page.WaitForAssertion(() => Assert.Contains("Delete old ones", page.Find(".recording-room .mud-alert").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task RecordingsThatAreAlmostTooMany_AreToldWithWhatToDo()
    {
        await using var harness = await RecordingsHarness.OpenAsync(ApiRole.Read);
        for (var i = 1; i <= 27; i++) await harness.AddAsync(harness.Some(i) with { Status = RecordingStatus.Error });

        var page = harness.Render<RecordingsPage>();

        page.WaitForAssertion(() => Assert.Contains("27 of 30 recordings", page.Find(".recording-room .mud-alert").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task CallsRecordings_ComeByThemselves()
    {
        await using var harness = await RecordingsHarness.OpenAsync(ApiRole.Read);
        var section = harness.Render<OwnerRecordings>(p => p.Add(x => x.Kind, RecordingKind.Call).Add(x => x.OwnerId, "c-1"));
        section.WaitForAssertion(() => Assert.Contains("The BXML verb StartRecording", section.Markup, StringComparison.Ordinal));

        await harness.AddAsync(harness.Some(1));
        await harness.AddAsync(harness.Some(2) with { OwnerId = "c-2" });
        harness.Time.Advance(TimeSpan.FromSeconds(1));

        section.WaitForAssertion(() => Assert.Contains("03:10:00", Assert.Single(section.FindAll("tbody tr")).TextContent, StringComparison.Ordinal));
        Assert.Empty(section.FindAll("td[data-label=Of]"));
    }

    [Fact]
    public async Task StoreThatIsAway_IsTold_UntilItIsBack()
    {
        await using var harness = await RecordingsHarness.OpenAsync(ApiRole.Read);
        await harness.AddAsync(harness.Some());
        var away = new AwayFile(harness.Database);
        var page = harness.Render<RecordingsPage>();
        page.WaitForAssertion(() => Assert.Contains("The store does not answer: the file is gone", page.Find(".mud-alert").TextContent, StringComparison.Ordinal));
        Assert.Empty(page.FindAll("tbody tr, .empty-state"));

        away.Dispose();
        Input(page, "Last day").Change("2026-01-03");

        page.WaitForAssertion(() => Assert.Single(page.FindAll("tbody tr")));
        Assert.Empty(page.FindAll(".mud-alert"));
    }

    [Fact]
    public async Task HostileText_IsShownAsText()
    {
        await using var harness = await RecordingsHarness.OpenAsync();
        await harness.AddAsync(harness.Some() with { From = Markup, To = Markup, OwnerId = Markup });

        var page = harness.Render<RecordingsPage>();

        page.WaitForAssertion(() => Assert.Equal(Markup, page.Find("td[data-label=From]").TextContent));
        Assert.Empty(page.FindAll("img, script"));
        Assert.StartsWith("/accounts/9900000/calls/%22%3E%3Cimg", page.Find("td[data-label=Of] a").GetAttribute("href"), StringComparison.Ordinal);
    }

    private static IElement Confirm(IRenderedComponent<MudDialogProvider> dialogs) =>
        dialogs.FindAll("button").Single(button => button.TextContent.Trim() == "Delete recording");

    private static IElement Button(IRenderedComponent<RecordingsPage> page, string text) => page.FindAll("button").Single(button => button.TextContent.Trim() == text);

    private static IElement Input(IRenderedComponent<RecordingsPage> page, string label) =>
        page.Find("#" + page.FindAll("label").Single(one => one.TextContent.Trim() == label).GetAttribute("for"));
}
