using Sipstead.Testing;
using Sipstead.Testing.Sip;
using Sipstead.Testing.Webhooks;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Conferences;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Conferences;

/// <summary>Calls in conferences. Media's clock is beaten by hand, so that nothing depends on timing.</summary>
public abstract class ConferenceTest : VoiceTest
{
    private readonly List<TalkingParty> _parties = [];

    private protected ConferenceRegistry Conferences => Voice.Conferences;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _parties.ForEach(party => party.Dispose());
        GC.SuppressFinalize(this);
    }

    /// <summary>A phone that answers a call whose document joins a conference; waits until it has joined.</summary>
    private protected async Task<Guest> JoinAsync(string user, string attributes = "", string name = "room", string behind = "", int frequency = 0)
    {
        var guest = await CallAsync(user, $"<Response><Conference conferenceEventUrl=\"/conference\" {attributes}>{name}</Conference>{behind}</Response>", frequency);
        await Poll.UntilAsync($"{user} in {name}", () => Task.FromResult(InWhich(guest) is not null), Cancel);
        return guest;
    }

    /// <summary>A phone that answers a call which runs a document.</summary>
    private protected async Task<Guest> CallAsync(string user, string document, int frequency = 0)
    {
        var party = new TalkingParty { Frequency = frequency };
        _parties.Add(party);
        var phone = Voice.AddPhone(user);
        var (call, invite) = await Voice.EstablishAsync(phone, document, Voice.Wish($"sip:{user}@{Voice.Realm}"), party.Sdp);
        party.Aim(invite.Body);
        return new Guest(phone, call, invite, party);
    }

    private protected ConferenceState? InWhich(Guest guest) =>
        Conferences.Live().Select(conference => conference.State).FirstOrDefault(state => state.Find(guest.Call.Id) is not null);

    private protected Conference Live(string name = "room") => Conferences.Live().Single(conference => conference.State.Name == name);

    /// <summary>All talk for some frames; only what is heard in the second half counts.</summary>
    private protected void Talk(int frames = 100) => TalkingParty.Talk(Voice.Media, _parties, frames);

    /// <summary>Waits until the conference's application heard so many events, and returns them in order.</summary>
    private protected async Task<IReadOnlyList<CaughtRequest>> EventsAsync(int count, string path = "/conference")
    {
        await Poll.UntilAsync(
            $"{count} events, now {string.Join(", ", Events(path))}", () => Task.FromResult(Events(path).Count >= count), Cancel);
        return Events(path);
    }

    private protected IReadOnlyList<CaughtRequest> Events(string path = "/conference") => [.. Voice.Catcher.Requests.Where(request => request.Path == path)];

    private protected Task UntilEmptyAsync() => Poll.UntilAsync("no conference", () => Task.FromResult(Conferences.Live().Count == 0), Cancel);
}

/// <summary>A call in a conference, with its phone.</summary>
internal sealed record Guest(ScriptedPhone Phone, OutboundCall Call, MessageText Invite, TalkingParty Party)
{
    public void HangUp() => Phone.SendInDialog(Invite, "BYE");

    public bool Hears(int frequency) => Party.Hears(frequency);
}
