using Sipstead.Testing;
using Sipstead.Testing.Webhooks;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Conferences;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Conferences;

/// <summary>Where the events of a conference go, one at a time, and what an application that fails or lags changes (webhooks.md 1, 5).</summary>
public sealed class ConferenceEventTests : ConferenceTest
{
    [Fact]
    public async Task FirstMember_DecidesUrlCredentialsAndTag_ForItsLife()
    {
        const string First = "<Response><Conference conferenceEventUrl=\"/first\" conferenceEventMethod=\"GET\" username=\"u\" password=\"p\" tag=\"a b\">room</Conference></Response>";
        const string Second = "<Response><Conference conferenceEventUrl=\"/second\" tag=\"other\">room</Conference></Response>";
        var alice = await CallAsync("alice", First);
        await EventsAsync(2, "/first");
        var bob = await CallAsync("bob", Second);
        await EventsAsync(3, "/first");
        alice.HangUp();
        await EventsAsync(4, "/first");
        bob.HangUp();
        var events = await EventsAsync(6, "/first");
        Assert.All(events, one => Assert.Equal(("GET", "u:p", "a b"), (one.Method, one.Basic, one["tag"])));
        Assert.Empty(Events("/second"));
        Assert.Null((await Voice.ExpectAsync("disconnect"))["conferenceId"]);
    }

    [Fact]
    public async Task Next_IsSentWhenTheOneBeforeIsAnswered_AndNoCallWaitsForIt()
    {
        var released = new TaskCompletionSource();
        Voice.Catcher.AnswerInTurn("/conference", CatcherAnswer.NoContent.After(released.Task), CatcherAnswer.NoContent);
        var alice = await JoinAsync("alice");
        var bob = await JoinAsync("bob");
        bob.HangUp();
        await Poll.UntilAsync("bob to have left", () => Task.FromResult(InWhich(bob) is null), Cancel);
        Assert.NotNull(InWhich(alice));
        Assert.Equal("conferenceCreated", Assert.Single(Events()).EventType);
        released.SetResult();
        Assert.Equal(
            ["conferenceCreated", "conferenceMemberJoin", "conferenceMemberJoin", "conferenceMemberExit"], (await EventsAsync(4)).Select(one => one.EventType));
    }

    [Fact]
    public async Task Failure_GoesToTheFallback_AndWithoutOneChangesNothing()
    {
        Voice.Catcher.Answer("/bad", CatcherAnswer.Of(503));
        var alice = await CallAsync(
            "alice",
            "<Response><Conference conferenceEventUrl=\"/bad\" conferenceEventFallbackUrl=\"/good\" conferenceEventFallbackMethod=\"GET\" "
            + "fallbackUsername=\"f\" fallbackPassword=\"q\">room</Conference></Response>");
        var events = await EventsAsync(2, "/good");
        Assert.All(events, one => Assert.Equal(("GET", "f:q"), (one.Method, one.Basic)));
        var bob = await CallAsync("bob", "<Response><Conference conferenceEventUrl=\"/bad\">other</Conference></Response>");
        await Poll.UntilAsync("bob in the other", () => Task.FromResult(InWhich(bob)?.Name == "other"), Cancel);
        bob.HangUp();
        await EventsAsync(6, "/bad");
        Assert.NotNull(InWhich(alice));
        Assert.Equal(CallPhase.Answered, alice.Call.State.Phase);
    }

    [Fact]
    public async Task EventsBeyondTheBound_AreLeftOut_NotTheEnd()
    {
        var released = new TaskCompletionSource();
        Voice.Catcher.AnswerInTurn("/conference", CatcherAnswer.NoContent.After(released.Task), CatcherAnswer.NoContent);
        await JoinAsync("alice");
        var conference = Live();
        for (var i = 0; i < ConferenceWebhooks.MaxWaiting / 2 + 10; i++)
        {
            var member = new ConferenceMember(new ConferenceMemberState { CallId = $"c-{i}", From = "a", To = "b", JoinTime = Voice.Time.GetUtcNow() });
            Conferences.TryEnter(conference.State.AccountId, "room", () => conference, out _);
            Assert.Null(await conference.JoinAsync(member));
            conference.Leave(member);
        }

        await Poll.UntilAsync("drops", () => Task.FromResult(Voice.Meters["sipstead.voice.conferences.events.dropped"] > 0), Cancel);
        Assert.True(await conference.CompleteAsync());
        released.SetResult();
        var events = await EventsAsync(ConferenceWebhooks.MaxWaiting + 1);
        Assert.Equal((ConferenceWebhooks.MaxWaiting + 1, "conferenceCompleted"), (events.Count, events[^1].EventType));
    }

    [Fact]
    public async Task Directory_TellsStatesInOrder_AndWhatWasSaid()
    {
        var states = new List<ConferenceState>();
        Voice.ConferenceDirectory.Changed += _ => throw new InvalidOperationException("whoever looks on");
        Voice.ConferenceDirectory.Changed += state =>
        {
            lock (states) states.Add(state);
        };
        var alice = await JoinAsync("alice");
        await ChangeAsync(alice);
        Assert.Equal((1, 0), (Voice.ConferenceDirectory.CountLive(VoiceHarness.Account), Voice.ConferenceDirectory.CountLive(VoiceHarness.OtherAccount)));
        alice.HangUp();
        await EventsAsync(4);
        Assert.Equal(0, Voice.ConferenceDirectory.CountLive(VoiceHarness.Account));
        lock (states)
        {
            Assert.Equal([0, 1, 1, 0, 0], states.Select(state => state.Members.Count));
            Assert.True(states[2].Members[0].Mute);
            Assert.Equal([true, true, true, true, false], states.Select(state => state.CompletedTime is null));
        }

        var last = states[^1];
        Assert.Equal(last, Assert.Single(Voice.ConferenceDirectory.List(VoiceHarness.Account).Conferences));
        Assert.Empty(Voice.ConferenceDirectory.List(VoiceHarness.Account, isLive: true).Conferences);
        Assert.Empty(Voice.ConferenceDirectory.List(VoiceHarness.OtherAccount).Conferences);
        await Poll.UntilAsync(
            "exchanges", () => Task.FromResult(Voice.ConferenceDirectory.Find(VoiceHarness.Account, last.ConferenceId)!.Exchanges.Count == 4), Cancel);
        Assert.Null(Voice.ConferenceDirectory.Find(VoiceHarness.OtherAccount, last.ConferenceId));
        Assert.False(await Voice.ConferenceDirectory.CompleteAsync(VoiceHarness.Account, last.ConferenceId));
    }

    private async Task ChangeAsync(Guest guest)
    {
        var id = Live().Id;
        Assert.False(await Voice.ConferenceDirectory.ChangeMemberAsync(VoiceHarness.OtherAccount, id, guest.Call.Id, mute: true));
        Assert.True(await Voice.ConferenceDirectory.ChangeMemberAsync(VoiceHarness.Account, id, guest.Call.Id, mute: true));
    }
}
