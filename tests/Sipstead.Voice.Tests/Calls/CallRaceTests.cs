using Sipstead.Testing;
using Sipstead.Voice.Bxml;
using Sipstead.Voice.Callbacks;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Calls;

/// <summary>Everything at once: whatever the order, a call ends once, tells it once and leaves nothing open.</summary>
public sealed class CallRaceTests : VoiceTest
{
    private const int Rounds = 40;

    [Fact]
    public async Task Outbound_AllAtOnce_EndsOnceAndLeavesNothingOpen()
    {
        Voice.AddUser("alice", null);
        ScriptedPhone[] phones = [Voice.NewPhone("alice"), Voice.NewPhone("alice")];
        foreach (var phone in phones) phone.Register();
        Voice.Catcher.AnswerBxml("/answer", "<Response><SpeakSentence>Hello</SpeakSentence></Response>");
        Voice.Catcher.AnswerBxml("/next", Waiting);
        for (var round = 0; round < Rounds; round++)
        {
            var call = Voice.Create();
            var invites = await Task.WhenAll(phones[0].ExpectAsync("INVITE"), phones[1].ExpectAsync("INVITE"));
            await AtOnceAsync(
                () => phones[0].Answer(invites[0], 200, body: ScriptedPhone.Sdp()), () => phones[1].Answer(invites[1], 200, body: ScriptedPhone.Sdp()),
                () => phones[0].Ring(invites[0]), () => _ = call.RedirectAsync(new CallRedirect(Voice.Target("/next"), null, "t")),
                () => _ = call.ReplaceBxmlAsync(new GivenBxml(new BxmlDocument([], null), default)), () => _ = call.CompleteAsync(), () => phones[0].SendInDialog(invites[0], "BYE"));
            await call.CompleteAsync();
            await VoiceHarness.EndOfAsync(call);
        }

        await ShouldBeOverAsync("outbound");
    }

    [Fact]
    public async Task Inbound_AllAtOnce_EndsOnceAndLeavesNothingOpen()
    {
        var alice = Voice.AddPhone();
        Voice.Catcher.AnswerBxml("/initiate", "<Response><SpeakSentence>Hello</SpeakSentence></Response>");
        for (var round = 0; round < Rounds; round++)
        {
            var placed = alice.Call($"sip:+12025550111@{Voice.Realm}");
            var call = await Voice.InboundAsync();
            await AtOnceAsync(
                placed.Cancel, () => _ = call.CompleteAsync(), () => _ = call.RedirectAsync(new CallRedirect(Voice.Target("/initiate"), null, null)),
                () => call.Mailbox.Post(() => { }));
            await call.CompleteAsync();
            await VoiceHarness.EndOfAsync(call);
        }

        await ShouldBeOverAsync("inbound");
    }

    private static Task AtOnceAsync(params Action[] actions)
    {
        Random.Shared.Shuffle(actions);
        return Task.WhenAll(actions.Select(action => Task.Run(action, Cancel)));
    }

    private async Task ShouldBeOverAsync(string direction)
    {
        await Voice.UntilNoMediaAsync();
        await Poll.UntilAsync(
            "all disconnects", () => Task.FromResult(Voice.Catcher.Requests.Count(request => request.EventType == "disconnect") >= Rounds), Cancel);
        var told = Voice.Catcher.Requests.Where(request => request.EventType == "disconnect").Select(request => request.CallId).ToList();
        Assert.Equal(Rounds, told.Count);
        Assert.Equal(Rounds, told.Distinct().Count());
        Assert.Equal(Rounds, Voice.Meters[$"sipstead.voice.calls.ended {direction}"]);
        Assert.Equal(0, Voice.Meters["sipstead.voice.calls.active"]);
        Assert.Empty(Voice.Registry.Live());
        await Poll.UntilAsync("no dialog", () =>
        {
            Voice.Advance(70); // what the phones never acknowledged
            return Task.FromResult(Voice.Sessions.DialogCount == 0);
        }, Cancel);
    }
}
