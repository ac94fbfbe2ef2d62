using Sipstead.Interop.Tests.Baresip;
using Sipstead.Testing.Phones;
using Sipstead.Testing.Webhooks;

namespace Sipstead.Interop.Tests.Calls;

/// <summary>baresip is called by the API: it rings, answers, hears what the application says, and either side hangs up.</summary>
public sealed class BaresipCalledTests(InteropServer server)
{
    private const int AudioFrequency = 1100;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    [InlineData("tls")]
    public async Task Call_RingsIsAnsweredSpeaksAndHangsUp(string transport)
    {
        await using var scene = await CreateSceneAsync();
        scene.Application.Answer("/tone.wav", CatcherAnswer.File(Tone.Wav(AudioFrequency, TimeSpan.FromSeconds(2)), "audio/wav"));
        scene.Application.AnswerBxml(
            "/answer", "<Response><SpeakSentence>This is what was to be said.</SpeakSentence><PlayAudio>tone.wav</PlayAudio><Hangup/></Response>");
        await using var phone = await server.StartPhoneAsync(scene.Alice, "auto", transport);

        var callId = await scene.CallAsync(("tag", "t1"));

        var answer = await scene.ExpectAsync("answer");
        scene.Contract.CheckOutbound(answer, scene.AliceUri, "answerTime", "tag", "sipCallId");
        Assert.Equal((callId, "t1"), (answer.CallId, answer["tag"]));
        var end = await scene.ExpectEndAsync("hangup");
        scene.Contract.CheckOutbound(end, scene.AliceUri, "answerTime", "tag", "endTime", "cause", "sipCallId");
        await phone.Control.ExpectAsync("CALL_CLOSED", Cancel);
        await CheckStateAsync(scene, answer, end);
        CheckAudio(await phone.HeardAsync(Cancel));
    }

    [Fact]
    public async Task PlayAudio_IsHeard_AndNothingElseBefore()
    {
        await using var scene = await CreateSceneAsync();
        scene.Application.Answer("/tone.wav", CatcherAnswer.File(Tone.Wav(AudioFrequency, TimeSpan.FromSeconds(2)), "audio/wav"));
        scene.Application.AnswerBxml("/answer", "<Response><Pause duration=\"1\"/><PlayAudio>tone.wav</PlayAudio></Response>");
        await using var phone = await server.StartPhoneAsync(scene.Alice, "auto");

        await scene.CallAsync();

        await scene.ExpectEndAsync("hangup");
        await phone.Control.ExpectAsync("CALL_CLOSED", Cancel);
        var heard = await phone.HeardAsync(Cancel);
        Assert.True(heard.TimeOfTone(AudioFrequency) > TimeSpan.FromSeconds(1.2));
        var start = heard.StartOfTone(AudioFrequency)!.Value;
        Assert.True(start > TimeSpan.FromSeconds(0.5), $"{start}");
        Assert.True(heard.Until(start).TimeOfOthers(AudioFrequency) < TimeSpan.FromSeconds(0.35)); // the pieces in which the tone begins, and stumbles, are not pure
    }

    [Fact]
    public async Task PhoneHangsUp_EndsTheCall()
    {
        await using var scene = await CreateSceneAsync();
        scene.Application.AnswerBxml("/answer", "<Response><Pause duration=\"60\"/></Response>");
        await using var phone = await server.StartPhoneAsync(scene.Alice, "manual");

        var callId = await scene.CallAsync();
        await phone.Control.ExpectAsync("CALL_INCOMING", Cancel);
        var ringing = await scene.StateAsync(callId);
        Assert.Equal("initiated", ringing.GetProperty("state").GetString());
        Assert.False(ringing.TryGetProperty("answerTime", out _));
        await phone.Control.SendAsync("accept", null, Cancel);
        scene.Contract.CheckOutbound(await scene.ExpectAsync("answer"), scene.AliceUri, "answerTime", "sipCallId");
        await phone.Control.ExpectAsync("CALL_ESTABLISHED", Cancel);
        Assert.Equal("answered", (await scene.StateAsync(callId)).GetProperty("state").GetString());
        await phone.Control.SendAsync("hangup", null, Cancel);

        scene.Contract.CheckOutbound(await scene.ExpectEndAsync("hangup"), scene.AliceUri, "answerTime", "endTime", "cause", "sipCallId");
    }

    [Fact]
    public async Task PhoneRefuses_IsNeverAnswered()
    {
        await using var scene = await CreateSceneAsync();
        await using var phone = await server.StartPhoneAsync(scene.Alice, "manual");

        await scene.CallAsync();
        await phone.Control.ExpectAsync("CALL_INCOMING", Cancel);
        await phone.Control.SendAsync("hangup", null, Cancel);

        var end = await scene.ExpectAsync("disconnect");
        Assert.Equal("busy", end["cause"]); // 486 is what it says
        scene.Contract.CheckOutbound(end, scene.AliceUri, "endTime", "cause", "errorMessage", "errorId", "sipResponseCode");
        Assert.DoesNotContain(scene.Application.Requests, request => request.EventType == "answer");
    }

    /// <summary>The API shows the call as the webhooks told it, and nothing else.</summary>
    private static async Task CheckStateAsync(CallScene scene, CaughtRequest answer, CaughtRequest end)
    {
        var state = await scene.StateAsync(end.CallId!);
        var names = state.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal);
        string[] expected =
        [
            "accountId", "answerTime", "applicationId", "callId", "direction", "disconnectCause", "endTime", "enqueuedTime", "from", "lastUpdate",
            "startTime", "state", "to",
        ];
        Assert.Equal(expected, names);
        Assert.Equal("disconnected", state.GetProperty("state").GetString());
        foreach (var name in new[] { "from", "to", "direction", "enqueuedTime", "startTime", "answerTime", "endTime" })
            Assert.Equal(end[name], state.GetProperty(name).GetString());
        foreach (var name in new[] { "enqueuedTime", "startTime", "answerTime", "callUrl", "sipCallId" }) Assert.Equal(answer[name], end[name]);
    }

    /// <summary>Speech first, without the tone in it; then two seconds of the tone.</summary>
    private static void CheckAudio(Recording heard)
    {
        var start = heard.StartOfTone(AudioFrequency);
        Assert.NotNull(start);
        var speech = heard.Until(start.Value).TimeOfOthers(AudioFrequency);
        Assert.True(speech > TimeSpan.FromSeconds(0.8), $"{speech} of speech before {start} of {heard.Duration}");
        var tone = heard.TimeOfTone(AudioFrequency);
        Assert.True(tone > TimeSpan.FromSeconds(1.2), $"{tone} of the tone");
    }

    private Task<CallScene> CreateSceneAsync()
    {
        InteropServer.Require("baresip", "baresip-core");
        InteropServer.Require("espeak-ng", "espeak-ng");
        return CallScene.CreateAsync(server);
    }
}
