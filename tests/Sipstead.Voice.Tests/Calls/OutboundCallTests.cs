using Sipstead.Testing.Webhooks;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Calls;

/// <summary>The way of a call that the API makes (docs/calls.md, webhooks.md 8.1).</summary>
public sealed class OutboundCallTests : VoiceTest
{
    private ScriptedPhone _alice = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _alice = Voice.AddPhone();
    }

    [Fact]
    public async Task Call_AnsweredAndHungUpByTheDocument_TellsTheApplicationExactly()
    {
        Voice.Catcher.AnswerBxml("/answer", "<Response><Hangup/></Response>");
        var call = Voice.Create();
        var invite = await _alice.ExpectAsync("INVITE");
        Assert.Equal(CallPhase.Initiated, call.State.Phase);
        Voice.Time.Advance(TimeSpan.FromMilliseconds(250));
        _alice.Ring(invite);
        Voice.Time.Advance(TimeSpan.FromSeconds(2));
        await _alice.AcceptAsync(invite);

        var answer = await Voice.ExpectAsync("answer");
        var disconnect = await Voice.ExpectAsync("disconnect");
        await _alice.ExpectAsync("BYE");

        var common = $$"""
            "accountId":"9900000","applicationId":"{{Voice.Application.Id}}","from":"+12025550100","to":"sip:alice@{{Voice.Realm}}","direction":"outbound",
            "callId":"{{call.Id}}","callUrl":"http://voice.example/api/v2/accounts/9900000/calls/{{call.Id}}",
            "enqueuedTime":"2026-01-02T03:04:05.000Z","startTime":"2026-01-02T03:04:05.000Z","answerTime":"2026-01-02T03:04:07.250Z","tag":"t1",
            """.ReplaceLineEndings("");
        var sip = $"\"sipCallId\":\"{invite.One("Call-ID")}\"";
        Assert.Equal($$"""{"eventType":"answer","eventTime":"2026-01-02T03:04:07.250Z",{{common}}{{sip}}}""", answer.Text);
        Assert.Equal(
            $$"""{"eventType":"disconnect","eventTime":"2026-01-02T03:04:07.250Z",{{common}}"endTime":"2026-01-02T03:04:07.250Z","cause":"hangup",{{sip}}}""",
            disconnect.Text);
        Assert.Equal(2, Voice.Catcher.Requests.Count);
        await Voice.UntilNoMediaAsync();
    }

    [Fact]
    public async Task Call_NoVerbLeft_EndsWithHangup()
    {
        var (call, _) = await Voice.EstablishAsync(_alice, "<Response/>");

        Assert.Equal("hangup", (await VoiceHarness.EndOfAsync(call)).DisconnectCause);
        await _alice.ExpectAsync("BYE");
    }

    [Theory]
    [InlineData(200)]
    [InlineData(204)]
    public async Task Call_EmptyAnswer_HangsUp(int status)
    {
        Voice.Catcher.Answer("/answer", CatcherAnswer.Of(status));
        var call = Voice.Create();
        await _alice.AcceptAsync(await _alice.ExpectAsync("INVITE"));

        Assert.Equal("hangup", (await VoiceHarness.EndOfAsync(call)).DisconnectCause);
    }

    [Fact]
    public async Task Call_HungUpByThePhone_EndsWithHangupAndTheSipCallId()
    {
        var (call, invite) = await Voice.EstablishAsync(_alice, Waiting);

        _alice.SendInDialog(invite, "BYE");

        var disconnect = await Voice.ExpectAsync("disconnect");
        Assert.Equal("hangup", disconnect["cause"]);
        Assert.Equal(invite.One("Call-ID"), disconnect["sipCallId"]);
        Assert.Null(disconnect["errorMessage"]);
        Assert.Null(disconnect["errorId"]);
        await _alice.ExpectAsync("200 BYE");
        Assert.DoesNotContain("BYE", _alice.Kinds);
        Assert.Equal("hangup", call.State.DisconnectCause);
        await Voice.UntilNoMediaAsync();
    }

    [Fact]
    public async Task Call_HungUpDuringItsWebhook_RunsNothingMore()
    {
        var released = new TaskCompletionSource();
        Voice.Catcher.Answer("/answer", CatcherAnswer.Bxml("<Response><Redirect redirectUrl=\"/next\"/></Response>").After(released.Task));
        var call = Voice.Create();
        var invite = await _alice.ExpectAsync("INVITE");
        await _alice.AcceptAsync(invite);
        await Voice.ExpectAsync("answer");

        _alice.SendInDialog(invite, "BYE");

        Assert.Equal("hangup", (await Voice.ExpectAsync("disconnect"))["cause"]);
        released.SetResult();
        await Voice.AnsweredAsync(call, "answer");
        await NoWebhookAsync("redirect", call);
    }

    [Fact]
    public async Task Call_NobodyRings_IsCancelledAfter30SecondsWhateverCallTimeoutSays()
    {
        _alice.IsDumb = true;
        var call = Voice.Create(Voice.Wish() with { CallTimeout = TimeSpan.FromSeconds(300) });
        await _alice.ExpectAsync("INVITE");

        Voice.Advance(29.9);
        await VoiceHarness.SettleAsync(call);
        Assert.Equal(CallPhase.Initiated, call.State.Phase);
        Voice.Advance(0.2);

        var disconnect = await Voice.ExpectAsync("disconnect");
        Assert.Equal(("timeout", "No device started to ring within 30 s"), (disconnect["cause"], disconnect["errorMessage"]));
        Assert.Null(disconnect["answerTime"]);
        Assert.Null(disconnect["sipResponseCode"]);
        Assert.DoesNotContain("CANCEL", _alice.Kinds); // RFC 3261 9.1: not before a provisional response
        await Voice.UntilNoMediaAsync();
    }

    [Theory]
    [InlineData(5)]
    [InlineData(60)]
    public async Task Call_RingsForLong_IsCancelledWhenCallTimeoutIsOver(double callTimeout)
    {
        var call = Voice.Create(Voice.Wish() with { CallTimeout = TimeSpan.FromSeconds(callTimeout) });
        var invite = await _alice.ExpectAsync("INVITE");
        Voice.Advance(20);
        _alice.Ring(invite);
        await VoiceHarness.SettleAsync(call);

        Voice.Advance(callTimeout / 2);
        _alice.Answer(invite, 180, "X-Again: 1\r\n"); // ringing again begins nothing anew
        await VoiceHarness.SettleAsync(call);
        Voice.Advance((callTimeout / 2) - 0.1);
        await VoiceHarness.SettleAsync(call);
        Assert.Equal(CallPhase.Initiated, call.State.Phase);
        Voice.Advance(0.2);

        var disconnect = await Voice.ExpectAsync("disconnect");
        Assert.Equal(("timeout", "Callee did not answer"), (disconnect["cause"], disconnect["errorMessage"]));
        await _alice.ExpectAsync("CANCEL");
    }

    [Fact]
    public async Task Call_SessionProgress_CountsAsRinging()
    {
        var call = Voice.Create();
        _alice.Answer(await _alice.ExpectAsync("INVITE"), 183);
        await VoiceHarness.SettleAsync(call);

        Voice.Advance(29.9);
        await VoiceHarness.SettleAsync(call);
        Voice.Advance(0.2);

        Assert.Equal("Callee did not answer", (await VoiceHarness.EndOfAsync(call)).ErrorMessage);
    }

    [Fact]
    public async Task Complete_WhileRinging_CancelsWithoutAnAnswer()
    {
        var call = Voice.Create();
        _alice.Ring(await _alice.ExpectAsync("INVITE"));

        Assert.True(await call.CompleteAsync());

        await _alice.ExpectAsync("CANCEL");
        var disconnect = await Voice.ExpectAsync("disconnect");
        Assert.Equal("cancel", disconnect["cause"]);
        Assert.Null(disconnect["errorMessage"]);
        Assert.Null(disconnect["sipResponseCode"]);
        Assert.False(await call.CompleteAsync());
        await _alice.ExpectAsync("ACK"); // of the 487
        await Voice.UntilNoMediaAsync();
    }

    [Fact]
    public async Task Complete_AnswerThatCrossesTheCancel_GetsAckAndBye()
    {
        _alice.IsDumb = true;
        var call = Voice.Create();
        var invite = await _alice.ExpectAsync("INVITE");
        _alice.Ring(invite);
        Assert.True(await call.CompleteAsync());
        await _alice.ExpectAsync("CANCEL");

        await _alice.AcceptAsync(invite);

        await _alice.ExpectAsync("BYE");
        await NoWebhookAsync("answer", call);
        Assert.Equal("cancel", call.State.DisconnectCause);
    }

    [Fact]
    public async Task Complete_WhenAnswered_HangsUp()
    {
        var (call, _) = await Voice.EstablishAsync(_alice, Waiting);

        Assert.True(await call.CompleteAsync());

        await _alice.ExpectAsync("BYE");
        Assert.Equal("hangup", (await Voice.ExpectAsync("disconnect"))["cause"]);
    }

    [Fact]
    public async Task Disconnect_WithoutUrl_IsNotSent()
    {
        var wish = Voice.Wish();
        var (call, _) = await Voice.EstablishAsync(_alice, Waiting, wish with { Callbacks = wish.Callbacks with { Disconnect = null } });

        Assert.True(await call.CompleteAsync());

        await VoiceHarness.EndOfAsync(call);
        await NoWebhookAsync("disconnect", call);
    }

    [Fact]
    public async Task Stop_EndsCallsWithHangupAndTakesNoMore()
    {
        _alice.IsDumb = false;
        var (answered, _) = await Voice.EstablishAsync(_alice, Waiting);
        var ringing = Voice.Create();
        await _alice.ExpectAsync("INVITE");

        await Voice.Service.StopAsync(Sipstead.Testing.Poll.DefaultDeadline, TimeProvider.System);

        Assert.Equal(2, Voice.Catcher.Requests.Count(request => request.EventType == "disconnect"));
        Assert.Equal(("hangup", "hangup"), (answered.State.DisconnectCause, ringing.State.DisconnectCause));
        Assert.Equal(CallAdmission.ServerCalls, Voice.Engine.TryCreate(Voice.Wish(), out _));
    }

    [Fact]
    public async Task Tag_IsSentUntilItIsReplacedOrCleared()
    {
        Voice.Catcher.AnswerBxml("/1", "<Response><Redirect redirectUrl=\"/2\" tag=\"t2\"/></Response>");
        Voice.Catcher.AnswerBxml("/2", "<Response><Redirect redirectUrl=\"/3\" tag=\"\"/></Response>");
        Voice.Catcher.AnswerBxml("/3", Waiting);
        var (call, _) = await Voice.EstablishAsync(_alice, "<Response><Redirect redirectUrl=\"/1\"/></Response>");

        foreach (var tag in (string?[])["t1", "t2", null]) Assert.Equal(tag, (await Voice.ExpectAsync("redirect"))["tag"]);
        Assert.Null(call.State.Tag);
    }

    [Fact]
    public async Task Memory_OfAnEndedCall_IsLetGo()
    {
        var weak = await RunAsync();

        await Sipstead.Testing.Poll.UntilAsync("the call to be collected", () =>
        {
            Voice.Advance(40); // timers of the transactions
            GC.Collect();
            return Task.FromResult(!weak.TryGetTarget(out _));
        }, Cancel);

        async Task<WeakReference<Call>> RunAsync()
        {
            var (call, invite) = await Voice.EstablishAsync(_alice, Waiting);
            _alice.SendInDialog(invite, "BYE");
            await Voice.ExpectAsync("disconnect");
            await VoiceHarness.EndOfAsync(call);
            return new WeakReference<Call>(call);
        }
    }
}
