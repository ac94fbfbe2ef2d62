using Sipstead.Testing;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Conferences;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Conferences;

/// <summary>Joining, leaving and ending at once: whatever the order, each conference begins once, ends once, and leaves nothing open.</summary>
public sealed class ConferenceRaceTests : ConferenceTest
{
    private const int Rounds = 200;

    private protected override VoiceOptions Options => new() { MaxEndedConferences = 100_000 };

    [Fact]
    public async Task JoinWhileTheLastLeaves_IsInTheOldOneOrInANewOne_NeverInNone()
    {
        var call = Voice.Create();
        var first = await EnterAsync(call, 0);
        for (var round = 1; round <= Rounds; round++)
        {
            var (leaving, entering) = (first, (Task<(Conference Conference, ConferenceMember Member)>?)null);
            await Task.WhenAll(
                Task.Run(() => leaving.Conference.Leave(leaving.Member), Cancel), Task.Run(() => entering = EnterAsync(call, round), Cancel));
            first = await entering!;
            await first.Conference.Mailbox.AskAsync(() => true);
            Assert.NotNull(first.Conference.State.Find($"c-{round}"));
            Assert.Null(first.Conference.State.CompletedTime);
            Assert.Equal(first.Conference, Assert.Single(await LiveAsync()));
        }

        first.Conference.Leave(first.Member);
        await ShouldBeOverAsync();
    }

    [Fact]
    public async Task CompleteWhileJoining_LetsEveryMemberGo()
    {
        var call = Voice.Create();
        for (var round = 0; round < Rounds; round++)
        {
            var (conference, first) = await EnterAsync(call, 0);
            var joining = Enumerable.Range(1, 3).Select(i => Task.Run(() => EnterAsync(call, i), Cancel)).ToArray();
            await conference.CompleteAsync();
            foreach (var (other, member) in await Task.WhenAll(joining))
            {
                if (other == conference) await member.Released.WaitAsync(Poll.DefaultDeadline, Cancel);
                else Assert.Null(other.State.CompletedTime);
                other.Leave(member);
            }

            conference.Leave(first);
            Assert.True(first.Released.IsCompleted);
            await UntilEmptyAsync();
        }

        await ShouldBeOverAsync();
    }

    [Fact]
    public async Task S_59_ConferenceStorm_CallsThatJoinLeaveAndEndAtOnce_LeaveNothing()
    {
        Voice.Catcher.AnswerBxml("/again", "<Response><Conference conferenceEventUrl=\"/conference\">room</Conference></Response>");
        var guests = new List<Guest>();
        for (var i = 0; i < 4; i++) guests.Add(await JoinAsync($"user{i}"));
        for (var round = 0; round < 20; round++)
        {
            var redirecting = guests.Select(guest => Task.Run(() => guest.Call.RedirectAsync(new(Voice.Target("/again"), null, null)), Cancel)).ToArray();
            foreach (var conference in Conferences.Live()) await conference.CompleteAsync();
            await Task.WhenAll(redirecting);
        }

        guests.ForEach(guest => guest.HangUp());
        foreach (var guest in guests) await VoiceHarness.EndOfAsync(guest.Call);
        await ShouldBeOverAsync();
        var events = await CompletedEventsAsync();
        foreach (var conference in events.GroupBy(one => one["conferenceId"]))
        {
            var types = conference.Select(one => one.EventType!).ToList();
            Assert.Equal(("conferenceCreated", "conferenceCompleted"), (types[0], types[^1]));
            Assert.Equal(types.Count(type => type == "conferenceMemberJoin"), types.Count(type => type == "conferenceMemberExit"));
            Assert.Equal(1, types.Count(type => type == "conferenceCompleted"));
        }
    }

    private async Task<(Conference Conference, ConferenceMember Member)> EnterAsync(Call call, int number)
    {
        Assert.Equal(ConferenceAdmission.Admitted, Conferences.TryEnter(
            "9900000", "room", () => Conference.Begin(call.Services, call, new ConferenceWish { Name = "room" }), out var conference));
        var member = new ConferenceMember(new ConferenceMemberState { CallId = $"c-{number}", From = "a", To = "b", JoinTime = Voice.Time.GetUtcNow() });
        Assert.Null(await conference.JoinAsync(member));
        return (conference, member);
    }

    /// <summary>The live conferences, once all have worked off what they were sent.</summary>
    private async Task<IReadOnlyList<Conference>> LiveAsync()
    {
        foreach (var conference in Conferences.Live()) await conference.Mailbox.AskAsync(() => true);
        return Conferences.Live();
    }

    private async Task<IReadOnlyList<Sipstead.Testing.Webhooks.CaughtRequest>> CompletedEventsAsync()
    {
        var made = Voice.Meters["sipstead.voice.conferences"];
        await Poll.UntilAsync(
            "all conferenceCompleted", () => Task.FromResult(Events().Count(one => one.EventType == "conferenceCompleted") == made), Cancel);
        return Events();
    }

    private async Task ShouldBeOverAsync()
    {
        await UntilEmptyAsync();
        await Poll.UntilAsync("no mixer", () => Task.FromResult(Voice.Media.OpenMixers == 0), Cancel);
        Assert.Equal(0, Voice.Meters["sipstead.voice.conferences.active"]);
        Assert.Equal(0, Voice.Meters["sipstead.voice.conferences.members"]);
    }
}
