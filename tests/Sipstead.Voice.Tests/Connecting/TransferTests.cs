using System.Globalization;
using System.Net;
using Sipstead.Testing;
using Sipstead.Testing.Phones;
using Sipstead.Testing.Sip;
using Sipstead.Testing.Webhooks;
using Sipstead.Voice.Callbacks;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Connecting;

/// <summary>A call is connected with the first of its targets that answers (bxml.md 7.1, webhooks.md 8.3).</summary>
public sealed class TransferTests : ConnectingTest
{
    [Fact]
    public async Task Audio_AndKeys_GoBothWays()
    {
        Voice.Media.Start();
        await using var alice = new PhoneAudio();
        await using var bob = new PhoneAudio();
        var placed = CallWith($"<Transfer><SipUri>{BobUri}</SipUri></Transfer>", sdp: ScriptedPhone.Sdp(alice.Port));
        var invite = await Bob.ExpectAsync("INVITE");
        await Bob.AcceptAsync(invite, ScriptedPhone.Sdp(bob.Port));
        var answer = await placed.ConfirmAsync();

        await Task.WhenAll(alice.SayAsync(0x21, 150, PartyOf(answer)), bob.SayAsync(0xA1, 150, PartyOf(invite)));

        await Poll.UntilAsync("what Alice says at Bob's", () => Task.FromResult(bob.FramesOf(0x21) > 50), Cancel);
        await Poll.UntilAsync("what Bob says at Alice's", () => Task.FromResult(alice.FramesOf(0xA1) > 50), Cancel);
        await alice.PressAsync("5#", PartyOf(answer), 101);
        await Poll.UntilAsync("the keys", () => Task.FromResult(bob.Digits == "5#"), Cancel);
        Assert.Equal((0, 0), (bob.FramesOf(0xA1), alice.FramesOf(0x21)));
    }

    [Fact]
    public async Task TargetHangsUp_TellsBothAndTheDocumentOfTransferCompleteRuns()
    {
        Voice.Catcher.AnswerBxml("/complete", Waiting);
        var calls = await ConnectAsync("transferCompleteUrl=\"/complete\" tag=\"a\"", "transferDisconnectUrl=\"/left\" tag=\"b\"");
        Voice.Advance(3);

        Bob.SendInDialog(calls.Invite, "BYE");

        var left = await Voice.ExpectAsync("transferDisconnect");
        var complete = await Voice.ExpectAsync("transferComplete");
        Assert.Equal(
            $$"""
            {"eventType":"transferDisconnect","eventTime":"2026-01-02T03:04:08.000Z","accountId":"9900000","applicationId":"{{Voice.Application.Id}}",
            "from":"{{AliceUri}}","to":"+12025550111","direction":"outbound","callId":"{{calls.Leg.Id}}",
            "callUrl":"http://voice.example/api/v2/accounts/9900000/calls/{{calls.Leg.Id}}","enqueuedTime":"2026-01-02T03:04:05.000Z",
            "startTime":"2026-01-02T03:04:05.000Z","answerTime":"2026-01-02T03:04:05.000Z","tag":"b","parentCallId":"{{calls.Call.Id}}",
            "transferCallerId":"{{AliceUri}}","transferTo":"{{BobUri}}","endTime":"2026-01-02T03:04:08.000Z","cause":"hangup"}
            """.ReplaceLineEndings(""),
            left.Text);
        Assert.Equal((calls.Call.Id, AliceUri, BobUri, "hangup"), (complete.CallId, complete["transferCallerId"], complete["transferTo"], complete["cause"]));
        Assert.Equal(("a", null, "inbound"), (complete["tag"], complete["parentCallId"], complete["direction"]));
        Assert.Equal(CallPhase.Answered, calls.Call.State.Phase);
        calls.Placed.SendInDialog(calls.Answer, "BYE");
        Assert.Equal("hangup", (await Voice.ExpectAsync("disconnect"))["cause"]);
        await ShouldBeOverAsync();
    }

    [Fact]
    public async Task TargetHangsUp_WithoutTransferCompleteUrl_TheNextVerbRuns()
    {
        Voice.Catcher.AnswerBxml("/next", "<Response/>");
        var calls = await ConnectAsync(behind: "<Redirect redirectUrl=\"/next\"/>");

        Bob.SendInDialog(calls.Invite, "BYE");

        await Voice.ExpectAsync("redirect");
        await Alice.ExpectAsync("BYE");
        await ShouldBeOverAsync();
    }

    [Fact]
    public async Task CallerHangsUp_EndsTheTarget_WithoutTransferComplete()
    {
        var calls = await ConnectAsync("transferCompleteUrl=\"/complete\"", "transferDisconnectUrl=\"/left\"");

        calls.Placed.SendInDialog(calls.Answer, "BYE");

        await Bob.ExpectAsync("BYE");
        Assert.Equal("hangup", (await Voice.ExpectAsync("transferDisconnect"))["cause"]);
        Assert.Equal("hangup", (await Voice.ExpectAsync("disconnect"))["cause"]);
        await ShouldBeOverAsync();
        NoWebhook("transferComplete");
    }

    [Theory]
    [InlineData(486, "busy", "Callee is busy")]
    [InlineData(603, "rejected", "Callee refused the call: 603 Reason 603")]
    [InlineData(480, "timeout", "Callee did not answer")]
    [InlineData(500, "error", "The device could not take the call: 500 Reason 500")]
    public async Task Refused_TellsWhy_AndTheCallerWasNotAnswered(int status, string cause, string message)
    {
        Voice.Catcher.AnswerBxml("/complete", "<Response><Hangup/></Response>");
        var placed = CallWith(
            $"<Transfer transferCompleteUrl=\"/complete\" transferCallerId=\"+12025550199\"><SipUri transferDisconnectUrl=\"/left\">{BobUri}</SipUri></Transfer>");

        Bob.Answer(await Bob.ExpectAsync("INVITE"), status);

        var complete = await Voice.ExpectAsync("transferComplete");
        Assert.Equal(
            (cause, message, "+12025550199", BobUri, null),
            (complete["cause"], complete["errorMessage"], complete["transferCallerId"], complete["transferTo"], complete["answerTime"]));
        var left = await Voice.ExpectAsync("transferDisconnect");
        Assert.Equal((cause, null, complete["errorId"]), (left["cause"], left["sipResponseCode"], left["errorId"]));
        await placed.ExpectAsync(603);
        await ShouldBeOverAsync();
    }

    [Fact]
    public async Task SeveralTargets_AllRing_TheFirstAnswerWins_TheOthersAreCancelled()
    {
        var carol = Voice.AddPhone("carol");
        var placed = CallWith(
            "<Transfer transferCompleteUrl=\"/complete\">"
            + string.Concat("bob carol nobody".Split(' ').Select(user => $"<SipUri transferDisconnectUrl=\"/left\">{UriOf(user)}</SipUri>")) + "</Transfer>");
        var bob = await Bob.ExpectAsync("INVITE");
        var invite = await carol.ExpectAsync("INVITE");
        Bob.Ring(bob);
        await placed.ExpectAsync(180);

        await carol.AcceptAsync(invite);

        await placed.ConfirmAsync();
        Assert.Contains("cause=200", (await Bob.ExpectAsync("CANCEL")).One("Reason"), StringComparison.Ordinal);
        var left = new[] { await Voice.ExpectAsync("transferDisconnect"), await Voice.ExpectAsync("transferDisconnect") };
        Assert.Equal([(BobUri, "cancel"), (UriOf("nobody"), "error")], left.Select(one => (one["transferTo"], one["cause"])).Order());
        await (await Voice.InboundAsync()).CompleteAsync();
        await carol.ExpectAsync("BYE");
        await ShouldBeOverAsync();
    }

    [Fact]
    public async Task NobodyAnswers_TheCauseThatTellsMostIsTold()
    {
        Voice.Catcher.AnswerBxml("/complete", "<Response/>");
        var carol = Voice.AddPhone("carol");
        CallWith($"<Transfer callTimeout=\"5\" transferCompleteUrl=\"/complete\"><SipUri>{UriOf("nobody")}</SipUri><SipUri>{UriOf("carol")}</SipUri><SipUri>{BobUri}</SipUri></Transfer>");
        var ringing = await carol.ExpectAsync("INVITE");
        Bob.Answer(await Bob.ExpectAsync("INVITE"), 486);
        carol.Ring(ringing);
        var leg = Voice.Registry.Live().Single(call => call.State.Transfer?.To == UriOf("carol"));
        await Poll.UntilAsync("it to ring", () => Task.FromResult(leg.Legs.All.Any(one => one.Status == 180)), Cancel);

        Voice.Advance(6);

        var complete = await Voice.ExpectAsync("transferComplete");
        Assert.Equal((BobUri, "busy"), (complete["transferTo"], complete["cause"]));
        await carol.ExpectAsync("CANCEL");
        await ShouldBeOverAsync();
    }

    [Fact]
    public async Task TransferAnswer_RunsOnTheTargetAlone_BeforeTheCallerIsAnswered()
    {
        Voice.Catcher.AnswerBxml("/screen", "<Response><Pause duration=\"2\"/><Tag>later</Tag></Response>");
        var placed = CallWith($"<Transfer><SipUri transferAnswerUrl=\"/screen\" transferDisconnectUrl=\"/left\" tag=\"b\">{BobUri}</SipUri></Transfer>");
        await Bob.AcceptAsync(await Bob.ExpectAsync("INVITE"));

        var answer = await Voice.ExpectAsync("transferAnswer");
        var call = await Voice.InboundAsync();
        Assert.Equal((call.Id, AliceUri, BobUri, "outbound", "b"), (answer["parentCallId"], answer["transferCallerId"], answer["transferTo"], answer["direction"], answer["tag"]));
        Assert.NotEqual(call.Id, answer.CallId);
        var leg = Voice.Registry.Live().Single(other => other.Id == answer.CallId);
        await VoiceHarness.RunsAsync(leg);
        Assert.False(call.IsAnswered);
        Voice.Advance(2.5);
        await placed.ConfirmAsync();
        await call.CompleteAsync();
        Assert.Equal("later", (await Voice.ExpectAsync("transferDisconnect"))["tag"]);
        await ShouldBeOverAsync();
    }

    [Theory]
    [InlineData("<Response><Hangup/></Response>", "hangup")]
    [InlineData("<Response><Transfer><SipUri>sip:x@y.example</SipUri></Transfer></Response>", "invalid-bxml")]
    [InlineData("nonsense", "invalid-bxml")]
    public async Task TransferAnswer_ThatEndsTheTarget_EndsTheTransfer(string bxml, string cause)
    {
        Voice.Catcher.AnswerBxml("/screen", bxml);
        Voice.Catcher.AnswerBxml("/complete", "<Response/>");
        var placed = CallWith($"<Transfer transferCompleteUrl=\"/complete\"><SipUri transferAnswerUrl=\"/screen\">{BobUri}</SipUri></Transfer>");
        await Bob.AcceptAsync(await Bob.ExpectAsync("INVITE"));

        Assert.Equal(cause, (await Voice.ExpectAsync("transferComplete"))["cause"]);
        await Bob.ExpectAsync("BYE");
        await placed.ExpectAsync(603);
        await ShouldBeOverAsync();
    }

    [Fact]
    public async Task TransferAnswer_FailsAndTheFallbackAnswers()
    {
        Voice.Catcher.Answer("/screen", CatcherAnswer.Of(500));
        Voice.Catcher.AnswerBxml("/fallback", "<Response/>");
        var placed = CallWith(
            $"<Transfer><SipUri transferAnswerUrl=\"/screen\" transferAnswerFallbackUrl=\"/fallback\" username=\"u\" password=\"p\">{BobUri}</SipUri></Transfer>");
        await Bob.AcceptAsync(await Bob.ExpectAsync("INVITE"));

        await placed.ConfirmAsync();
        await (await Voice.InboundAsync()).CompleteAsync();
        await ShouldBeOverAsync();
    }

    [Fact]
    public async Task Redirect_OfTheCaller_EndsTheTarget()
    {
        Voice.Catcher.AnswerBxml("/next", Waiting);
        var calls = await ConnectAsync("transferCompleteUrl=\"/complete\"");

        Assert.True(await calls.Call.RedirectAsync(new CallRedirect(Voice.Target("/next"), null, null)));

        await Bob.ExpectAsync("BYE");
        await Voice.ExpectAsync("redirect");
        Assert.Equal(CallPhase.Answered, calls.Call.State.Phase);
        await calls.Call.CompleteAsync();
        await ShouldBeOverAsync();
        NoWebhook("transferComplete");
    }

    [Fact]
    public async Task Redirect_OfTheTarget_TakesItAway_AndTheCallerGoesOn()
    {
        Voice.Catcher.AnswerBxml("/next", Waiting);
        Voice.Catcher.AnswerBxml("/complete", Waiting);
        var calls = await ConnectAsync("transferCompleteUrl=\"/complete\"", "transferDisconnectUrl=\"/left\"");

        Assert.True(await calls.Leg.RedirectAsync(new CallRedirect(Voice.Target("/next"), null, null)));

        var redirect = await Voice.ExpectAsync("redirect");
        Assert.Equal((calls.Leg.Id, calls.Call.Id), (redirect.CallId, redirect["parentCallId"]));
        Assert.Equal("hangup", (await Voice.ExpectAsync("transferComplete"))["cause"]);
        await calls.Call.CompleteAsync();
        await VoiceHarness.EndOfAsync(calls.Call);
        await VoiceHarness.SettleAsync(calls.Leg);
        Assert.Equal(CallPhase.Answered, calls.Leg.State.Phase);
        await calls.Leg.CompleteAsync();
        Assert.Equal("hangup", (await Voice.ExpectAsync("transferDisconnect"))["cause"]);
        await ShouldBeOverAsync();
    }

    [Fact]
    public async Task Redirect_OfTheTarget_BeforeItIsConnected_IsConnectedBehindItsDocument()
    {
        Voice.Catcher.AnswerBxml("/screen", Waiting);
        Voice.Catcher.AnswerBxml("/next", "<Response/>");
        var placed = CallWith($"<Transfer><SipUri transferAnswerUrl=\"/screen\">{BobUri}</SipUri></Transfer>");
        await Bob.AcceptAsync(await Bob.ExpectAsync("INVITE"));
        var answer = await Voice.ExpectAsync("transferAnswer");
        var leg = Voice.Registry.Live().Single(other => other.Id == answer.CallId);
        await VoiceHarness.RunsAsync(leg);

        Assert.True(await leg.RedirectAsync(new CallRedirect(Voice.Target("/next"), null, null)));

        await placed.ConfirmAsync();
        await (await Voice.InboundAsync()).CompleteAsync();
        await ShouldBeOverAsync();
    }

    [Fact]
    public async Task Redirect_WhileItRings_CancelsTheTargets()
    {
        Voice.Catcher.AnswerBxml("/next", Waiting);
        var placed = CallWith($"<Transfer><SipUri transferDisconnectUrl=\"/left\">{BobUri}</SipUri></Transfer>");
        Bob.Ring(await Bob.ExpectAsync("INVITE"));
        await placed.ExpectAsync(180);

        Assert.True(await (await Voice.InboundAsync()).RedirectAsync(new CallRedirect(Voice.Target("/next"), null, null)));

        await Bob.ExpectAsync("CANCEL");
        Assert.Equal("cancel", (await Voice.ExpectAsync("transferDisconnect"))["cause"]);
        await placed.ConfirmAsync();
        await (await Voice.InboundAsync()).CompleteAsync();
        await ShouldBeOverAsync();
    }

    [Fact]
    public async Task CallerCancels_CancelsTheTargets()
    {
        var placed = CallWith($"<Transfer transferCompleteUrl=\"/complete\"><SipUri>{BobUri}</SipUri></Transfer>");
        Bob.Ring(await Bob.ExpectAsync("INVITE"));
        await placed.ExpectAsync(180);

        placed.Cancel();

        await Bob.ExpectAsync("CANCEL");
        Assert.Equal("cancel", (await Voice.ExpectAsync("disconnect"))["cause"]);
        await ShouldBeOverAsync();
        NoWebhook("transferComplete");
    }

    [Fact]
    public async Task AnsweredCaller_HearsTheRingBackToneUntilTheTargetAnswers()
    {
        Voice.Media.Start();
        await using var alice = new PhoneAudio();
        var placed = CallWith($"<Ring duration=\"0.1\"/><Transfer><SipUri>{BobUri}</SipUri></Transfer>", sdp: ScriptedPhone.Sdp(alice.Port));
        await placed.ConfirmAsync();
        var invite = await Bob.ExpectAsync("INVITE");
        var before = alice.LoudFrames;
        Bob.Ring(invite);

        await Poll.UntilAsync("the tone", () => Task.FromResult(alice.LoudFrames > before + 20), Cancel);
        await Bob.AcceptAsync(invite);
        var call = await Voice.InboundAsync();
        await Poll.UntilAsync("the bridge", () => Task.FromResult(call.Bridge is not null), Cancel);
        await call.CompleteAsync();
        await ShouldBeOverAsync();
    }

    [Fact]
    public async Task OutboundCall_IsTransferred_WithItsOwnPartyShown()
    {
        Voice.Catcher.AnswerBxml("/complete", "<Response/>");
        var (call, _) = await Voice.EstablishAsync(Alice, $"<Response><Transfer transferCompleteUrl=\"/complete\"><SipUri>{BobUri}</SipUri></Transfer></Response>");
        var invite = await Bob.ExpectAsync("INVITE");
        Assert.StartsWith($"<{AliceUri}>;tag=", invite.One("From"), StringComparison.Ordinal);
        await Bob.AcceptAsync(invite);
        var leg = Voice.Registry.Live().Single(other => other.State.Transfer is not null);
        await Poll.UntilAsync("the bridge", () => Task.FromResult(call.Bridge is not null && leg.Bridge is not null), Cancel);

        Bob.SendInDialog(invite, "BYE");

        Assert.Equal(("hangup", AliceUri), ((await Voice.ExpectAsync("transferComplete")) is var complete ? complete["cause"] : null, complete["transferCallerId"]));
        await Alice.ExpectAsync("BYE");
        await ShouldBeOverAsync();
    }

    [Fact]
    public async Task TheLegIsFoundAndShownWithItsParent_AndItsDeviceWithBoth()
    {
        var calls = await ConnectAsync();

        Assert.True(Voice.Registry.TryFind("9900000", calls.Leg.Id, out var found));
        Assert.Equal(new TransferState(calls.Call.Id, AliceUri, BobUri), found.State.Transfer);
        Assert.Equal((AliceUri, Number, CallDirection.Outbound), (found.State.From, found.State.To, found.State.Direction));
        Assert.Equal([calls.Placed.Invite.One("Call-ID"), calls.Invite.One("Call-ID")], calls.Call.Legs.All.Select(leg => leg.SipCallId));
        Assert.Equal([calls.Invite.One("Call-ID")], calls.Leg.Legs.All.Select(leg => leg.SipCallId));
        Assert.Equal(calls.Call.TraceNumber, calls.Leg.TraceNumber);
        await calls.Call.CompleteAsync();
        await ShouldBeOverAsync();
    }

    private static IPEndPoint PartyOf(MessageText described)
    {
        var line = described.Body.Split("m=audio ")[1];
        return new IPEndPoint(IPAddress.Loopback, int.Parse(line[..line.IndexOf(' ', StringComparison.Ordinal)], CultureInfo.InvariantCulture));
    }
}
