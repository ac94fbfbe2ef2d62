using Sipstead.Interop.Tests.Baresip;
using Sipstead.Testing.Phones;

namespace Sipstead.Interop.Tests.Calls;

/// <summary>Two baresip phones talk to each other, each with a tone of its own as its voice.</summary>
public sealed class BaresipTransferTests(InteropServer server)
{
    private const string Waiting = "<Response><Pause duration=\"60\"/></Response>";
    private const int BobsVoice = 1100;

    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Transfer_ConnectsTwoPhones_AndEachHearsTheOther()
    {
        await using var scene = await CreateSceneAsync();
        var user = await server.AddUserAsync(scene.Alice, "bob", scene.ApplicationId);
        scene.Application.AnswerBxml(
            "/initiate",
            "<Response><Transfer transferCompleteUrl=\"complete\"><SipUri transferAnswerUrl=\"answered\" transferDisconnectUrl=\"ended\">"
            + $"{scene.UriOf("bob")}</SipUri></Transfer></Response>");
        scene.Application.AnswerBxml("/answered", "<Response><Pause duration=\"0.1\"/></Response>");
        await using var alice = await server.StartPhoneAsync(scene.Alice, "manual");
        await using var bob = await server.StartPhoneAsync(user, "auto", voice: BobsVoice);

        await alice.Control.SendAsync("dial", $"sip:2025550123@{scene.Alice.Realm.Fqdn}", Cancel);

        await alice.Control.ExpectAsync("CALL_ESTABLISHED", Cancel);
        await bob.Control.ExpectAsync("CALL_ESTABLISHED", Cancel);
        await Task.Delay(TimeSpan.FromSeconds(3), Cancel); // what they say to each other
        await bob.Control.SendAsync("hangup", null, Cancel);

        var answer = await scene.ExpectAsync("transferAnswer");
        Assert.Equal((scene.UriOf("bob"), "outbound"), (answer["transferTo"], answer["direction"]));
        var ended = await scene.ExpectAsync("transferDisconnect");
        Assert.Equal((answer.CallId, answer["parentCallId"], "hangup"), (ended.CallId, ended["parentCallId"], ended["cause"]));
        var complete = await scene.ExpectAsync("transferComplete");
        Assert.Equal((answer["parentCallId"], "hangup"), (complete.CallId, complete["cause"]));
        await scene.ExpectEndAsync("hangup"); // the catcher answers /complete with nothing: no verb is left
        await ShouldHaveHeardEachOtherAsync(alice, bob);
    }

    [Theory]
    [InlineData(true, "bridgeComplete")]
    [InlineData(false, "bridgeTargetComplete")]
    public async Task Bridge_ConnectsTwoPhones_UntilOneLeaves(bool targetLeaves, string eventType)
    {
        await using var scene = await CreateSceneAsync();
        var user = await server.AddUserAsync(scene.Alice, "bob", scene.ApplicationId);
        scene.Application.AnswerBxml("/answer", Waiting);
        await using var alice = await server.StartPhoneAsync(scene.Alice, "auto");
        await using var bob = await server.StartPhoneAsync(user, "auto", voice: BobsVoice);
        var target = await scene.CallAsync(("to", scene.UriOf("bob")));
        await scene.ExpectAsync("answer");
        scene.Application.AnswerBxml(
            "/answer", $"<Response><Bridge bridgeCompleteUrl=\"left\" bridgeTargetCompleteUrl=\"left\">{target}</Bridge></Response>");

        var callId = await scene.CallAsync();

        await alice.Control.ExpectAsync("CALL_ESTABLISHED", Cancel);
        await scene.ExpectAsync("answer");
        await Task.Delay(TimeSpan.FromSeconds(2.5), Cancel); // what they say to each other
        await (targetLeaves ? bob : alice).Control.SendAsync("hangup", null, Cancel);
        Assert.Equal(targetLeaves ? callId : target, (await scene.ExpectAsync(eventType)).CallId);
        await scene.ExpectEndAsync("hangup");
        await scene.ExpectEndAsync("hangup");
        await ShouldHaveHeardEachOtherAsync(alice, bob);
    }

    private static async Task ShouldHaveHeardEachOtherAsync(BaresipPhone alice, BaresipPhone bob)
    {
        await alice.Control.ExpectAsync("CALL_CLOSED", Cancel);
        var (aliceHeard, bobHeard) = ((await alice.HeardAsync(Cancel)).TimeOfTone(BobsVoice), (await bob.HeardAsync(Cancel)).TimeOfTone(BaresipPhone.VoiceFrequency));
        Assert.True(aliceHeard > LongEnough && bobHeard > LongEnough, $"Alice heard Bob for {aliceHeard}, Bob heard Alice for {bobHeard}");
    }

    private Task<CallScene> CreateSceneAsync()
    {
        InteropServer.Require("baresip", "baresip-core");
        return CallScene.CreateAsync(server);
    }
}
