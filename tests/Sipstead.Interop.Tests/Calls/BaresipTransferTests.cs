using Sipstead.Interop.Tests.Baresip;
using Sipstead.Testing.Phones;

namespace Sipstead.Interop.Tests.Calls;

/// <summary>Two baresip phones talk to each other, each with a tone of its own as its voice.</summary>
public sealed class BaresipTransferTests(InteropServer server)
{
    private const int BobsVoice = 1100;

    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Transfer_ConnectsTwoPhones_AndEachHearsTheOther()
    {
        await using var scene = await CreateSceneAsync();
        var user = await server.AddUserAsync(scene.Alice, "bob", scene.ApplicationId);
        scene.Application.AnswerBxml(
            "/initiate", $"<Response><Transfer transferCompleteUrl=\"complete\"><SipUri>sip:bob@{scene.Alice.Realm.Fqdn}</SipUri></Transfer></Response>");
        await using var alice = await server.StartPhoneAsync(scene.Alice, "manual");
        await using var bob = await server.StartPhoneAsync(user, "auto", voice: BobsVoice);

        await alice.Control.SendAsync("dial", $"sip:2025550123@{scene.Alice.Realm.Fqdn}", Cancel);

        await alice.Control.ExpectAsync("CALL_ESTABLISHED", Cancel);
        await bob.Control.ExpectAsync("CALL_ESTABLISHED", Cancel);
        await Task.Delay(TimeSpan.FromSeconds(3), Cancel); // what they say to each other
        await bob.Control.SendAsync("hangup", null, Cancel);

        Assert.Equal("hangup", (await scene.ExpectAsync("transferComplete"))["cause"]);
        await scene.ExpectEndAsync("hangup"); // the catcher answers /complete with nothing: no verb is left
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
