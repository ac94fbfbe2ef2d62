using Sipstead.Interop.Tests.Sipp;

namespace Sipstead.Interop.Tests.Calls;

/// <summary>Devices that SIPp plays call: challenged, repeated, cancelled, renegotiated, refused for what they offer.</summary>
public sealed class SippCallsTests(InteropServer server)
{
    private const string Dialled = "+12025550123";
    private const string Wait = "<Response><Pause duration=\"60\"/></Response>";
    private const string Briefly = "<Response><Pause duration=\"0.5\"/></Response>";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("call-and-listen", "udp")]
    [InlineData("call-and-listen", "tcp")]
    [InlineData("call-offerless", "udp")]
    [InlineData("call-offerless", "tcp")]
    [InlineData("call-with-repeats", "udp")]
    public async Task AnsweredCall_GoesAsWritten(string scenario, string transport)
    {
        await using var scene = await CreateSceneAsync();
        scene.Application.AnswerBxml("/initiate", Briefly);
        await using var phone = SippPhone.Call(server, scene.Alice, scenario, transport: transport);

        await CheckAnsweredAsync(scene);
        await phone.PassAsync(Cancel);
        Assert.Single(scene.Application.Requests, request => request.EventType == "initiate");
    }

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    public async Task Options_WithinTheCall_Is200_AndAByeWithAnotherTag481(string transport)
    {
        await using var scene = await CreateSceneAsync();
        scene.Application.AnswerBxml("/initiate", Wait);
        await using var phone = SippPhone.Call(server, scene.Alice, "call-and-ask", transport: transport);

        await phone.WaitForMessageAsync("SIP/2.0 481", Cancel);
        await scene.CompleteAsync((await scene.ExpectAsync("initiate")).CallId!);

        await scene.ExpectEndAsync("hangup");
        await phone.PassAsync(Cancel);
    }

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    public async Task TXN_07_AckThatComesLate_AnswerIsRepeatedUntilThen(string transport)
    {
        await using var scene = await CreateSceneAsync();
        scene.Application.AnswerBxml("/initiate", Briefly);
        await using var phone = SippPhone.Call(server, scene.Alice, "call-and-confirm-late", transport: transport);

        await CheckAnsweredAsync(scene);
        await phone.PassAsync(Cancel);
        var answers = phone.Messages.Split("message received [").Count(
            message => message.Contains("SIP/2.0 200 OK", StringComparison.Ordinal) && message.Contains("CSeq: 2 INVITE", StringComparison.Ordinal));
        Assert.True(answers > 1, phone.Messages);
    }

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    public async Task TXN_13_CallerGivesUp_WhileItRings(string transport)
    {
        await using var scene = await CreateSceneAsync();
        scene.Application.AnswerBxml("/initiate", "<Response><Ring answerCall=\"false\" duration=\"60\"/></Response>");
        await using var phone = SippPhone.Call(server, scene.Alice, "call-and-cancel", transport: transport);

        var end = await scene.ExpectEndAsync("cancel");
        scene.Contract.CheckInbound(end, UserOf(scene), Dialled, "endTime", "cause", "sipCallId");
        await phone.PassAsync(Cancel);
    }

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    public async Task DLG_08_RefusedReInvite_LeavesTheCall_HoldIsAnswered(string transport)
    {
        await using var scene = await CreateSceneAsync();
        scene.Application.AnswerBxml("/initiate", Wait);
        await using var phone = SippPhone.Call(server, scene.Alice, "call-and-renegotiate", transport: transport);

        await CheckAnsweredAsync(scene);
        await phone.PassAsync(Cancel);
    }

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    public async Task SES_01_CallerThatRequires100rel_IsRungReliably(string transport)
    {
        await using var scene = await CreateSceneAsync();
        scene.Application.AnswerBxml("/initiate", "<Response><Ring answerCall=\"false\" duration=\"0.5\"/><Pause duration=\"0.3\"/></Response>");
        await using var phone = SippPhone.Call(server, scene.Alice, "call-with-prack", transport: transport);

        await CheckAnsweredAsync(scene);
        await phone.PassAsync(Cancel);
    }

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    public Task SES_02_Update_HoldsAndRefreshes(string transport) => CheckWaitingCallAsync("call-and-update", transport);

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    public Task SES_03_SessionTimer_IsAgreedOn_AndRefreshed(string transport) => CheckWaitingCallAsync("call-with-session-timer", transport);

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    public async Task MED_07_KeysByInfo_AreGathered_OtherInfoIsRefused(string transport)
    {
        await using var scene = await CreateSceneAsync();
        scene.Application.AnswerBxml(
            "/initiate", "<Response><Gather gatherUrl=\"/digits\" maxDigits=\"2\" firstDigitTimeout=\"30\" interDigitTimeout=\"30\"/></Response>");
        await using var phone = SippPhone.Call(server, scene.Alice, "call-and-press-by-info", transport: transport);

        Assert.Equal("42", (await scene.ExpectAsync("gather"))["digits"]);
        await scene.ExpectEndAsync("hangup");
        await phone.PassAsync(Cancel);
    }

    [Theory]
    [InlineData("RTP/SAVP 0")]
    [InlineData("RTP/AVP 18")]
    public async Task OfferThatCannotBeTaken_Is488_AndTheApplicationHearsNothing(string offer)
    {
        await using var scene = await CreateSceneAsync();
        scene.Application.AnswerBxml("/initiate", Briefly);
        await using var phone = SippPhone.Call(server, scene.Alice, "call-refused", more: offer);

        await phone.PassAsync(Cancel);
        Assert.Empty(scene.Application.Requests);
    }

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    public async Task DLG_04_RequestOfNoDialog_Is481(string transport)
    {
        await using var scene = await CreateSceneAsync();
        await using var phone = SippPhone.Call(server, scene.Alice, "unknown-dialog", transport: transport);

        await phone.PassAsync(Cancel);
        Assert.Empty(scene.Application.Requests);
    }

    /// <summary>A call that the device ends.</summary>
    private async Task CheckWaitingCallAsync(string scenario, string transport)
    {
        await using var scene = await CreateSceneAsync();
        scene.Application.AnswerBxml("/initiate", Wait);
        await using var phone = SippPhone.Call(server, scene.Alice, scenario, transport: transport);

        await CheckAnsweredAsync(scene);
        await phone.PassAsync(Cancel);
    }

    private static async Task CheckAnsweredAsync(CallScene scene)
    {
        scene.Contract.CheckInbound(await scene.ExpectAsync("initiate"), UserOf(scene), Dialled, "sipCallId");
        var end = await scene.ExpectEndAsync("hangup");
        scene.Contract.CheckInbound(end, UserOf(scene), Dialled, "answerTime", "endTime", "cause", "sipCallId");
    }

    private static string UserOf(CallScene scene) => $"sip:{scene.Alice.UserName}@{scene.Alice.Realm.Fqdn}";

    private Task<CallScene> CreateSceneAsync()
    {
        InteropServer.Require("sipp", "sip-tester");
        return CallScene.CreateAsync(server);
    }
}
