using Sipstead.Testing;
using Sipstead.Voice.Bxml;
using Sipstead.Voice.Callbacks;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Conferences;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Conferences;

/// <summary>Phones in a conference: who hears whom, and how calls come and go (bxml.md 7.4).</summary>
public sealed class ConferenceCallTests : ConferenceTest
{
    [Fact]
    public async Task Two_HearEachOther_AndEventsComeInOrder()
    {
        var alice = await JoinAsync("alice", "tag=\"t7\"", frequency: 440);
        var bob = await JoinAsync("bob", "tag=\"ignored\"", frequency: 1000);
        var id = Live().Id;
        Assert.Matches("^conf-[0-9a-f]{8}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", id);

        Talk();

        Assert.Equal((false, true), (alice.Hears(440), alice.Hears(1000)));
        Assert.Equal((true, false), (bob.Hears(440), bob.Hears(1000)));
        bob.HangUp();
        await VoiceHarness.EndOfAsync(bob.Call);
        await EventsAsync(4);
        alice.HangUp();
        var events = await EventsAsync(6);
        Assert.Equal(
            ["conferenceCreated", "conferenceMemberJoin", "conferenceMemberJoin", "conferenceMemberExit", "conferenceMemberExit", "conferenceCompleted"],
            events.Select(one => one.EventType));
        Assert.Equal([null, alice.Call.Id, bob.Call.Id, bob.Call.Id, alice.Call.Id, null], events.Select(one => one.CallId));
        Assert.All(events, one => Assert.Equal((id, "room", "t7"), (one["conferenceId"], one["name"], one["tag"])));
        Assert.Equal(["eventType", "eventTime", "conferenceId", "name", "tag"], events[0].Json.EnumerateObject().Select(property => property.Name));
        Assert.Equal(
            ["eventType", "eventTime", "conferenceId", "name", "tag", "callId", "from", "to"],
            events[1].Json.EnumerateObject().Select(property => property.Name));
        Assert.Equal((VoiceHarness.From, $"sip:alice@{Voice.Realm}"), (events[1]["from"], events[1]["to"]));
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task MuteHoldAndCoach_OfTheVerb_AndAsTheApiChangesThem()
    {
        var coach = await JoinAsync("coach", "callIdsToCoach=\"none yet, c-00000000\"", frequency: 1500);
        var agent = await JoinAsync("agent", frequency: 440);
        var customer = await JoinAsync("customer", "mute=\"True\"", frequency: 1000);
        var held = await JoinAsync("held", "hold=\"true\"", frequency: 2100);
        Talk();
        ShouldHear(coach, 440);
        ShouldHear(agent);
        ShouldHear(customer, 440);
        ShouldHear(held);

        await ChangeAsync(coach, new MemberChange(null, null, [agent.Call.Id]));
        await ChangeAsync(customer, new MemberChange(false, null, null));
        Talk();
        ShouldHear(coach, 440, 1000);
        ShouldHear(agent, 1000, 1500);
        ShouldHear(customer, 440);

        await ChangeAsync(coach, new MemberChange(null, null, []));
        await ChangeAsync(held, new MemberChange(true, false, null));
        await ChangeAsync(agent, new MemberChange(null, true, null));
        Talk();
        ShouldHear(coach, 1000);
        ShouldHear(agent);
        ShouldHear(customer, 1500);
        ShouldHear(held, 1000, 1500);
        Assert.Equal(MemberChanged.NotFound, await Live().ChangeAsync("c-0", new MemberChange(true, null, null)));
    }

    [Fact]
    public async Task CoachedThatJoinsLater_HearsItsCoach_AndASecondCoachCannotJoin()
    {
        var agent = await JoinAsync("agent", name: "other", frequency: 440);
        await JoinAsync("coach", $"callIdsToCoach=\"{agent.Call.Id}\"", frequency: 1500);
        Voice.Catcher.AnswerBxml("/again", "<Response><Conference>room</Conference></Response>");
        Assert.True(await agent.Call.RedirectAsync(new CallRedirect(Voice.Target("/again"), null, null)));
        await Poll.UntilAsync("the agent in the room", () => Task.FromResult(InWhich(agent)?.Name == "room"), Cancel);
        Talk();
        ShouldHear(agent, 1500);

        var second = await CallAsync("second", "<Response><Conference callIdsToCoach=\"c-1\">room</Conference></Response>");
        var end = await VoiceHarness.EndOfAsync(second.Call);
        Assert.Equal(("application-error", "Conference room has a coach already; there can be one at a time."), (end.DisconnectCause, end.ErrorMessage));
        Assert.Equal(MemberChanged.HasCoach, await Live().ChangeAsync(agent.Call.Id, new MemberChange(null, null, ["c-1"])));
        Assert.Equal(2, Live().State.Members.Count);
    }

    [Fact]
    public async Task Completed_MembersGoOnWithTheVerbBehind()
    {
        Voice.Catcher.AnswerBxml("/after", Waiting);
        var alice = await JoinAsync("alice", behind: "<Redirect redirectUrl=\"/after\"/>");
        var bob = await JoinAsync("bob");
        var conference = Live();

        Assert.True(await conference.CompleteAsync());

        Assert.False(await conference.CompleteAsync());
        Assert.Equal(alice.Call.Id, (await Voice.ExpectAsync("redirect")).CallId);
        Assert.Equal("hangup", (await VoiceHarness.EndOfAsync(bob.Call)).DisconnectCause);
        var events = await EventsAsync(6);
        Assert.Equal("conferenceCompleted", events[^1].EventType);
        Assert.Equal(2, events.Count(one => one.EventType == "conferenceMemberExit"));
        Assert.Empty(Conferences.Live());
        Assert.NotNull(conference.State.CompletedTime);
        Assert.Empty(conference.State.Members);
    }

    [Fact]
    public async Task Redirected_AMemberLeaves_AndHearsItNoMore()
    {
        var alice = await JoinAsync("alice", frequency: 440);
        var bob = await JoinAsync("bob", frequency: 1000);
        Voice.Catcher.AnswerBxml("/away", Waiting);

        Assert.True(await bob.Call.RedirectAsync(new CallRedirect(Voice.Target("/away"), null, null)));

        await Poll.UntilAsync("bob to have left", () => Task.FromResult(InWhich(bob) is null), Cancel);
        Talk();
        ShouldHear(alice);
        ShouldHear(bob);
        Assert.Equal(bob.Call.Id, (await EventsAsync(4))[^1].CallId);
        Assert.True(await alice.Call.ReplaceBxmlAsync(new GivenBxml(new BxmlDocument([], null), default)));
        await UntilEmptyAsync();
        Assert.Equal("conferenceCompleted", (await EventsAsync(6))[^1].EventType);
    }

    [Fact]
    public async Task Inbound_IsAnswered()
    {
        Voice.Catcher.AnswerBxml("/initiate", "<Response><Conference name=\"a.b-c_1\"/></Response>");
        var placed = Voice.AddPhone().Call($"sip:+12025550111@{Voice.Realm}");
        await placed.ConfirmAsync();
        var call = await Voice.InboundAsync();
        var state = await Poll.ForAsync("the call in the conference", () => Task.FromResult(
            Conferences.Live().Select(conference => conference.State).FirstOrDefault(one => one.Find(call.Id) is not null)), Cancel);
        Assert.Equal(("a.b-c_1", $"sip:alice@{Voice.Realm}"), (state.Name, state.Members[0].From));
        Assert.DoesNotContain(Voice.Catcher.Requests, request => request.EventType!.StartsWith("conference", StringComparison.Ordinal)); // there is no URL
    }

    [Fact]
    public async Task AfterADay_ItEnds()
    {
        var alice = await JoinAsync("alice", behind: "<Pause duration=\"86400\"/>");
        Voice.Time.Pass(TimeSpan.FromHours(24) - TimeSpan.FromMinutes(1));
        await VoiceHarness.SettleAsync(alice.Call);
        Assert.Single(Conferences.Live());
        Voice.Time.Pass(TimeSpan.FromMinutes(1));
        await UntilEmptyAsync();
        Assert.Equal(CallPhase.Answered, alice.Call.State.Phase);
    }

    [Fact]
    public async Task ServerThatStops_EndsConferences_AndTheApplicationHearsOfIt()
    {
        await JoinAsync("alice");
        await JoinAsync("bob", behind: "<Redirect redirectUrl=\"/never\"/>");
        await Voice.Service.StopAsync(TimeSpan.FromSeconds(20), TimeProvider.System);
        var events = Events();
        Assert.Equal("conferenceCompleted", events[^1].EventType);
        Assert.Equal(2, events.Count(one => one.EventType == "conferenceMemberExit"));
        Assert.DoesNotContain(Voice.Catcher.Requests, request => request.Path == "/never");
        await NothingIsLeftAsync();
    }

    private static readonly int[] Tones = [440, 1000, 1500, 2100];

    private static void ShouldHear(Guest guest, params int[] tones) => Assert.Equal(tones, Tones.Where(guest.Hears));

    private async Task ChangeAsync(Guest guest, MemberChange change) => Assert.Equal(MemberChanged.Done, await Live().ChangeAsync(guest.Call.Id, change));

    private async Task NothingIsLeftAsync()
    {
        await UntilEmptyAsync();
        await Voice.UntilNoMediaAsync();
        Assert.Equal(0, Voice.Media.OpenMixers);
        Assert.Equal(0, Voice.Meters["sipstead.voice.conferences.active"]);
        Assert.Equal(0, Voice.Meters["sipstead.voice.conferences.members"]);
    }
}
