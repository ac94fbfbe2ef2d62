using Sipstead.Sip.Transport;
using Sipstead.Testing.Webhooks;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Calls;

/// <summary>The table of causes in docs/calls.md, for outbound calls; rows that need more have tests of their own.</summary>
public sealed class CallEndTests : VoiceTest
{
    [Theory]
    [InlineData(486, "busy", "Callee is busy")]
    [InlineData(600, "busy", "Callee is busy")]
    [InlineData(408, "timeout", "Callee did not answer")]
    [InlineData(480, "timeout", "Callee did not answer")]
    [InlineData(487, "cancel", null)]
    [InlineData(401, "rejected", "Callee refused the call: 401 Reason 401")]
    [InlineData(403, "rejected", "Callee refused the call: 403 Reason 403")]
    [InlineData(407, "rejected", "Callee refused the call: 407 Reason 407")]
    [InlineData(488, "rejected", "Callee refused the call: 488 Reason 488")]
    [InlineData(603, "rejected", "Callee refused the call: 603 Reason 603")]
    [InlineData(302, "rejected", "Callee refused the call: 302 Reason 302")]
    [InlineData(421, "rejected", "Callee refused the call: 421 Reason 421")]
    [InlineData(404, "error", "The device could not take the call: 404 Reason 404")]
    [InlineData(410, "error", "The device could not take the call: 410 Reason 410")]
    [InlineData(484, "error", "The device could not take the call: 484 Reason 484")]
    [InlineData(604, "error", "The device could not take the call: 604 Reason 604")]
    [InlineData(500, "error", "The device could not take the call: 500 Reason 500")]
    [InlineData(503, "error", "The device could not take the call: 503 Reason 503")]
    public async Task Refusal_OfTheDevice_IsTheCauseOfTheTable(int status, string cause, string? message)
    {
        var alice = Voice.AddPhone();
        var call = Voice.Create();

        alice.Answer(await alice.ExpectAsync("INVITE"), status, "Contact: <sip:elsewhere@example.net>\r\n");

        var disconnect = await Voice.ExpectAsync("disconnect");
        Assert.Equal((cause, message), (disconnect["cause"], disconnect["errorMessage"]));
        Assert.Equal($"{status}", disconnect["sipResponseCode"]);
        Assert.Equal(message is null, disconnect["errorId"] is null);
        Assert.Null(disconnect["answerTime"]);
        Assert.Equal((cause, message, disconnect["errorId"]), (call.State.DisconnectCause, call.State.ErrorMessage, call.State.ErrorId));
        await alice.ExpectAsync("ACK");
        Assert.Single(alice.Kinds, "INVITE"); // challenges are not met, redirections not followed
        await Voice.UntilNoMediaAsync();
    }

    [Fact]
    public async Task NobodyRegistered_IsAnError()
    {
        Voice.AddUser("alice", null);
        var end = await VoiceHarness.EndOfAsync(Voice.Create());
        Assert.Equal(("error", $"No device of sip:alice@{Voice.Realm} is registered"), (end.DisconnectCause, end.ErrorMessage));
    }

    [Fact]
    public async Task ConnectionOfTheOnlyDeviceGone_IsAnError()
    {
        Voice.AddUser("alice", null);
        var alice = Voice.NewPhone("alice", SipTransport.Tcp);
        alice.Register();
        alice.IsConnected = false;

        Assert.Equal("error", (await VoiceHarness.EndOfAsync(Voice.Create())).DisconnectCause);
    }

    [Fact]
    public async Task ConnectionLostWhileTheInviteIsSent_IsAnError()
    {
        Voice.AddUser("alice", null);
        var alice = Voice.NewPhone("alice", SipTransport.Tcp);
        alice.Register();
        alice.RefusesToTake = true;

        var disconnect = await DisconnectOfAsync(Voice.Create());

        Assert.Equal(("error", "503"), (disconnect["cause"], disconnect["sipResponseCode"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("v=0\r\nnonsense")]
    [InlineData("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 18\r\na=rtpmap:18 G729/8000\r\n")]
    [InlineData("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 0 RTP/AVP 0\r\n")]
    public async Task UnusableAnswer_IsAnErrorAndIsHungUp(string sdp)
    {
        var alice = Voice.AddPhone();
        var call = Voice.Create();
        var invite = await alice.ExpectAsync("INVITE");

        alice.Answer(invite, 200, body: sdp);

        var disconnect = await Voice.ExpectAsync("disconnect");
        Assert.Equal("error", disconnect["cause"]);
        Assert.StartsWith("The device's answer cannot be used: ", disconnect["errorMessage"], StringComparison.Ordinal);
        await alice.ExpectAsync("ACK");
        await alice.ExpectAsync("BYE");
        await NoWebhookAsync("answer", call);
        await Voice.UntilNoMediaAsync();
    }

    [Fact]
    public async Task CallbackFails_EndsWithCallbackErrorAndWhy()
    {
        var disconnect = await RunAsync(CatcherAnswer.Of(500), fallback: null);
        Assert.Equal("callback-error", disconnect["cause"]);
        Assert.Contains("/answer answered 500", disconnect["errorMessage"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallbackDropsTheConnection_GoesToItsFallback()
    {
        var disconnect = await RunAsync(CatcherAnswer.Drop, CatcherAnswer.Bxml("<Response><Hangup/></Response>"));
        Assert.Equal("hangup", disconnect["cause"]);
        Assert.Equal(2, Voice.Catcher.Requests.Count(request => request.EventType == "answer"));
    }

    [Fact]
    public async Task CallbackTooSlow_GoesToItsFallback()
    {
        var never = new TaskCompletionSource();
        var disconnect = await RunAsync(CatcherAnswer.Bxml(Waiting).After(never.Task), CatcherAnswer.Bxml("<Response/>"), TimeSpan.FromSeconds(5));
        Assert.Equal("hangup", disconnect["cause"]);
    }

    [Fact]
    public async Task CallbackAndFallbackFail_EndsWithBothReasons()
    {
        var disconnect = await RunAsync(CatcherAnswer.Of(404), CatcherAnswer.Of(503));
        Assert.Equal("callback-error", disconnect["cause"]);
        Assert.Contains("/answer answered 404", disconnect["errorMessage"], StringComparison.Ordinal);
        Assert.Contains("/fallback answered 503", disconnect["errorMessage"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("this is no XML")]
    [InlineData("<Response><Hangup></Response>")]
    [InlineData("<Answer/>")]
    [InlineData("<Response><Gather maxDigits=\"many\"/></Response>")]
    public async Task InvalidDocument_EndsWithInvalidBxmlWithoutTheFallback(string bxml)
    {
        var disconnect = await RunAsync(CatcherAnswer.Bxml(bxml), CatcherAnswer.Bxml(Waiting));
        Assert.Equal("invalid-bxml", disconnect["cause"]);
        Assert.NotEmpty(disconnect["errorMessage"]!);
        Assert.DoesNotContain(Voice.Catcher.Requests, request => request.Path == "/fallback");
    }

    [Fact]
    public async Task InvalidAttribute_IsNamedWithItsPlace()
    {
        var disconnect = await RunAsync(CatcherAnswer.Bxml("<Response>\n  <Gather maxDigits=\"many\"/>\n</Response>"), null);
        Assert.Contains("2", disconnect["errorMessage"], StringComparison.Ordinal);
        Assert.Contains("Gather", disconnect["errorMessage"], StringComparison.Ordinal);
        Assert.Contains("maxDigits", disconnect["errorMessage"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task ImpossibleDocument_EndsWithApplicationError()
    {
        Voice.Speech.Speak = (_, _) => new(new Media.Audio.AudioResult(null, "There is no voice."));
        var disconnect = await RunAsync(CatcherAnswer.Bxml("<Response><SpeakSentence>Hello</SpeakSentence></Response>"), null);
        Assert.Equal("application-error", disconnect["cause"]);
        Assert.Contains("There is no voice.", disconnect["errorMessage"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task DefectInAVerb_EndsTheCallAndNothingElse()
    {
        Voice.Speech.Speak = (_, _) => throw new InvalidOperationException("a defect");
        var disconnect = await RunAsync(CatcherAnswer.Bxml("<Response><SpeakSentence>Hello</SpeakSentence></Response>"), null);
        Assert.Equal("error", disconnect["cause"]);
        Assert.DoesNotContain("a defect", disconnect["errorMessage"], StringComparison.Ordinal);
    }

    private async Task<CaughtRequest> DisconnectOfAsync(Call call)
    {
        await VoiceHarness.EndOfAsync(call);
        return await Voice.ExpectAsync("disconnect");
    }

    private async Task<CaughtRequest> RunAsync(CatcherAnswer primary, CatcherAnswer? fallback, TimeSpan? timeout = null)
    {
        var alice = Voice.AddPhone();
        Voice.Catcher.Answer("/answer", primary);
        if (fallback is not null) Voice.Catcher.Answer("/fallback", fallback);
        var wish = Voice.Wish();
        Voice.Create(wish with
        {
            Callbacks = wish.Callbacks with
            {
                BeginFallback = fallback is null ? null : Voice.Target("/fallback"), Timeout = timeout ?? wish.Callbacks.Timeout,
            },
        });
        await alice.AcceptAsync(await alice.ExpectAsync("INVITE"));
        var disconnect = await Voice.ExpectAsync("disconnect");
        await alice.ExpectAsync("BYE");
        return disconnect;
    }
}
