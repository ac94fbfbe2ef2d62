using Sipstead.Testing;
using Sipstead.Voice.Callbacks;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Connecting;

/// <summary>Everything at once while calls are connected: whatever the order, each call ends once, tells it once and leaves nothing open.</summary>
public sealed class ConnectingRaceTests : ConnectingTest
{
    private const int Rounds = 200;

    [Fact]
    public async Task Transfers_AllAtOnce_EndAndLeaveNothingOpen()
    {
        var carol = Voice.AddPhone("carol");
        Voice.Catcher.AnswerBxml("/screen", "<Response><Tag>x</Tag></Response>");
        Voice.Catcher.AnswerBxml("/next", Waiting);
        var transfer = $"<Transfer><SipUri transferDisconnectUrl=\"/left\" transferAnswerUrl=\"/screen\">{BobUri}</SipUri>"
            + $"<SipUri transferDisconnectUrl=\"/left\">{UriOf("carol")}</SipUri></Transfer>";
        for (var round = 0; round < Rounds; round++)
        {
            var placed = CallWith(transfer);
            var call = await Voice.InboundAsync();
            var (bob, invite) = (await Bob.ExpectAsync("INVITE"), await carol.ExpectAsync("INVITE"));
            var legs = Voice.Registry.Live().Where(live => live.State.Transfer?.ParentCallId == call.Id).ToList();
            await AtOnceAsync(Some(
                () => Bob.Answer(bob, 200, body: ScriptedPhone.Sdp()), () => carol.Answer(invite, 200, body: ScriptedPhone.Sdp()), () => Bob.Ring(bob),
                () => carol.Answer(invite, 486), placed.Cancel, () => Bob.SendInDialog(bob, "BYE"),
                () => Redirect(call), () => Redirect(legs[0]), () => _ = legs[^1].CompleteAsync(), () => _ = call.CompleteAsync()));
            foreach (var live in Voice.Registry.Live()) await live.CompleteAsync();
            await Poll.UntilAsync("no call", () => Task.FromResult(Voice.Registry.Live().Count == 0), Cancel);
        }

        await ShouldBeOverAsync();
        await Poll.UntilAsync(
            "all ends", () => Task.FromResult(Voice.Catcher.Requests.Count(request => request.EventType == "transferDisconnect") >= 2 * Rounds), Cancel);
        var ends = Voice.Catcher.Requests.Where(request => request.EventType is "transferDisconnect" or "disconnect").Select(request => request.CallId).ToList();
        Assert.Equal((3 * Rounds, 3 * Rounds), (ends.Count, ends.Distinct().Count()));
        await Poll.UntilAsync("no dialog", () =>
        {
            Voice.Advance(70);
            return Task.FromResult(Voice.Sessions.DialogCount == 0);
        }, Cancel);
    }

    [Fact]
    public async Task Bridges_AllAtOnce_EndAndLeaveNothingOpen()
    {
        Voice.Catcher.AnswerBxml("/next", Waiting);
        Voice.Catcher.AnswerBxml("/target", Waiting);
        for (var round = 0; round < Rounds / 4; round++)
        {
            var (target, invite) = await Voice.EstablishAsync(Bob, Waiting, Voice.Wish(BobUri));
            Voice.Catcher.AnswerBxml("/answer", $"<Response><Bridge bridgeTargetCompleteUrl=\"/target\">{target.Id}</Bridge></Response>");
            var call = Voice.Create(Voice.Wish());
            var own = await Alice.ExpectAsync("INVITE");
            await Alice.AcceptAsync(own);
            await AtOnceAsync(Some(
                () => Redirect(call), () => Redirect(target), () => Bob.SendInDialog(invite, "BYE"), () => Alice.SendInDialog(own, "BYE"),
                () => _ = target.CompleteAsync(), () => Bob.SendInDialog(invite, "REFER", headers: $"Refer-To: <{UriOf("carol")}>\r\n")));
            foreach (var live in Voice.Registry.Live()) await live.CompleteAsync();
            await Poll.UntilAsync("no call", () => Task.FromResult(Voice.Registry.Live().Count == 0), Cancel);
        }

        await ShouldBeOverAsync();
    }

    private void Redirect(Call call) => _ = call.RedirectAsync(new CallRedirect(Voice.Target("/next"), null, null));

    /// <summary>Some of the things that may happen, in any order.</summary>
    private static Action[] Some(params Action[] all)
    {
        Random.Shared.Shuffle(all);
        return all[..Random.Shared.Next(1, all.Length + 1)];
    }

    private static Task AtOnceAsync(Action[] actions) => Task.WhenAll(actions.Select(action => Task.Run(action, Cancel)));
}
