using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Sipstead.Interop.Tests.Sipp;
using Sipstead.Testing;
using Sipstead.Testing.Webhooks;

namespace Sipstead.Interop.Tests.Calls;

/// <summary>The API calls devices that SIPp plays: they refuse, ring in vain, answer one of several, and lose messages.</summary>
public sealed class SippCalledTests(InteropServer server)
{
    private const string HangUp = "<Response><Hangup/></Response>";
    private const string Wait = "<Response><Pause duration=\"60\"/></Response>";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("486 Busy Here", "busy", "Callee is busy")]
    [InlineData("600 Busy Everywhere", "busy", "Callee is busy")]
    [InlineData("603 Decline", "rejected", "Callee refused the call: 603 Decline")]
    [InlineData("403 Forbidden", "rejected", "Callee refused the call: 403 Forbidden")]
    [InlineData("407 Proxy Authentication Required", "rejected", "Callee refused the call: 407 Proxy Authentication Required")]
    [InlineData("480 Temporarily Unavailable", "timeout", "Callee did not answer")]
    [InlineData("404 Not Found", "error", "The device could not take the call: 404 Not Found")]
    [InlineData("500 Server Internal Error", "error", "The device could not take the call: 500 Server Internal Error")]
    public async Task Refusal_IsTold(string answer, string cause, string message)
    {
        await using var scene = await CreateSceneAsync();
        var phone = await SippPhone.RegisterAsync(server, scene.Alice);
        await using var device = await phone.RefuseCallAsync(answer);

        var callId = await scene.CallAsync();

        var end = await scene.ExpectEndAsync(cause);
        CheckUnanswered(scene, end, "errorMessage", "errorId", "sipResponseCode");
        Assert.Equal(callId, end.CallId);
        Assert.Equal((message, answer.Split(' ')[0]), (end["errorMessage"], end["sipResponseCode"]));
        await device.PassAsync(Cancel);
    }

    [Fact]
    public async Task DLG_13_Redirect_IsNotFollowed()
    {
        await using var scene = await CreateSceneAsync();
        var phone = await SippPhone.RegisterAsync(server, scene.Alice);
        using var elsewhere = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var address = string.Create(CultureInfo.InvariantCulture, $"sip:bob@127.0.0.1:{((IPEndPoint)elsewhere.Client.LocalEndPoint!).Port}");
        await using var device = await phone.TakeCallAsync("redirect", address);

        await scene.CallAsync();

        CheckUnanswered(scene, await scene.ExpectEndAsync("rejected"), "errorMessage", "errorId", "sipResponseCode");
        await device.PassAsync(Cancel);
        Assert.Equal(0, elsewhere.Available);
    }

    [Fact]
    public async Task NoAnswer_WithinCallTimeout_IsCancelled()
    {
        await using var scene = await CreateSceneAsync();
        var phone = await SippPhone.RegisterAsync(server, scene.Alice);
        await using var device = await phone.TakeCallAsync("ring-until-cancelled");

        await scene.CallAsync(("callTimeout", 1));

        var end = await scene.ExpectEndAsync("timeout");
        CheckUnanswered(scene, end, "errorMessage", "errorId");
        Assert.Equal("Callee did not answer", end["errorMessage"]);
        await device.PassAsync(Cancel);
    }

    [Fact]
    public async Task Complete_WhileItRings_Cancels()
    {
        await using var scene = await CreateSceneAsync();
        var phone = await SippPhone.RegisterAsync(server, scene.Alice);
        await using var device = await phone.TakeCallAsync("ring-until-cancelled");

        var callId = await scene.CallAsync();
        await device.WaitForMessageAsync("SIP/2.0 180 Ringing", Cancel);
        await scene.CompleteAsync(callId);

        CheckUnanswered(scene, await scene.ExpectEndAsync("cancel"));
        await device.PassAsync(Cancel);
    }

    [Fact]
    public async Task DLG_06_Fork_FirstAnswerWins_OthersAreCancelled_ADeadOneDoesNotMatter()
    {
        await using var scene = await CreateSceneAsync();
        scene.Application.AnswerBxml("/answer", HangUp);
        await SippPhone.RegisterAsync(server, scene.Alice); // nobody listens there any more
        var slow = await SippPhone.RegisterAsync(server, scene.Alice);
        var quick = await SippPhone.RegisterAsync(server, scene.Alice);
        await using var loser = await slow.TakeCallAsync("ring-until-cancelled");
        await using var winner = await quick.TakeCallAsync("answer");

        await scene.CallAsync();

        scene.Contract.CheckOutbound(await scene.ExpectAsync("answer"), scene.AliceUri, "answerTime", "sipCallId");
        await scene.ExpectEndAsync("hangup");
        await winner.PassAsync(Cancel);
        await loser.PassAsync(Cancel);
        Assert.Single(scene.Application.Requests, request => request.EventType == "answer");
        Assert.Single(scene.Application.Requests, request => request.EventType == "disconnect");
    }

    [Fact]
    public async Task DLG_06_AnswerThatComesAgain_IsAcknowledgedAgain()
    {
        await using var scene = await CreateSceneAsync();
        scene.Application.AnswerBxml("/answer", Wait);
        var phone = await SippPhone.RegisterAsync(server, scene.Alice);
        await using var device = await phone.TakeCallAsync("answer-twice");

        var callId = await scene.CallAsync();
        await Poll.UntilAsync("two ACKs", () => Task.FromResult(device.Messages.Split("CSeq: 1 ACK").Length > 2), Cancel);
        await scene.CompleteAsync(callId);

        await scene.ExpectEndAsync("hangup");
        await device.PassAsync(Cancel);
        Assert.Single(scene.Application.Requests, request => request.EventType == "answer");
    }

    [Fact]
    public async Task DLG_09_BothHangUpAtOnce_EachIsAnswered()
    {
        await using var scene = await CreateSceneAsync();
        scene.Application.AnswerBxml("/answer", HangUp);
        var phone = await SippPhone.RegisterAsync(server, scene.Alice);
        await using var device = await phone.TakeCallAsync("cross-bye");

        await scene.CallAsync();

        await scene.ExpectEndAsync("hangup");
        await device.PassAsync(Cancel);
        Assert.Single(scene.Application.Requests, request => request.EventType == "disconnect");
    }

    [Fact]
    public async Task SES_01_AnswerInAReliable183_IsAcknowledged_AndIsThatOfTheCall()
    {
        await using var scene = await CreateSceneAsync();
        scene.Application.AnswerBxml("/answer", HangUp);
        var phone = await SippPhone.RegisterAsync(server, scene.Alice);
        await using var device = await phone.TakeCallAsync("answer-reliably");

        await scene.CallAsync();

        scene.Contract.CheckOutbound(await scene.ExpectAsync("answer"), scene.AliceUri, "answerTime", "sipCallId");
        await scene.ExpectEndAsync("hangup");
        await device.PassAsync(Cancel);
    }

    private static void CheckUnanswered(CallScene scene, CaughtRequest end, params string[] more)
    {
        scene.Contract.CheckOutbound(end, scene.AliceUri, ["endTime", "cause", .. more]);
        Assert.DoesNotContain(scene.Application.Requests, request => request.EventType == "answer");
    }

    private Task<CallScene> CreateSceneAsync()
    {
        InteropServer.Require("sipp", "sip-tester");
        return CallScene.CreateAsync(server);
    }
}
