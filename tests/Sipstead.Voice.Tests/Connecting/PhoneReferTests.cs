using Sipstead.Testing;
using Sipstead.Testing.Webhooks;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Connecting;

/// <summary>A phone transfers whom it talks to, blindly or after asking (ruling 31, conformance.md SES-04).</summary>
public sealed class PhoneReferTests : ConnectingTest
{
    [Fact]
    public async Task SES_04_Blind_ByTheCalledPhone_AsksItsApplicationAboutTheCaller()
    {
        var calls = await ConnectAsync("transferCompleteUrl=\"/complete\"");
        Voice.Catcher.AnswerBxml("/initiate", Waiting);
        await Voice.ExpectAsync("initiate");

        Bob.SendInDialog(calls.Invite, "REFER", headers: $"Refer-To: <sip:2025550177@{Voice.Realm};transport=udp>\r\n");

        await Bob.ExpectAsync("202 REFER");
        var initiate = await Voice.ExpectAsync("initiate");
        Assert.Equal((calls.Call.Id, AliceUri, "+12025550177"), (initiate.CallId, initiate["from"], initiate["to"]));
        Assert.Equal($$"""{"reason":"deflection","origTo":"{{BobUri}}"}""", initiate["diversion"]);
        await ExpectNotifyAsync(Bob, "active;expires=60", "SIP/2.0 100 Trying");
        await ExpectNotifyAsync(Bob, "terminated;reason=noresource", "SIP/2.0 200 OK");
        Bob.SendInDialog(calls.Invite, "BYE");
        await VoiceHarness.EndOfAsync(calls.Leg);
        await VoiceHarness.SettleAsync(calls.Call);
        Assert.Equal(CallPhase.Answered, calls.Call.State.Phase);
        await calls.Call.CompleteAsync();
        await ShouldBeOverAsync();
        NoWebhook("transferComplete");
    }

    [Fact]
    public async Task SES_04_Blind_ByTheCallingPhone_AsksItsApplicationAboutTheCalled_AndHangsUpAPhoneThatDoesNot()
    {
        var calls = await ConnectAsync("transferCompleteUrl=\"/complete\"");
        Voice.Catcher.AnswerBxml("/initiate", Waiting);
        await Voice.ExpectAsync("initiate");

        calls.Placed.SendInDialog(calls.Answer, "REFER", headers: $"Refer-To: <{UriOf("carol")}>\r\n");

        var initiate = await Voice.ExpectAsync("initiate");
        Assert.Equal((calls.Leg.Id, BobUri, UriOf("carol"), "outbound"), (initiate.CallId, initiate["from"], initiate["to"], initiate["direction"]));
        await ExpectNotifyAsync(Alice, "active;expires=60", "SIP/2.0 100 Trying");
        await ExpectNotifyAsync(Alice, "terminated;reason=noresource", "SIP/2.0 200 OK");
        await VoiceHarness.SettleAsync(calls.Call);
        Voice.Advance(6);
        await Alice.ExpectAsync("BYE");
        await VoiceHarness.EndOfAsync(calls.Call);
        Assert.Equal(CallPhase.Answered, calls.Leg.State.Phase);
        await calls.Leg.CompleteAsync();
        await ShouldBeOverAsync();
        NoWebhook("transferComplete");
    }

    [Fact]
    public async Task SES_04_Blind_ApplicationThatDoesNotAnswer_EndsTheOtherParty_AndIsTold()
    {
        var calls = await ConnectAsync();
        Voice.Catcher.Answer("/initiate", CatcherAnswer.Of(500));

        Bob.SendInDialog(calls.Invite, "REFER", headers: $"Refer-To: <{UriOf("carol")}>\r\n");

        await ExpectNotifyAsync(Bob, "active;expires=60", "SIP/2.0 100 Trying");
        await ExpectNotifyAsync(Bob, "terminated;reason=noresource", "SIP/2.0 503 Service Unavailable");
        Assert.Equal("callback-error", (await VoiceHarness.EndOfAsync(calls.Call)).DisconnectCause);
    }

    [Fact]
    public async Task SES_04_Attended_ConnectsTheTwoOthers()
    {
        // Bob talks to Alice, who called him, and to Carol, whom he called.
        var calls = await ConnectAsync();
        var carol = Voice.AddPhone("carol");
        Voice.Catcher.AnswerBxml("/initiate", $"<Response><Transfer><SipUri>{UriOf("carol")}</SipUri></Transfer></Response>");
        var consulting = Bob.Call($"sip:100@{Voice.Realm}");
        var carolInvite = await carol.ExpectAsync("INVITE");
        await carol.AcceptAsync(carolInvite);
        var consulted = await consulting.ConfirmAsync();
        var carolLeg = Voice.Registry.Live().Single(call => call.State.Transfer?.To == UriOf("carol"));
        var bobCall = Voice.Registry.Live().Single(call => call.Id == carolLeg.State.Transfer!.ParentCallId);
        await Poll.UntilAsync("the second bridge", () => Task.FromResult(bobCall.Bridge is not null && carolLeg.Bridge is not null), Cancel);

        Bob.SendInDialog(
            calls.Invite, "REFER",
            headers: $"Refer-To: <{UriOf("carol")}?Replaces={consulted.One("Call-ID")}%3Bto-tag%3D{consulted.ToTag}%3Bfrom-tag%3D{consulted.FromTag}>\r\n");

        await Bob.ExpectAsync("202 REFER");
        await ExpectNotifyAsync(Bob, "active;expires=60", "SIP/2.0 100 Trying");
        await ExpectNotifyAsync(Bob, "terminated;reason=noresource", "SIP/2.0 200 OK");
        await Poll.UntilAsync(
            "the new bridge", () => Task.FromResult(calls.Call.Bridge?.OtherThan(calls.Call) == carolLeg && carolLeg.Bridge == calls.Call.Bridge), Cancel);
        Bob.SendInDialog(calls.Invite, "BYE");
        consulting.SendInDialog(consulted, "BYE");
        await VoiceHarness.EndOfAsync(calls.Leg);
        await VoiceHarness.EndOfAsync(bobCall);
        Assert.Equal(2, Voice.Registry.Live().Count);

        carol.SendInDialog(carolInvite, "BYE");

        await Alice.ExpectAsync("BYE");
        await ShouldBeOverAsync();
    }

    [Theory]
    [InlineData("Refer-To: <sip:carol@x.example?Replaces=nothing%3Bto-tag%3D1%3Bfrom-tag%3D2>\r\n", 481)]
    [InlineData("Refer-To: <sip:carol@x.example?Replaces=nothing>\r\n", 400)]
    [InlineData("Refer-To: <sip:carol@x.example;method=BYE>\r\n", 400)]
    [InlineData("Refer-To: <tel:+12025550177>\r\n", 400)]
    [InlineData("", 400)]
    public async Task SES_04_WhatCannotBeDone_IsRefused_AndTheTwoGoOn(string headers, int status)
    {
        var calls = await ConnectAsync();

        Bob.SendInDialog(calls.Invite, "REFER", headers: headers);

        await Bob.ExpectAsync($"{status} REFER");
        Assert.NotNull(calls.Call.Bridge);
        await calls.Call.CompleteAsync();
        await ShouldBeOverAsync();
    }

    [Fact]
    public async Task SES_04_NobodyThere_IsDeclined()
    {
        var (call, invite) = await Voice.EstablishAsync(Bob, Waiting, Voice.Wish(BobUri));

        Bob.SendInDialog(invite, "REFER", headers: $"Refer-To: <{AliceUri}>\r\n");

        await Bob.ExpectAsync("603 REFER");
        Assert.Equal(CallPhase.Answered, call.State.Phase);
    }

    private static async Task ExpectNotifyAsync(ScriptedPhone phone, string state, string fragment)
    {
        var notify = await phone.ExpectAsync("NOTIFY");
        Assert.Equal((state, $"{fragment}\r\n", "message/sipfrag;version=2.0"), (notify.One("Subscription-State"), notify.Body, notify.One("Content-Type")));
        Assert.StartsWith("refer;id=", notify.One("Event"), StringComparison.Ordinal);
        phone.Answer(notify, 200);
    }
}
