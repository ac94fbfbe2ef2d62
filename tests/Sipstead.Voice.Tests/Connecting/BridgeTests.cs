using Sipstead.Testing;
using Sipstead.Testing.Sip;
using Sipstead.Voice.Callbacks;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Connecting;

/// <summary>A call bridges another of its account (bxml.md 7.3).</summary>
public sealed class BridgeTests : ConnectingTest
{
    [Fact]
    public async Task TargetHangsUp_TheBridgingCallIsTold()
    {
        Voice.Catcher.AnswerBxml("/complete", Waiting);
        var (call, target, targetInvite) = await BridgeAsync();

        Bob.SendInDialog(targetInvite, "BYE");

        var complete = await Voice.ExpectAsync("bridgeComplete");
        Assert.Equal((call.Id, null, null), (complete.CallId, complete["cause"], complete["errorMessage"]));
        await call.CompleteAsync();
        await VoiceHarness.EndOfAsync(target);
        await ShouldBeOverAsync();
        NoWebhook("bridgeTargetComplete");
    }

    [Fact]
    public async Task BridgingCallHangsUp_TheTargetIsTold()
    {
        Voice.Catcher.AnswerBxml("/target", Waiting);
        var (call, target, _) = await BridgeAsync();

        await call.CompleteAsync();

        Assert.Equal(target.Id, (await Voice.ExpectAsync("bridgeTargetComplete")).CallId);
        await target.CompleteAsync();
        await ShouldBeOverAsync();
        NoWebhook("bridgeComplete");
    }

    [Fact]
    public async Task BridgingCallHangsUp_ATargetWithoutUrlIsHungUp()
    {
        var (call, _, _) = await BridgeAsync("");

        await call.CompleteAsync();

        await Bob.ExpectAsync("BYE");
        await ShouldBeOverAsync();
    }

    [Fact]
    public async Task Redirect_OfEither_EndsTheBridgeForTheOther()
    {
        Voice.Catcher.AnswerBxml("/next", Waiting);
        Voice.Catcher.AnswerBxml("/target", Waiting);
        var (call, target, _) = await BridgeAsync();

        Assert.True(await call.RedirectAsync(new CallRedirect(Voice.Target("/next"), null, null)));

        Assert.Equal(call.Id, (await Voice.ExpectAsync("redirect")).CallId);
        Assert.Equal(target.Id, (await Voice.ExpectAsync("bridgeTargetComplete")).CallId);
        Assert.Equal((CallPhase.Answered, CallPhase.Answered), (call.State.Phase, target.State.Phase));
        await call.CompleteAsync();
        await target.CompleteAsync();
        await ShouldBeOverAsync();
    }

    [Fact]
    public async Task WithoutUrl_TheNextVerbRuns()
    {
        Voice.Catcher.AnswerBxml("/next", "<Response/>");
        var target = await TargetAsync();
        await EstablishAsync($"<Bridge>{target.Call.Id}</Bridge><Redirect redirectUrl=\"/next\"/>");
        await Poll.UntilAsync("the bridge", () => Task.FromResult(target.Call.Bridge is not null), Cancel);

        Bob.SendInDialog(target.Invite, "BYE");

        await Voice.ExpectAsync("redirect");
        await ShouldBeOverAsync();
    }

    [Fact]
    public async Task Target_ThatIsBridged_IsNotTakenAway()
    {
        Voice.Catcher.AnswerBxml("/complete", Waiting);
        Voice.Catcher.AnswerBxml("/failed", Waiting);
        var calls = await ConnectAsync("transferCompleteUrl=\"/complete\"");
        var carol = Voice.AddPhone("carol");

        var (taker, _) = await Voice.EstablishAsync(
            carol, $"<Response><Bridge bridgeCompleteUrl=\"/failed\">{calls.Leg.Id}</Bridge></Response>", Voice.Wish(UriOf("carol")));

        var refused = await Voice.ExpectAsync("bridgeComplete");
        Assert.Equal(("application-error", $"Call {calls.Leg.Id} is already bridged with another call"), (refused["cause"], refused["errorMessage"]));
        await taker.CompleteAsync();
        await calls.Call.CompleteAsync();
        await ShouldBeOverAsync();
    }

    [Theory]
    [InlineData("itself", "A call cannot be bridged with itself")]
    [InlineData("unknown", "Call c-unknown is not known")]
    [InlineData("stranger", "Call {0} is not known")]
    [InlineData("ended", "Call {0} has ended")]
    [InlineData("ringing", "Call {0} is not answered yet")]
    public async Task WhatCannotBeBridged_IsToldWhy(string which, string message)
    {
        Voice.Catcher.AnswerBxml("/complete", "<Response/>");
        var id = which switch
        {
            "itself" => "",
            "unknown" => "c-unknown",
            "stranger" => Voice.Create(Voice.Wish(BobUri) with { AccountId = VoiceHarness.OtherAccount }).Id,
            _ => await OtherAsync(which),
        };
        Voice.Catcher.Answer("/answer", request => Sipstead.Testing.Webhooks.CatcherAnswer.Bxml(
            $"<Response><Bridge bridgeCompleteUrl=\"/complete\">{(id == "" ? request.CallId : id)}</Bridge></Response>"));
        Voice.Create(Voice.Wish());
        await Alice.AcceptAsync(await Alice.ExpectAsync("INVITE"));

        var complete = await Voice.ExpectAsync("bridgeComplete");

        Assert.Equal(string.Format(System.Globalization.CultureInfo.InvariantCulture, message, id), complete["errorMessage"]);
        Assert.Equal("application-error", complete["cause"]);
        Assert.NotNull(complete["errorId"]);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(null)]
    public async Task OA_04_PartyThatHolds_HearsNothing_AndTheOtherHearsItsMusicOrSilence_UntilItResumes(int? music)
    {
        using var alice = new TalkingParty { Frequency = 700 };
        using var bob = new TalkingParty { Frequency = 1100 };
        TalkingParty[] parties = [alice, bob];
        var (target, targetInvite) = await Voice.EstablishAsync(Bob, Waiting, Voice.Wish(BobUri), bob.Sdp);
        bob.Aim(targetInvite.Body);
        var placed = CallWith($"<Bridge>{target.Id}</Bridge>", sdp: alice.Sdp);
        var answer = await placed.ConfirmAsync();
        alice.Aim(answer.Body);
        await Poll.UntilAsync("the bridge", () => Task.FromResult(target.Bridge is not null), Cancel);
        TalkingParty.Talk(Voice.Media, parties);
        Assert.Equal((true, true), (alice.Hears(1100), bob.Hears(700)));

        placed.SendInDialog(answer, "INVITE", alice.Sdp + "a=sendonly\r\n");
        var held = await placed.ExpectAsync(200);
        placed.Acknowledge(held);
        Assert.Contains("a=recvonly", held.Body, StringComparison.Ordinal);
        alice.Frequency = music;
        TalkingParty.Talk(Voice.Media, parties);
        Assert.False(alice.WasSentTo);
        Assert.Equal((true, music is not null, false), (bob.WasSentTo, bob.Hears(500), bob.Hears(700)));

        placed.SendInDialog(answer, "INVITE", alice.Sdp);
        placed.Acknowledge(await placed.ExpectAsync(200));
        alice.Frequency = 700;
        TalkingParty.Talk(Voice.Media, parties);
        Assert.Equal((true, true, false), (alice.Hears(1100), bob.Hears(700), bob.Hears(500)));
        Assert.NotNull(target.Bridge);
    }

    private async Task<string> OtherAsync(string which)
    {
        var other = Voice.Create(Voice.Wish(BobUri));
        Bob.Ring(await Bob.ExpectAsync("INVITE"));
        if (which == "ended")
        {
            await other.CompleteAsync();
            await VoiceHarness.EndOfAsync(other);
        }

        return other.Id;
    }

    private Task<(OutboundCall Call, MessageText Invite)> TargetAsync() => Voice.EstablishAsync(Bob, Waiting, Voice.Wish(BobUri));

    private async Task<Call> EstablishAsync(string verbs)
    {
        Voice.Catcher.AnswerBxml("/answer", $"<Response>{verbs}</Response>");
        var call = Voice.Create(Voice.Wish());
        await Alice.AcceptAsync(await Alice.ExpectAsync("INVITE"));
        await VoiceHarness.RunsAsync(call);
        return call;
    }

    private async Task<(Call Call, Call Target, MessageText TargetInvite)> BridgeAsync(string more = "bridgeTargetCompleteUrl=\"/target\"")
    {
        var target = await TargetAsync();
        var call = await EstablishAsync($"<Bridge bridgeCompleteUrl=\"/complete\" {more}>{target.Call.Id}</Bridge>");
        await Poll.UntilAsync("the bridge", () => Task.FromResult(call.Bridge is not null && target.Call.Bridge is not null), Cancel);
        return (call, target.Call, target.Invite);
    }
}
