using Sipstead.Testing.Webhooks;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Calls;

/// <summary>Calls of devices (docs/calls.md, webhooks.md 8.2).</summary>
public sealed class InboundCallTests : VoiceTest
{
    private ScriptedPhone _alice = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _alice = Voice.AddPhone();
    }

    private string Number => $"sip:+12025550111@{Voice.Realm}";

    [Fact]
    public async Task Call_AnsweredAndHungUpByTheDocument_TellsTheApplicationExactly()
    {
        Voice.Catcher.AnswerBxml("/initiate", Waiting);
        var placed = _alice.Call(Number);
        await _alice.ExpectAsync("100 INVITE");
        var initiate = await Voice.ExpectAsync("initiate");
        var call = await Voice.InboundAsync();
        var answer = await placed.ConfirmAsync();
        Assert.Contains("m=audio ", answer.Body, StringComparison.Ordinal);
        await VoiceHarness.SettleAsync(call);
        Voice.Advance(2);
        placed.SendInDialog(answer, "BYE");
        var disconnect = await Voice.ExpectAsync("disconnect");

        var common = $$"""
            "accountId":"9900000","applicationId":"{{Voice.Application.Id}}","from":"sip:alice@{{Voice.Realm}}","to":"+12025550111","direction":"inbound",
            "callId":"{{call.Id}}","callUrl":"http://voice.example/api/v2/accounts/9900000/calls/{{call.Id}}","startTime":"2026-01-02T03:04:05.000Z",
            """.ReplaceLineEndings("");
        var sip = $"\"sipCallId\":\"{placed.Invite.One("Call-ID")}\"";
        Assert.Equal($$"""{"eventType":"initiate","eventTime":"2026-01-02T03:04:05.000Z",{{common}}{{sip}}}""", initiate.Text);
        Assert.Equal("/status", disconnect.Path);
        Assert.Equal(
            $$"""
            {"eventType":"disconnect","eventTime":"2026-01-02T03:04:07.000Z",{{common}}"answerTime":"2026-01-02T03:04:05.000Z",
            "endTime":"2026-01-02T03:04:07.000Z","cause":"hangup",{{sip}}}
            """.ReplaceLineEndings(""),
            disconnect.Text);
        Assert.Equal(2, Voice.Catcher.Requests.Count);
        await Voice.UntilNoMediaAsync();
    }

    [Theory]
    [InlineData("+12025550111", "+12025550111")]
    [InlineData("2025550111", "+12025550111")]
    [InlineData("12025550111", "+12025550111")]
    [InlineData("%2B12025550111", "+12025550111")]
    [InlineData("100", "sip:100@{0}")]
    [InlineData("bob", "sip:bob@{0}")]
    public async Task Initiate_To_IsTheNumberOrTheUri(string user, string to)
    {
        _alice.Call($"sip:{user}@{Voice.Realm};transport=udp");
        var initiate = await Voice.ExpectAsync("initiate");
        Assert.Equal(string.Format(System.Globalization.CultureInfo.InvariantCulture, to, Voice.Realm), initiate["to"]);
    }

    [Fact]
    public async Task Initiate_TellsDiversionAndUserToUser()
    {
        _alice.Call(
            Number,
            "Diversion: <sip:+12025550122@example.net>;reason=user-busy;privacy=off;counter=1, <sip:+12025550133@example.net>;reason=unknown\r\n"
            + "User-To-User: aGk=;encoding=base64\r\nUser-To-User: 00ff;encoding=hex\r\n");

        var initiate = await Voice.ExpectAsync("initiate");

        Assert.Equal("aGk=;encoding=base64,00ff;encoding=hex", initiate["uui"]);
        Assert.Equal("""{"reason":"user-busy","privacy":"off","counter":"1","origTo":"+12025550122"}""", initiate["diversion"]);
    }

    [Theory]
    [InlineData("Diversion: \"A\\\"B >, \" <sip:+12025550122@example.net;x=1>;reason=\"follow-me\";origTo=evil\r\n", "+12025550122")]
    [InlineData("Diversion: nonsense <\r\n", null)]
    [InlineData("Diversion: <tel:+12025550122>\r\n", "tel:+12025550122")]
    public async Task Initiate_OddDiversion_IsStillJson(string header, string? origTo)
    {
        _alice.Call(Number, header);

        var initiate = await Voice.ExpectAsync("initiate");

        if (origTo is null) Assert.Null(initiate["diversion"]);
        else Assert.Equal(origTo, initiate.Json.GetProperty("diversion").GetProperty("origTo").GetString());
    }

    [Fact]
    public async Task NoApplication_Gets480AndAWord()
    {
        Voice.AddUser("bob", null);
        var refused = await Voice.NewPhone("bob").Call(Number).ExpectAsync(480);
        Assert.Contains("480 No Application Takes Calls Of This User", refused.StartLine, StringComparison.Ordinal);
        Assert.Empty(Voice.Catcher.Requests);
    }

    [Fact]
    public async Task ApplicationRemoved_Gets480()
    {
        Voice.View.RemoveApplication(Voice.Application.Id);
        await _alice.Call(Number).ExpectAsync(480);
    }

    [Theory]
    [InlineData("<Response><Hangup/></Response>", 603, "hangup")]
    [InlineData("<Response/>", 603, "hangup")]
    [InlineData("no BXML", 480, "invalid-bxml")]
    [InlineData("<Response><Gather input=\"speech\" gatherUrl=\"/x\"/></Response>", 480, "application-error")]
    public async Task EndBeforeTheAnswer_HasTheStatusOfTheTable(string bxml, int status, string cause)
    {
        Voice.Catcher.AnswerBxml("/initiate", bxml);
        var placed = _alice.Call(Number);
        await Voice.ExpectAsync("initiate");
        await placed.ExpectAsync(status);

        var disconnect = await Voice.ExpectAsync("disconnect");
        Assert.Equal(cause, disconnect["cause"]);
        Assert.Null(disconnect["answerTime"]);
        Assert.Null(disconnect["sipResponseCode"]);
        await Voice.UntilNoMediaAsync();
    }

    [Fact]
    public async Task CallbackFails_Gets480()
    {
        Voice.Catcher.Answer("/initiate", CatcherAnswer.Of(500));
        await _alice.Call(Number).ExpectAsync(480);
        Assert.Equal("callback-error", (await Voice.ExpectAsync("disconnect"))["cause"]);
    }

    [Fact]
    public async Task CallbackFails_FallbackDecides()
    {
        var application = Voice.AddApplication(hasStatus: false, hasFallback: true);
        Voice.AddUser("bob", application.Id);
        Voice.Catcher.Answer("/initiate", CatcherAnswer.Of(500));
        Voice.Catcher.AnswerBxml("/fallback", Waiting);
        var placed = Voice.NewPhone("bob").Call(Number);

        await placed.ConfirmAsync();

        var call = await Voice.InboundAsync();
        Assert.Equal(Voice.Catcher.Url("/fallback"), call.DocumentUrl);
        await call.CompleteAsync();
        await NoWebhookAsync("disconnect", call); // no status URL
    }

    [Fact]
    public async Task Complete_BeforeTheAnswer_Gets603()
    {
        Voice.Catcher.AnswerBxml("/initiate", "<Response><Ring answerCall=\"false\" duration=\"60\"/></Response>");
        var placed = _alice.Call(Number);
        await placed.ExpectAsync(180);

        Assert.True(await (await Voice.InboundAsync()).CompleteAsync());

        await placed.ExpectAsync(603);
        Assert.Equal("cancel", (await Voice.ExpectAsync("disconnect"))["cause"]);
    }

    [Fact]
    public async Task Redirect_BeforeTheAnswer_Runs()
    {
        Voice.Catcher.AnswerBxml("/initiate", "<Response><Ring answerCall=\"false\" duration=\"60\"/></Response>");
        Voice.Catcher.AnswerBxml("/next", Waiting);
        var placed = _alice.Call(Number);
        await placed.ExpectAsync(180);
        var call = await Voice.InboundAsync();

        Assert.True(await call.RedirectAsync(new Sipstead.Voice.Callbacks.CallRedirect(Voice.Target("/next"), null, null)));

        await placed.ConfirmAsync();
        Assert.Null((await Voice.ExpectAsync("redirect"))["answerTime"]);
    }

    [Fact]
    public async Task Cancel_DuringTheWebhook_EndsWithCancel()
    {
        var released = new TaskCompletionSource();
        Voice.Catcher.Answer("/initiate", CatcherAnswer.Bxml(Waiting).After(released.Task));
        var placed = _alice.Call(Number);
        var call = await Voice.InboundAsync();
        await Voice.ExpectAsync("initiate");

        placed.Cancel();

        await _alice.ExpectAsync("200 CANCEL");
        await placed.ExpectAsync(487);
        Assert.Equal("cancel", (await Voice.ExpectAsync("disconnect"))["cause"]);
        released.SetResult();
        await Voice.AnsweredAsync(call, "initiate");
        Assert.DoesNotContain("200 INVITE", _alice.Kinds);
        await Voice.UntilNoMediaAsync();
    }

    [Fact]
    public async Task Cancel_BeforeAnybodyListens_LeavesNothingOpen()
    {
        const int Calls = 50;
        Voice.Catcher.AnswerBxml("/initiate", "<Response><Ring answerCall=\"false\" duration=\"60\"/></Response>");
        for (var i = 0; i < Calls; i++)
        {
            var placed = _alice.Call(Number);
            placed.Cancel();
            await placed.ExpectAsync(487);
        }

        // The 487 does not wait for the engine: a call may begin after it, and only then end.
        await Sipstead.Testing.Poll.UntilAsync("all calls to end", () => Task.FromResult(Voice.Meters["sipstead.voice.calls.ended inbound"] == Calls), Cancel);
        await Sipstead.Testing.Poll.UntilAsync("no live call", () => Task.FromResult(Voice.Registry.Live().Count == 0), Cancel);
        await Voice.UntilNoMediaAsync();
        Assert.Equal(0, Voice.Meters["sipstead.voice.calls.active"]);
    }

    [Fact]
    public async Task OA_05_Offerless_TakesTheAnswerOfTheAck()
    {
        Voice.Catcher.AnswerBxml("/initiate", Waiting);
        var placed = _alice.Call(Number, sdp: "");

        var offer = await placed.ConfirmAsync(ScriptedPhone.Sdp());

        Assert.Contains("m=audio ", offer.Body, StringComparison.Ordinal);
        var call = await Voice.InboundAsync();
        await VoiceHarness.SettleAsync(call);
        Assert.Equal(CallPhase.Answered, call.State.Phase);
    }

    [Theory]
    [InlineData("")]
    [InlineData("v=0\r\nnonsense")]
    public async Task OA_05_Offerless_AckWithoutAUsableAnswer_IsAnErrorAndIsHungUp(string sdp)
    {
        Voice.Catcher.AnswerBxml("/initiate", Waiting);
        await _alice.Call(Number, sdp: "").ConfirmAsync(sdp);

        await _alice.ExpectAsync("BYE");
        var disconnect = await Voice.ExpectAsync("disconnect");
        Assert.Equal("error", disconnect["cause"]);
        Assert.StartsWith("The device's answer cannot be used: ", disconnect["errorMessage"], StringComparison.Ordinal);
        await Voice.UntilNoMediaAsync();
    }

    [Fact]
    public async Task BadOffer_Gets400()
    {
        await _alice.Call(Number, sdp: "v=0\r\nnonsense").ExpectAsync(400);
        await Voice.UntilNoMediaAsync();
        Assert.Empty(Voice.Catcher.Requests);
        Assert.Empty(Voice.Registry.Live());
    }

    [Theory]
    [InlineData("m=audio 9 RTP/AVP 18\r\na=rtpmap:18 G729/8000\r\n")]
    [InlineData("m=audio 9 RTP/SAVP 0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz\r\n")]
    [InlineData("m=video 9 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n")]
    public async Task OfferWithNothingInCommon_Gets488WithAWarning(string media)
    {
        var refused = await _alice.Call(Number, sdp: "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n" + media).ExpectAsync(488);
        Assert.Matches("^3[0-9][0-9] sipstead \".+\"$", refused.One("Warning"));
        await Voice.UntilNoMediaAsync();
    }

    [Fact]
    public async Task Bye_EndsWithHangup()
    {
        Voice.Catcher.AnswerBxml("/initiate", Waiting);
        var placed = _alice.Call(Number);
        var answer = await placed.ConfirmAsync();

        placed.SendInDialog(answer, "BYE");

        await _alice.ExpectAsync("200 BYE");
        Assert.Equal("hangup", (await Voice.ExpectAsync("disconnect"))["cause"]);
        Assert.DoesNotContain("BYE", _alice.Kinds);
        await Voice.UntilNoMediaAsync();
    }

    [Fact]
    public async Task TXN_07_NoAck_IsAnErrorAfter64T1()
    {
        Voice.Catcher.AnswerBxml("/initiate", Waiting);
        await _alice.Call(Number).ExpectAsync(200);

        Voice.Advance(33);

        await _alice.ExpectAsync("BYE");
        var disconnect = await Voice.ExpectAsync("disconnect");
        Assert.Equal(("error", "The device never confirmed the call"), (disconnect["cause"], disconnect["errorMessage"]));
        await Voice.UntilNoMediaAsync();
    }

    [Fact]
    public async Task Reinvite_IsAnsweredAndTheCallGoesOn()
    {
        Voice.Catcher.AnswerBxml("/initiate", Waiting);
        var placed = _alice.Call(Number);
        var answer = await placed.ConfirmAsync();

        placed.SendInDialog(answer, "INVITE", ScriptedPhone.Sdp(11) + "a=sendonly\r\n");

        var held = await placed.ExpectAsync(200);
        Assert.Contains("a=recvonly", held.Body, StringComparison.Ordinal);
        placed.Acknowledge(held);
        placed.SendInDialog(answer, "INVITE");
        var offered = await placed.ExpectAsync(200);
        Assert.Contains("m=audio ", offered.Body, StringComparison.Ordinal);
        placed.Acknowledge(offered, ScriptedPhone.Sdp());
        var call = await Voice.InboundAsync();
        await VoiceHarness.SettleAsync(call);
        Assert.Equal(CallPhase.Answered, call.State.Phase);
    }

    [Fact]
    public async Task Reinvite_ThatCannotBeTaken_IsRefusedAndTheCallGoesOn()
    {
        Voice.Catcher.AnswerBxml("/initiate", Waiting);
        var placed = _alice.Call(Number);
        var answer = await placed.ConfirmAsync();

        placed.SendInDialog(answer, "INVITE", ScriptedPhone.Sdp(formats: "18").Replace("PCMU", "G729", StringComparison.Ordinal));

        var refused = await _alice.ExpectAsync("488 INVITE");
        Assert.Matches("^3[0-9][0-9] sipstead \".+\"$", refused.One("Warning"));
        Assert.Equal(CallPhase.Answered, (await Voice.InboundAsync()).State.Phase);
    }

    [Fact]
    public async Task Stop_HangsUpAndRefusesWhatComesAfter()
    {
        Voice.Catcher.AnswerBxml("/initiate", Waiting);
        await _alice.Call(Number).ConfirmAsync();

        await Voice.Service.StopAsync(Sipstead.Testing.Poll.DefaultDeadline, TimeProvider.System);

        await _alice.ExpectAsync("BYE");
        Assert.Equal(480, _alice.Call(Number).Refusal?.Status);
    }
}
