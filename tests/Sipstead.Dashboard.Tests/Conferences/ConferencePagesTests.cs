using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Sipstead.Dashboard.Bxml;
using Sipstead.Dashboard.Conferences;
using Sipstead.Dashboard.Recordings;
using Sipstead.Dashboard.Tests.Calls;
using Sipstead.Dashboard.Tests.Recordings;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.Recordings;
using Sipstead.Voice.Conferences;

namespace Sipstead.Dashboard.Tests.Conferences;

/// <summary>What the pages about conferences show, and to whom. That they keep up with real ones is the browser's test.</summary>
public sealed class ConferencePagesTests
{
    private const string Markup = "\"><img src=x onerror=alert(1)><script>alert(2)</script>";

    private static readonly ConferenceState Some = new()
    {
        ConferenceId = "conf-1", AccountId = "9900000", Name = "stand-up", CreatedTime = RecordingsHarness.Start, EventUrl = new Uri("https://app.example/events"),
        Members =
        [
            new() { CallId = "c-1", From = "+12025550100", To = "sip:ada@a.example", JoinTime = RecordingsHarness.Start.AddSeconds(1) },
            new()
            {
                CallId = "c-2", From = "+12025550100", To = "sip:bea@a.example", JoinTime = RecordingsHarness.Start.AddSeconds(2), Mute = true, Hold = true, CallIdsToCoach = ["c-1"],
            },
        ],
    };

    [Fact]
    public async Task WithoutAConference_ThePageNamesTheVerbThatMakesOne()
    {
        await using var harness = await OpenAsync(ApiRole.Read);

        var page = harness.Render<ConferencesPage>();

        Assert.Equal("No conference is live.", page.Find(".empty-text").TextContent);
        Assert.Contains("<Conference>name</Conference>", page.Find(".empty-hint").TextContent, StringComparison.Ordinal);
        Assert.Contains("No conference has ended yet.", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConferenceThatTheAccountHasNot_IsNotThere()
    {
        await using var harness = await OpenAsync(ApiRole.Admin);

        var page = harness.Render<ConferenceDetailsPage>(p => p.Add(x => x.ConferenceId, "conf-of-others"));

        Assert.Equal("No such conference", page.Find("h1").TextContent);
    }

    [Theory]
    [InlineData(ApiRole.Admin, true)]
    [InlineData(ApiRole.Write, true)]
    [InlineData(ApiRole.Read, false)]
    public async Task LiveConference_ShowsItsMembers_AndWhatWritersMayDo(ApiRole role, bool mayAct)
    {
        await using var harness = await OpenAsync(role);

        var card = harness.Render<ConferenceCard>(p => p.Add(x => x.Conference, Some));

        Assert.Equal("2 members", card.Find("h2 .mud-chip").TextContent.Trim());
        Assert.Contains("Events go by POST https://app.example/events.", card.Markup, StringComparison.Ordinal);
        Assert.Equal("/accounts/9900000/conferences/conf-1", card.Find("h2 a").GetAttribute("href"));
        Assert.Equal(["+12025550100 → sip:ada@a.example", "2026-01-02 03:00:01", "speaks and hears"], RecordingsHarness.Cells(card).Take(3));
        Assert.Equal(["on hold", "muted", "coaches 1 call"], card.FindAll(".member-roles .mud-chip").Select(chip => chip.TextContent.Trim()));
        Assert.Equal("/accounts/9900000/calls/c-1", card.Find("tbody a").GetAttribute("href"));
        var buttons = card.FindAll("button").Select(button => button.TextContent.Trim());
        Assert.Equal(mayAct ? ["End conference", "Mute", "Hold", "Hang up", "Unmute", "Resume", "Hang up"] : [], buttons);
    }

    [Fact]
    public async Task ConferenceThatIsRecorded_SaysSo_AsLongAsItIs()
    {
        await using var harness = await OpenAsync(ApiRole.Read);
        var recording = harness.Some() with { Kind = RecordingKind.Conference, OwnerId = "conf-1", Status = RecordingStatus.Processing, EndTime = null };
        var card = harness.Render<ConferenceCard>(p => p.Add(x => x.Conference, Some));
        Assert.Empty(card.FindComponent<RecordingMark>().FindAll(".mud-chip"));

        await harness.AddAsync(recording);
        harness.Time.Advance(TimeSpan.FromSeconds(1));
        card.WaitForAssertion(() => Assert.Equal("recorded", card.FindComponent<RecordingMark>().Find(".mud-chip").TextContent.Trim()));

        await harness.ChangeAsync(recording with { Status = RecordingStatus.Complete, EndTime = RecordingsHarness.Start });
        harness.Time.Advance(TimeSpan.FromSeconds(1));
        card.WaitForAssertion(() => Assert.Empty(card.FindComponent<RecordingMark>().FindAll(".mud-chip")));
    }

    [Theory]
    [InlineData("Mute")]
    [InlineData("Hold")]
    [InlineData("Hang up")]
    public async Task MemberThatHasLeft_CannotBeChanged_AndThePersonIsTold(string action)
    {
        await using var harness = await OpenAsync(ApiRole.Write);
        var actions = harness.Render<MemberActions>(p => p.Add(x => x.ConferenceId, "conf-1").Add(x => x.Member, Some.Members[0]));

        actions.FindAll("button").Single(button => button.TextContent.Trim() == action).Click();

        var told = harness.Services.GetRequiredService<ISnackbar>().ShownSnackbars;
        actions.WaitForAssertion(() => Assert.Equal("The call has left the conference already.", Assert.Single(told).Message));
    }

    [Fact]
    public async Task CommandThatFails_LeavesTheButtonsUsable()
    {
        await using var harness = await OpenAsync(ApiRole.Write, services => services.AddSingleton(new ConferenceDirectory(null!, null!)));
        var actions = harness.Render<MemberActions>(p => p.Add(x => x.ConferenceId, "conf-1").Add(x => x.Member, Some.Members[0]));

        await Assert.ThrowsAsync<NullReferenceException>(() => actions.FindAll("button")[0].ClickAsync(new()));

        actions.Render();
        Assert.Empty(actions.FindAll("button[disabled]"));
    }

    [Fact]
    public async Task EndedConferences_AreListed_WithoutAnythingToDo()
    {
        await using var harness = await OpenAsync(ApiRole.Admin);
        var ended = Some with { CompletedTime = Some.CreatedTime.AddSeconds(75), Members = [] };

        var table = harness.Render<ConferenceTable>(p => p.Add(x => x.Conferences, [ended]));

        Assert.Equal(["stand-up", "2026-01-02 03:00:00", "2026-01-02 03:01:15", "1:15 min"], RecordingsHarness.Cells(table));
        Assert.Empty(harness.Render<EndConferenceButton>(p => p.Add(x => x.Conference, ended)).FindAll("button"));
        Assert.Contains("All have left.", harness.Render<ConferenceMembers>(p => p.Add(x => x.Conference, ended)).Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HostileText_IsShownAsText()
    {
        await using var harness = await OpenAsync(ApiRole.Admin);
        var hostile = Some with { Name = Markup, ConferenceId = Markup, Members = [Some.Members[0] with { From = Markup, To = Markup, CallId = Markup }] };

        var card = harness.Render<ConferenceCard>(p => p.Add(x => x.Conference, hostile));
        var table = harness.Render<ConferenceTable>(p => p.Add(x => x.Conferences, [hostile]));

        Assert.Equal(Markup, card.Find("h2 a").TextContent);
        Assert.Equal($"{Markup} → {Markup}", card.Find("tbody a").TextContent);
        Assert.Equal(Markup, table.Find("tbody a").TextContent);
        Assert.Empty(card.FindAll("img, script"));
        Assert.Empty(table.FindAll("img, script"));
    }

    private static Task<RecordingsHarness> OpenAsync(ApiRole role, Action<IServiceCollection>? replace = null)
    {
        var harness = RecordingsHarness.Create();
        harness.Services.AddScoped<BxmlDraft>().AddIdleEngine(harness.Time);
        replace?.Invoke(harness.Services);
        return harness.EnterAsync(role);
    }
}
