using System.Globalization;
using System.Text;
using Sipstead.Testing.Sip;
using Sipstead.Voice.Bxml;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Calls;

/// <summary>Calls of devices that use the extensions of SIP: reliable ringing, UPDATE, session timers, Reason (docs/calls.md).</summary>
public sealed class CallExtensionTests : VoiceTest
{
    private const string Requires = "Require: 100rel\r\n";
    private const string Rings = "<Response><Ring answerCall=\"false\" duration=\"300\"/></Response>";

    private ScriptedPhone _alice = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _alice = Voice.AddPhone();
    }

    private string Number => $"sip:+12025550111@{Voice.Realm}";

    [Fact]
    public async Task SES_01_CallerThatRequiresReliability_IsRungReliably()
    {
        Voice.Catcher.AnswerBxml("/initiate", "<Response><Ring answerCall=\"false\" duration=\"2\"/><Pause duration=\"86400\"/></Response>");
        var placed = _alice.Call(Number, Requires);
        var ringing = await placed.ExpectAsync(180);
        Assert.Equal("100rel", ringing.One("Require"));
        Acknowledge(placed, ringing);
        await _alice.ExpectAsync("200 PRACK");
        var call = await Voice.InboundAsync();
        await VoiceHarness.SettleAsync(call);
        Voice.Advance(3);
        var answer = await placed.ConfirmAsync();
        Assert.Contains("m=audio ", answer.Body, StringComparison.Ordinal);
        await VoiceHarness.UntilAsync(call, CallPhase.Answered);
    }

    [Fact]
    public async Task OA_05_OfferlessCallThatRequiresReliability_IsOfferedWhileItRings_AndAnswersInThePrack()
    {
        Voice.Catcher.AnswerBxml("/initiate", Rings);
        var placed = _alice.Call(Number, Requires, sdp: "");
        var ringing = await placed.ExpectAsync(180);
        Assert.Contains("m=audio ", ringing.Body, StringComparison.Ordinal);
        Acknowledge(placed, ringing, ScriptedPhone.Sdp());
        await _alice.ExpectAsync("200 PRACK");
        var call = await Voice.InboundAsync();
        Assert.True(await call.ReplaceBxmlAsync(Given(Waiting)));
        var answer = await placed.ConfirmAsync();
        Assert.Equal("", answer.Body);
        placed.SendInDialog(answer, "BYE");
        Assert.Equal("hangup", (await VoiceHarness.EndOfAsync(call)).DisconnectCause);
        await Voice.UntilNoMediaAsync();
    }

    [Fact]
    public async Task OA_05_AnswerInThePrackThatCannotBeUsed_EndsTheCall()
    {
        Voice.Catcher.AnswerBxml("/initiate", Rings);
        var placed = _alice.Call(Number, Requires, sdp: "");
        var ringing = await placed.ExpectAsync(180);
        Acknowledge(placed, ringing, ScriptedPhone.Sdp(formats: "18"));
        await placed.ExpectAsync(480);
        Assert.Equal("error", (await Voice.ExpectAsync("disconnect"))["cause"]);
        await Voice.UntilNoMediaAsync();
    }

    [Fact]
    public async Task SES_01_CallerThatNeverSendsPrack_IsGivenUp()
    {
        Voice.Catcher.AnswerBxml("/initiate", Rings);
        var placed = _alice.Call(Number, Requires);
        await placed.ExpectAsync(180);
        Voice.Advance(33);
        await placed.ExpectAsync(504);
        Assert.Equal("cancel", (await Voice.ExpectAsync("disconnect"))["cause"]);
        await Voice.UntilNoMediaAsync();
    }

    [Fact]
    public async Task SES_02_HoldByUpdate_IsAnsweredAsByReinvite()
    {
        var (placed, answer, call) = await AnsweredAsync();
        var version = answer.Body.Split("\r\n")[1];
        placed.SendInDialog(answer, "UPDATE", ScriptedPhone.Sdp() + "a=sendonly\r\n");
        var held = await _alice.ExpectAsync("200 UPDATE");
        Assert.Contains("a=recvonly", held.Body, StringComparison.Ordinal);
        Assert.NotEqual(version, held.Body.Split("\r\n")[1]);
        placed.SendInDialog(answer, "UPDATE", ScriptedPhone.Sdp(formats: "18"));
        var refusal = await _alice.ExpectAsync("488 UPDATE");
        Assert.StartsWith("305 ", refusal.One("Warning"), StringComparison.Ordinal);
        Assert.Equal(CallPhase.Answered, call.State.Phase);
    }

    [Fact]
    public async Task SES_02_CalledDevice_AnswersWhileItRings_AndTheAnswerCounts()
    {
        Voice.Catcher.AnswerBxml("/answer", Waiting);
        var call = Voice.Create();
        var invite = await _alice.ExpectAsync("INVITE");
        _alice.Answer(invite, 183, "Require: 100rel\r\nRSeq: 9\r\n", ScriptedPhone.Sdp());
        var prack = await _alice.ExpectAsync("PRACK");
        Assert.Equal("9 1 INVITE", prack.One("RAck"));
        _alice.Answer(prack, 200);
        _alice.SendInDialog(invite, "UPDATE", ScriptedPhone.Sdp());
        await _alice.ExpectAsync("488 UPDATE"); // what rings may be one of several, which share the ports
        _alice.Answer(invite, 200);
        await _alice.ExpectAsync("ACK");
        await VoiceHarness.UntilAsync(call, CallPhase.Answered);
        await Voice.ExpectAsync("answer");
    }

    [Fact]
    public async Task SES_03_DeviceThatRefreshes_IsInItsCallAfterHours_OneThatDoesNotIsGone()
    {
        var (placed, answer, call) = await AnsweredAsync("Supported: timer\r\nSession-Expires: 1800;refresher=uac\r\n");
        Assert.Equal("1800;refresher=uac", answer.One("Session-Expires"));
        for (var i = 0; i < 3; i++)
        {
            Voice.Advance(900);
            placed.SendInDialog(answer, "UPDATE", headers: "Supported: timer\r\nSession-Expires: 1800;refresher=uac\r\n");
            await _alice.ExpectAsync("200 UPDATE");
        }

        Assert.Equal(CallPhase.Answered, call.State.Phase);
        Voice.Advance(1_769);
        var bye = await _alice.ExpectAsync("BYE");
        Assert.Equal("SIP;cause=408;text=\"Session expired\"", bye.One("Reason"));
        var end = await VoiceHarness.EndOfAsync(call);
        Assert.Equal(("error", "The device let the call expire"), (end.DisconnectCause, end.ErrorMessage));
        await Voice.UntilNoMediaAsync();
    }

    [Fact]
    public async Task SES_03_OurRefresh_ByReinvite_OffersTheSessionAsItIs()
    {
        var (placed, answer, call) = await AnsweredAsync("Supported: timer\r\nSession-Expires: 600;refresher=uas\r\nAllow: INVITE, ACK, BYE\r\n");
        Voice.Advance(301);
        var invite = await _alice.ExpectAsync("INVITE");
        Assert.Equal("600;refresher=uac", invite.One("Session-Expires"));
        Assert.Contains("m=audio ", invite.Body, StringComparison.Ordinal);
        Assert.Equal(placed.Invite.One("Call-ID"), invite.One("Call-ID"));
        _alice.Answer(invite, 200, "Session-Expires: 600;refresher=uac\r\n", ScriptedPhone.Sdp());
        await _alice.ExpectAsync("ACK");
        Voice.Advance(250);
        placed.SendInDialog(answer, "BYE");
        Assert.Equal("hangup", (await VoiceHarness.EndOfAsync(call)).DisconnectCause);
    }

    [Fact]
    public async Task SES_05_ReasonOfTheDevice_StandsWithItsLeg()
    {
        var (placed, answer, call) = await AnsweredAsync();
        placed.SendInDialog(answer, "BYE", headers: "Reason: Q.850;cause=16;text=\"bye\"\r\n");
        await VoiceHarness.EndOfAsync(call);
        Assert.Equal("Q.850;cause=16;text=\"bye\"", Assert.Single(call.Legs.All).Reason);
    }

    [Fact]
    public async Task SES_05_ReasonOfARefusal_StandsWithItsLeg()
    {
        var call = Voice.Create();
        _alice.Answer(await _alice.ExpectAsync("INVITE"), 480, "Reason: Q.850;cause=20\r\n");
        await VoiceHarness.EndOfAsync(call);
        Assert.Equal("Q.850;cause=20", Assert.Single(call.Legs.All).Reason);
    }

    [Fact]
    public async Task SES_05_DeviceThatLoses_IsToldThatTheCallWasTakenElsewhere()
    {
        var other = Voice.NewPhone("alice");
        other.Register();
        Voice.Catcher.AnswerBxml("/answer", Waiting);
        Voice.Create();
        var (first, second) = (await _alice.ExpectAsync("INVITE"), await other.ExpectAsync("INVITE"));
        other.Ring(second);
        await _alice.AcceptAsync(first);
        Assert.Equal("SIP;cause=200;text=\"Call completed elsewhere\"", (await other.ExpectAsync("CANCEL")).One("Reason"));
    }

    [Fact]
    public async Task Ringing_IsToldAgainEachMinute()
    {
        Voice.Catcher.AnswerBxml("/initiate", Rings);
        var placed = _alice.Call(Number, Requires); // reliable, so that one can be told from the other
        var first = await placed.ExpectAsync(180);
        Acknowledge(placed, first);
        await _alice.ExpectAsync("200 PRACK");
        Voice.Advance(61);
        var second = await placed.ExpectAsync(180);
        Assert.Equal(uint.Parse(first.One("RSeq"), CultureInfo.InvariantCulture) + 1, uint.Parse(second.One("RSeq"), CultureInfo.InvariantCulture));
    }

    private static void Acknowledge(PlacedCall placed, MessageText response, string sdp = "") => placed.SendInDialog(
        response, "PRACK", sdp, $"{(sdp == "" ? "" : "Content-Type: application/sdp\r\n")}RAck: {response.One("RSeq")} {placed.Invite.One("CSeq")}\r\n");

    private GivenBxml Given(string bxml)
    {
        var octets = Encoding.UTF8.GetBytes(bxml);
        return new GivenBxml(BxmlReader.Read(octets, Voice.Catcher.Url("/initiate"), BxmlContext.Call).Document!, octets);
    }

    private async Task<(PlacedCall Placed, MessageText Answer, Call Call)> AnsweredAsync(string headers = "")
    {
        Voice.Catcher.AnswerBxml("/initiate", Waiting);
        var placed = _alice.Call(Number, headers);
        var answer = await placed.ConfirmAsync();
        var call = await Voice.InboundAsync();
        await VoiceHarness.UntilAsync(call, CallPhase.Answered);
        return (placed, answer, call);
    }
}
