using Sipstead.Testing;
using Sipstead.Voice.Conferences;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Conferences;

/// <summary>How many calls a conference takes, how many conferences there may be, and how long they are kept.</summary>
public sealed class ConferenceLimitTests : ConferenceTest
{
    private protected override VoiceOptions Options => new() { MaxConferences = 3, MaxConferencesPerAccount = 2, MaxEndedConferences = 2 };

    [Fact]
    public async Task TwentyFirstCall_IsTurnedAway_UntilOneLeaves()
    {
        var alice = await JoinAsync("alice");
        var conference = Live();
        var others = new List<ConferenceMember>();
        for (var i = 1; i < Conference.MaxMembers; i++) others.Add(await EnterAsync(conference, i));
        var bob = await CallAsync("bob", "<Response><Conference>room</Conference></Response>");
        var end = await VoiceHarness.EndOfAsync(bob.Call);
        Assert.Equal(("application-error", "Conference room is full; it has 20 calls."), (end.DisconnectCause, end.ErrorMessage));
        Assert.Equal(1, Voice.Meters["sipstead.voice.conferences.refused members"]);
        conference.Leave(others[0]);
        await Poll.UntilAsync("a seat", () => Task.FromResult(conference.State.Members.Count == Conference.MaxMembers - 1), Cancel);
        await JoinAsync("carol");
        Assert.Equal(Conference.MaxMembers, conference.State.Members.Count);
        Assert.True(await conference.CompleteAsync());
        Assert.All(others, other => Assert.True(other.Released.IsCompleted));
        await VoiceHarness.EndOfAsync(alice.Call);
    }

    [Fact]
    public async Task ConferencesBeyondTheLimits_EndTheCallThatAsksForOne()
    {
        await JoinAsync("alice", name: "one");
        await JoinAsync("bob", name: "two");
        var carol = await CallAsync("carol", "<Response><Conference>three</Conference></Response>");
        var end = await VoiceHarness.EndOfAsync(carol.Call);
        Assert.Equal("application-error", end.DisconnectCause);
        Assert.Contains("MaxConferencesPerAccount", end.ErrorMessage);
        Assert.Equal(1, Voice.Meters["sipstead.voice.conferences.refused account"]);
        Assert.Equal(ConferenceAdmission.Admitted, Enter("7", "one"));
        Assert.Equal(ConferenceAdmission.ServerConferences, Enter("8", "one"));
        Assert.Equal(1, Voice.Meters["sipstead.voice.conferences.refused server"]);
        Assert.Equal(3, Conferences.Live().Count); // names are the account's own
        var dave = await JoinAsync("dave", name: "two");
        Assert.Equal(2, InWhich(dave)!.Members.Count);

        ConferenceAdmission Enter(string account, string name) => Conferences.TryEnter(account, name, () => Make(account, name), out _);
    }

    [Fact]
    public async Task NameOfACompletedConference_IsFree_AndOfCompletedOnesTheOldestAreForgotten()
    {
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            var guest = await JoinAsync($"user{i}");
            ids.Add(Live().Id);
            guest.HangUp();
            await UntilEmptyAsync();
        }

        Assert.Equal(3, ids.Distinct().Count());
        Assert.Equal([false, true, true], ids.Select(id => Conferences.TryFind("9900000", id, out _)));
        Voice.Time.Pass(TimeSpan.FromDays(7) + TimeSpan.FromSeconds(1));
        Assert.Equal([false, false, false], ids.Select(id => Conferences.TryFind("9900000", id, out _)));
        Assert.Equal(0, Conferences.Count);
    }

    private Conference Make(string account, string name)
    {
        var call = Voice.Create(Voice.Wish($"sip:nobody@{Voice.Realm}") with { AccountId = long.Parse(account, System.Globalization.CultureInfo.InvariantCulture) });
        return Conference.Begin(call.Services, call, new ConferenceWish { Name = name });
    }

    private async Task<ConferenceMember> EnterAsync(Conference conference, int number)
    {
        Assert.Equal(ConferenceAdmission.Admitted, Conferences.TryEnter(conference.State.AccountId, conference.State.Name, () => throw new InvalidOperationException(), out _));
        var member = new ConferenceMember(new ConferenceMemberState { CallId = $"c-{number}", From = "a", To = "b", JoinTime = Voice.Time.GetUtcNow() });
        Assert.Null(await conference.JoinAsync(member));
        return member;
    }
}
