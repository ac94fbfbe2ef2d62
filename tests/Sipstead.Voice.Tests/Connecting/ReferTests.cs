using Sipstead.Testing.Sip;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Connecting;

/// <summary>The caller's phone is asked to call somebody else (bxml.md 7.5, RFC 3515).</summary>
public sealed class ReferTests : ConnectingTest
{
    [Fact]
    public async Task PhoneCalls_TheCallEnds()
    {
        var (placed, answer, refer) = await ReferAsync();
        Assert.Equal($"<{BobUri}>", refer.One("Refer-To"));
        Alice.Answer(refer, 202);
        Notify(placed, answer, "active;expires=60", "SIP/2.0 100 Trying");
        Notify(placed, answer, "terminated;reason=noresource", "SIP/2.0 200 OK");

        var complete = await Voice.ExpectAsync("referComplete");
        Assert.Equal(("success", "202", "200"), (complete["referCallStatus"], complete["referSipResponseCode"], complete["notifySipResponseCode"]));
        await Alice.ExpectAsync("BYE");
        Assert.Equal("hangup", (await Voice.ExpectAsync("disconnect"))["cause"]);
        await ShouldBeOverAsync();
    }

    [Fact]
    public async Task PhoneRefuses_TheDocumentOfReferCompleteRuns()
    {
        Voice.Catcher.AnswerBxml("/complete", Waiting);
        var (_, _, refer) = await ReferAsync();

        Alice.Answer(refer, 405);

        var complete = await Voice.ExpectAsync("referComplete");
        Assert.Equal(("failure", "405", null), (complete["referCallStatus"], complete["referSipResponseCode"], complete["notifySipResponseCode"]));
        var call = await Voice.InboundAsync();
        await VoiceHarness.SettleAsync(call);
        Assert.Equal(CallPhase.Answered, call.State.Phase);
        await call.CompleteAsync();
        await ShouldBeOverAsync();
    }

    [Fact]
    public async Task PhoneSaysNothingMore_ItFailsAfter30Seconds()
    {
        var (placed, answer, refer) = await ReferAsync();
        Alice.Answer(refer, 202);
        Notify(placed, answer, "active;expires=60", "SIP/2.0 180 Ringing");
        await Alice.ExpectAsync("200 NOTIFY");
        await VoiceHarness.SettleAsync(await Voice.InboundAsync());

        Voice.Advance(31);

        var complete = await Voice.ExpectAsync("referComplete");
        Assert.Equal(("failure", "202", "180"), (complete["referCallStatus"], complete["referSipResponseCode"], complete["notifySipResponseCode"]));
    }

    [Fact]
    public async Task OutboundCall_EndsWithApplicationError()
    {
        await Voice.EstablishAsync(Alice, $"<Response><Refer><SipUri>{BobUri}</SipUri></Refer></Response>");
        Assert.Equal("application-error", (await Voice.ExpectAsync("disconnect"))["cause"]);
    }

    private static void Notify(PlacedCall placed, MessageText answer, string state, string fragment) => placed.SendInDialog(
        answer, "NOTIFY", fragment + "\r\n", $"Event: refer\r\nSubscription-State: {state}\r\nContent-Type: message/sipfrag\r\n");

    private async Task<(PlacedCall Placed, MessageText Answer, MessageText Refer)> ReferAsync()
    {
        var placed = CallWith($"<Refer referCompleteUrl=\"/complete\"><SipUri>{BobUri}</SipUri></Refer>");
        var answer = await placed.ConfirmAsync();
        return (placed, answer, await Alice.ExpectAsync("REFER"));
    }
}
