using Sipstead.Interop.Tests.Baresip;
using Sipstead.Testing.Phones;
using Sipstead.Testing.Webhooks;

namespace Sipstead.Interop.Tests.Calls;

/// <summary>
/// baresip calls: whatever it dials reaches its application, which answers, asks for digits, sends some, rings, refuses, redirects or echoes.
/// </summary>
public sealed class BaresipCallsTests(InteropServer server)
{
    private const int PromptFrequency = 1100;
    private const string Wait = "<Response><Pause duration=\"60\"/></Response>";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("2025550123", "+12025550123", "udp")]
    [InlineData("12025550123", "+12025550123", "tcp")]
    [InlineData("+442079460000", "+442079460000", "udp")]
    [InlineData("911", null, "udp")]
    [InlineData("reception", null, "tcp")]
    public async Task Dialling_ReachesTheApplicationAndIsSpokenTo(string dialled, string? number, string transport)
    {
        InteropServer.Require("espeak-ng", "espeak-ng");
        await using var scene = await CreateSceneAsync();
        scene.Application.AnswerBxml("/initiate", "<Response><SpeakSentence>This is what was to be said.</SpeakSentence></Response>");
        await using var phone = await server.StartPhoneAsync(scene.Alice, "manual", transport);

        await DialAsync(scene, phone, dialled);

        var initiate = await scene.ExpectAsync("initiate");
        var (from, to) = (scene.UriOf("alice"), number ?? scene.UriOf(dialled));
        scene.Contract.CheckInbound(initiate, from, to, "sipCallId");
        scene.Contract.CheckInbound(await scene.ExpectEndAsync("hangup"), from, to, "answerTime", "endTime", "cause", "sipCallId");
        await phone.Control.ExpectAsync("CALL_CLOSED", Cancel);
        var speech = (await phone.HeardAsync(Cancel)).TimeOfOthers(BaresipPhone.VoiceFrequency);
        Assert.True(speech > TimeSpan.FromSeconds(0.8), $"{speech} of speech");
    }

    [Theory]
    [InlineData("1234#", "#", "1234", "#")]
    [InlineData("90*", "*#", "90", "*")]
    [InlineData("456", "", "456", "")]
    public async Task Gather_HearsTheDigitsOfThePhone(string pressed, string terminatingDigits, string digits, string terminatingDigit)
    {
        await using var scene = await CreateSceneAsync();
        scene.Application.AnswerBxml(
            "/initiate",
            $"<Response><Gather gatherUrl=\"gather\" tag=\"menu\" maxDigits=\"{(terminatingDigits.Length > 0 ? 50 : digits.Length)}\" "
            + $"terminatingDigits=\"{terminatingDigits}\" interDigitTimeout=\"20\"><PlayAudio>prompt.wav</PlayAudio></Gather></Response>");
        scene.Application.Answer("/prompt.wav", CatcherAnswer.File(Tone.Wav(PromptFrequency, TimeSpan.FromSeconds(60)), "audio/wav"));
        await using var phone = await server.StartPhoneAsync(scene.Alice, "manual");
        await DialAsync(scene, phone, "2025550123");
        await phone.Control.ExpectAsync("CALL_ESTABLISHED", Cancel);
        await scene.Application.ExpectAsync(request => request.Path == "/prompt.wav", "the prompt to be fetched: Gather listens", Cancel);

        foreach (var key in pressed) await phone.PressAsync(key, Cancel);

        var gather = await scene.ExpectAsync("gather");
        scene.Contract.CheckInbound(gather, scene.UriOf("alice"), "+12025550123", "answerTime", "tag", "digits", "terminatingDigit");
        Assert.Equal((digits, terminatingDigit, "menu"), (gather["digits"], gather["terminatingDigit"], gather["tag"]));
        await scene.ExpectEndAsync("hangup"); // the catcher answers /gather with nothing: no verb is left
    }

    [Fact]
    public async Task Gather_WithoutAnyDigit_SendsItsWebhook()
    {
        await using var scene = await CreateSceneAsync();
        scene.Application.AnswerBxml(
            "/initiate", "<Response><Gather gatherUrl=\"gather\" firstDigitTimeout=\"1\"/><SpeakSentence>Never</SpeakSentence></Response>");
        await using var phone = await server.StartPhoneAsync(scene.Alice, "manual");

        await DialAsync(scene, phone, "2025550123");

        var gather = await scene.ExpectAsync("gather");
        Assert.Equal(("", ""), (gather["digits"], gather["terminatingDigit"]));
    }

    [Fact]
    public async Task SendDtmf_ArrivesAtThePhone()
    {
        await using var scene = await CreateSceneAsync();
        scene.Application.AnswerBxml("/initiate", "<Response><SendDtmf toneDuration=\"100\" toneInterval=\"100\">19*#,D</SendDtmf></Response>");
        await using var phone = await server.StartPhoneAsync(scene.Alice, "manual");

        await DialAsync(scene, phone, "2025550123");

        await scene.ExpectEndAsync("hangup");
        await phone.Control.ExpectAsync("CALL_CLOSED", Cancel);
        var received = string.Concat(phone.Control.Events.Where(e => e.Type == "CALL_DTMF_START").Select(e => e.Parameter));
        Assert.Equal("19*#D", received);
    }

    [Fact]
    public async Task Ring_WithoutAnswer_Is180()
    {
        await using var scene = await CreateSceneAsync();
        scene.Application.AnswerBxml("/initiate", "<Response><Ring answerCall=\"false\" duration=\"1\"/><Hangup/></Response>");
        await using var phone = await server.StartPhoneAsync(scene.Alice, "manual");

        await DialAsync(scene, phone, "2025550123");

        await phone.Control.ExpectAsync("CALL_RINGING", Cancel);
        var closed = await phone.Control.ExpectAsync("CALL_CLOSED", Cancel);
        Assert.StartsWith("603", closed.Parameter, StringComparison.Ordinal);
        await scene.ExpectEndAsync("hangup");
        var trace = (await phone.StopAsync(Cancel)).Output; // written out when the phone ends
        Assert.Contains("SIP/2.0 180 Ringing", trace, StringComparison.Ordinal);
        Assert.DoesNotContain("SIP/2.0 183", trace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hangup_BeforeAnswer_Is603WithoutAnswerTime()
    {
        await using var scene = await CreateSceneAsync();
        scene.Application.AnswerBxml("/initiate", "<Response><Hangup/></Response>");
        await using var phone = await server.StartPhoneAsync(scene.Alice, "manual");

        await DialAsync(scene, phone, "2025550123");

        Assert.StartsWith("603", (await phone.Control.ExpectAsync("CALL_CLOSED", Cancel)).Parameter, StringComparison.Ordinal);
        var end = await scene.ExpectEndAsync("hangup");
        scene.Contract.CheckInbound(end, scene.UriOf("alice"), "+12025550123", "endTime", "cause", "sipCallId");
        Assert.False((await scene.StateAsync(end.CallId!)).TryGetProperty("answerTime", out _));
    }

    [Fact]
    public async Task PhoneGivesUp_WhileItRings_IsCancelled()
    {
        await using var scene = await CreateSceneAsync();
        scene.Application.AnswerBxml("/initiate", "<Response><Ring answerCall=\"false\" duration=\"60\"/></Response>");
        await using var phone = await server.StartPhoneAsync(scene.Alice, "manual");
        await DialAsync(scene, phone, "2025550123");
        await phone.Control.ExpectAsync("CALL_RINGING", Cancel);

        await phone.Control.SendAsync("hangup", null, Cancel);

        scene.Contract.CheckInbound(await scene.ExpectEndAsync("cancel"), scene.UriOf("alice"), "+12025550123", "endTime", "cause", "sipCallId");
    }

    [Fact]
    public async Task Redirect_GoesOnWithAnotherDocument_AndDoesNotAnswer()
    {
        await using var scene = await CreateSceneAsync();
        scene.Application.AnswerBxml("/initiate", "<Response><Redirect redirectUrl=\"/next\" tag=\"second\"/><Hangup/></Response>");
        scene.Application.AnswerBxml("/next", "<Response><Pause duration=\"0.5\"/><Redirect redirectUrl=\"/last\"/></Response>");
        await using var phone = await server.StartPhoneAsync(scene.Alice, "manual");

        await DialAsync(scene, phone, "2025550123");

        var from = scene.UriOf("alice");
        scene.Contract.CheckInbound(await scene.ExpectAsync("redirect"), from, "+12025550123", "tag");
        scene.Contract.CheckInbound(await scene.ExpectAsync("redirect"), from, "+12025550123", "tag", "answerTime");
        Assert.Equal("second", (await scene.ExpectEndAsync("hangup"))["tag"]);
    }

    [Fact]
    public async Task Echo_ReturnsWhatThePhoneSays()
    {
        await using var scene = await CreateSceneAsync();
        scene.Application.AnswerBxml("/initiate", "<Response><Echo duration=\"3\"/></Response>");
        await using var phone = await server.StartPhoneAsync(scene.Alice, "manual");

        await DialAsync(scene, phone, "2025550123");

        await scene.ExpectEndAsync("hangup");
        await phone.Control.ExpectAsync("CALL_CLOSED", Cancel);
        var heard = (await phone.HeardAsync(Cancel)).TimeOfTone(BaresipPhone.VoiceFrequency);
        Assert.True(heard > TimeSpan.FromSeconds(1.5), $"{heard} of the phone's own tone");
    }

    [Fact]
    public async Task HoldAndResume_KeepTheCall()
    {
        await using var scene = await CreateSceneAsync();
        scene.Application.AnswerBxml("/initiate", Wait);
        await using var phone = await server.StartPhoneAsync(scene.Alice, "manual");
        await DialAsync(scene, phone, "2025550123");
        var callId = (await scene.ExpectAsync("initiate")).CallId!;
        await phone.Control.ExpectAsync("CALL_ESTABLISHED", Cancel);

        await phone.Control.SendAsync("hold", null, Cancel);
        await phone.Control.ExpectAsync("CALL_REMOTE_SDP", Cancel);
        await phone.Control.SendAsync("resume", null, Cancel);
        await phone.Control.ExpectAsync("CALL_REMOTE_SDP", Cancel);

        Assert.Equal("answered", (await scene.StateAsync(callId)).GetProperty("state").GetString());
        await phone.Control.SendAsync("hangup", null, Cancel);
        await scene.ExpectEndAsync("hangup");
        Assert.Equal(["a=sendrecv", "a=sendonly", "a=recvonly", "a=sendrecv", "a=sendrecv"], await DirectionsAsync(phone));
    }

    /// <summary>The directions in the SDP of the call, from its answer on, in order. The phone writes its trace out only when it ends.</summary>
    private static async Task<IEnumerable<string>> DirectionsAsync(BaresipPhone phone)
    {
        var trace = (await phone.StopAsync(Cancel)).Output;
        return trace.Split('\n').Select(line => line.Trim()).SkipWhile(line => line != "SIP/2.0 100 Trying")
            .Where(line => line is "a=sendrecv" or "a=sendonly" or "a=recvonly" or "a=inactive");
    }

    private static Task DialAsync(CallScene scene, BaresipPhone phone, string dialled) =>
        phone.Control.SendAsync("dial", $"sip:{dialled}@{scene.Alice.Realm.Fqdn}", Cancel);

    private Task<CallScene> CreateSceneAsync()
    {
        InteropServer.Require("baresip", "baresip-core");
        return CallScene.CreateAsync(server);
    }
}
