using Sipstead.Interop.Tests.Baresip;
using Sipstead.Testing.Phones;
using Sipstead.Testing.Webhooks;

namespace Sipstead.Interop.Tests.Calls;

/// <summary>REFER both ways: a baresip transfers whom it talks to, and is transferred itself (decisions.md 31, bxml.md 7.5).</summary>
public sealed class BaresipReferTests(InteropServer server)
{
    private const int BobsVoice = 1100;
    private const int CarolsVoice = 1900;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PhoneTransfers_AndTheTwoThatRemainHearEachOther()
    {
        await using var scene = await CreateSceneAsync();
        var (bobsUser, carolsUser) = (await AddUserAsync(scene, "bob"), await AddUserAsync(scene, "carol"));
        scene.Application.AnswerInTurn("/initiate", TransferTo(scene.UriOf("bob")), TransferTo(scene.UriOf("carol")));
        await using var alice = await server.StartPhoneAsync(scene.Alice, "manual");
        await using var bob = await server.StartPhoneAsync(bobsUser, "auto", voice: BobsVoice);
        await using var carol = await server.StartPhoneAsync(carolsUser, "auto", voice: CarolsVoice);
        await alice.Control.SendAsync("dial", scene.UriOf("2025550123"), Cancel);
        var first = await scene.ExpectAsync("initiate");
        await alice.Control.ExpectAsync("CALL_ESTABLISHED", Cancel);
        await bob.Control.ExpectAsync("CALL_ESTABLISHED", Cancel);
        await Task.Delay(TimeSpan.FromSeconds(1.2), Cancel); // what Alice and Bob say to each other

        await bob.Control.SendAsync("transfer", scene.UriOf("carol"), Cancel);

        var second = await scene.ExpectAsync("initiate");
        scene.Contract.CheckInbound(second, scene.UriOf("alice"), scene.UriOf("carol"), "answerTime", "diversion");
        Assert.Equal((first.CallId, scene.UriOf("bob")), (second.CallId, second.Json.GetProperty("diversion").GetProperty("origTo").GetString()));
        await bob.Control.ExpectAsync("CALL_CLOSED", Cancel);
        await carol.Control.ExpectAsync("CALL_ESTABLISHED", Cancel);
        await Task.Delay(TimeSpan.FromSeconds(2.5), Cancel); // what Alice and Carol say to each other
        await carol.Control.SendAsync("hangup", null, Cancel);
        await scene.ExpectEndAsync("hangup");
        await alice.Control.ExpectAsync("CALL_CLOSED", Cancel);
        var (aliceHeard, bobHeard, carolHeard) = (await alice.HeardAsync(Cancel), await bob.HeardAsync(Cancel), await carol.HeardAsync(Cancel));
        ShouldHear(aliceHeard, BobsVoice, 0.4);
        ShouldHear(aliceHeard, CarolsVoice, 1);
        ShouldHear(bobHeard, BaresipPhone.VoiceFrequency, 0.4);
        ShouldHear(carolHeard, BaresipPhone.VoiceFrequency, 1);
        Assert.Equal(TimeSpan.Zero, bobHeard.TimeOfTone(CarolsVoice) + carolHeard.TimeOfTone(BobsVoice));
    }

    [Fact]
    public async Task Refer_SendsThePhoneElsewhere_AndTheApplicationIsTold()
    {
        await using var scene = await CreateSceneAsync();
        var bobsUser = await AddUserAsync(scene, "bob");
        scene.Application.AnswerInTurn(
            "/initiate",
            CatcherAnswer.Bxml($"<Response><Pause duration=\"0.5\"/><Refer referCompleteUrl=\"referred\"><SipUri>{scene.UriOf("bob")}</SipUri></Refer></Response>"),
            TransferTo(scene.UriOf("bob")));
        await using var alice = await server.StartPhoneAsync(scene.Alice, "manual");
        await using var bob = await server.StartPhoneAsync(bobsUser, "auto", voice: BobsVoice);

        await alice.Control.SendAsync("dial", scene.UriOf("2025550123"), Cancel);

        var first = await scene.ExpectAsync("initiate");
        await bob.Control.ExpectAsync("CALL_ESTABLISHED", Cancel);
        var complete = await scene.ExpectAsync("referComplete");
        Assert.Equal((first.CallId, "success"), (complete.CallId, complete["referCallStatus"]));
        Assert.Equal(("202", "200"), (complete["referSipResponseCode"], complete["notifySipResponseCode"]));
        Assert.Equal(first.CallId, (await scene.ExpectEndAsync("hangup")).CallId);
        await bob.Control.SendAsync("hangup", null, Cancel);
        await scene.ExpectEndAsync("hangup");
    }

    private static CatcherAnswer TransferTo(string uri) => CatcherAnswer.Bxml($"<Response><Transfer><SipUri>{uri}</SipUri></Transfer></Response>");

    private static void ShouldHear(Recording heard, int voice, double seconds) =>
        Assert.True(heard.TimeOfTone(voice) > TimeSpan.FromSeconds(seconds), $"{heard.TimeOfTone(voice)} of {voice} Hz in {heard.Duration}");

    private Task<Subscriber> AddUserAsync(CallScene scene, string name) => server.AddUserAsync(scene.Alice, name, scene.ApplicationId);

    private Task<CallScene> CreateSceneAsync()
    {
        InteropServer.Require("baresip", "baresip-core");
        return CallScene.CreateAsync(server);
    }
}
