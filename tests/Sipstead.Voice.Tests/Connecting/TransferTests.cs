using System.Globalization;
using System.Net;
using Sipstead.Testing;
using Sipstead.Testing.Phones;
using Sipstead.Testing.Sip;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Connecting;

/// <summary>A call is connected with the first of its targets that answers (bxml.md 7.1, webhooks.md 8.3).</summary>
public sealed class TransferTests : VoiceTest
{
    private const string Number = "+12025550111";

    private ScriptedPhone _alice = null!;
    private ScriptedPhone _bob = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _alice = Voice.AddPhone();
        _bob = Voice.AddPhone("bob");
    }

    private string Bob => $"sip:bob@{Voice.Realm}";

    [Fact]
    public async Task Audio_AndKeys_GoBothWays()
    {
        Voice.Media.Start();
        await using var alice = new PhoneAudio();
        await using var bob = new PhoneAudio();
        Voice.Catcher.AnswerBxml("/initiate", $"<Response><Transfer><SipUri>{Bob}</SipUri></Transfer></Response>");
        var placed = _alice.Call($"sip:{Number}@{Voice.Realm}", sdp: ScriptedPhone.Sdp(alice.Port));
        var invite = await _bob.ExpectAsync("INVITE");
        await _bob.AcceptAsync(invite, ScriptedPhone.Sdp(bob.Port));
        var answer = await placed.ConfirmAsync();

        var saying = Task.WhenAll(alice.SayAsync(0x21, 200, PartyOf(answer)), bob.SayAsync(0xA1, 200, PartyOf(invite)));

        await Poll.UntilAsync("what Alice says at Bob's", () => Task.FromResult(bob.FramesOf(0x21) > 20), Cancel);
        await Poll.UntilAsync("what Bob says at Alice's", () => Task.FromResult(alice.FramesOf(0xA1) > 20), Cancel);
        await saying;
        await alice.PressAsync("5#", PartyOf(answer), 101);
        await Poll.UntilAsync("the keys", () => Task.FromResult(bob.Digits == "5#"), Cancel);
        Assert.Equal((0, 0), (bob.FramesOf(0xA1), alice.FramesOf(0x21)));
    }

    [Fact]
    public async Task TargetHangsUp_TellsBothAndTheDocumentOfTransferCompleteRuns()
    {
        Voice.Catcher.AnswerBxml("/complete", Waiting);
        var (placed, answer, invite) = await ConnectAsync(" transferCompleteUrl=\"/complete\"", "transferDisconnectUrl=\"/left\" tag=\"b\"");
        var call = await Voice.InboundAsync();
        Voice.Advance(3);

        _bob.SendInDialog(invite, "BYE");

        var left = await Voice.ExpectAsync("transferDisconnect");
        var complete = await Voice.ExpectAsync("transferComplete");
        Assert.Equal(
            $$"""
            {"eventType":"transferDisconnect","eventTime":"2026-01-02T03:04:08.000Z","accountId":"9900000","applicationId":"{{Voice.Application.Id}}",
            "from":"sip:alice@{{Voice.Realm}}","to":"+12025550111","direction":"outbound","callId":"{{left.CallId}}",
            "callUrl":"http://voice.example/api/v2/accounts/9900000/calls/{{left.CallId}}","enqueuedTime":"2026-01-02T03:04:05.000Z",
            "startTime":"2026-01-02T03:04:05.000Z","answerTime":"2026-01-02T03:04:05.000Z","tag":"b","parentCallId":"{{call.Id}}",
            "transferCallerId":"sip:alice@{{Voice.Realm}}","transferTo":"{{Bob}}","endTime":"2026-01-02T03:04:08.000Z","cause":"hangup",
            "sipCallId":"{{invite.One("Call-ID")}}"}
            """.ReplaceLineEndings(""),
            left.Text);
        Assert.Equal((call.Id, $"sip:alice@{Voice.Realm}", Bob, "hangup"), (complete.CallId, complete["transferCallerId"], complete["transferTo"], complete["cause"]));
        Assert.Null(complete["parentCallId"]);
        Assert.Equal(CallPhase.Answered, call.State.Phase);
        placed.SendInDialog(answer, "BYE");
        Assert.Equal("hangup", (await Voice.ExpectAsync("disconnect"))["cause"]);
        await ShouldBeOverAsync();
    }

    [Fact]
    public async Task CallerHangsUp_EndsTheTarget_WithoutTransferComplete()
    {
        var (placed, answer, _) = await ConnectAsync(" transferCompleteUrl=\"/complete\"", "transferDisconnectUrl=\"/left\"");

        placed.SendInDialog(answer, "BYE");

        await _bob.ExpectAsync("BYE");
        Assert.Equal("hangup", (await Voice.ExpectAsync("transferDisconnect"))["cause"]);
        Assert.Equal("hangup", (await Voice.ExpectAsync("disconnect"))["cause"]);
        await ShouldBeOverAsync();
        Assert.DoesNotContain(Voice.Catcher.Requests, request => request.EventType == "transferComplete");
    }

    private static IPEndPoint PartyOf(MessageText described)
    {
        var line = described.Body.Split("m=audio ")[1];
        return new IPEndPoint(IPAddress.Loopback, int.Parse(line[..line.IndexOf(' ', StringComparison.Ordinal)], CultureInfo.InvariantCulture));
    }

    private async Task<(PlacedCall Placed, MessageText Answer, MessageText Invite)> ConnectAsync(string transfer = "", string target = "")
    {
        Voice.Catcher.AnswerBxml("/initiate", $"<Response><Transfer{transfer}><SipUri {target}>{Bob}</SipUri></Transfer></Response>");
        var placed = _alice.Call($"sip:{Number}@{Voice.Realm}");
        var invite = await _bob.ExpectAsync("INVITE");
        _bob.Ring(invite);
        await placed.ExpectAsync(180);
        await _bob.AcceptAsync(invite);
        return (placed, await placed.ConfirmAsync(), invite);
    }

    private async Task ShouldBeOverAsync()
    {
        await Voice.UntilNoMediaAsync();
        await Poll.UntilAsync("no call", () => Task.FromResult(Voice.Registry.Live().Count == 0), Cancel);
        Assert.Equal(0, Voice.Traffic.LiveOf("9900000"));
        Assert.Equal(0, Voice.Meters["sipstead.voice.calls.active"]);
    }
}
