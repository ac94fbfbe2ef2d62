using Sipstead.Media;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Calls;

/// <summary>Calls whose party sends nothing (MED-05).</summary>
public sealed class SilentPartyTests : VoiceTest
{
    private protected override MediaOptions Media => new() { Ports = "12000-19999", Timeout = TimeSpan.FromSeconds(0.3) };

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Voice.Media.Start();
    }

    [Fact]
    public async Task MED_05_CallOfASilentDevice_EndsWithBye()
    {
        Voice.Catcher.AnswerBxml("/initiate", Waiting);
        var alice = Voice.AddPhone();
        await alice.Call($"sip:+12025550111@{Voice.Realm}").ConfirmAsync();
        await AssertEndAsync(alice);
    }

    [Fact]
    public async Task MED_05_CallToASilentDevice_EndsWithBye()
    {
        var alice = Voice.AddPhone();
        Voice.Catcher.AnswerBxml("/answer", Waiting);
        Voice.Create();
        await alice.AcceptAsync(await alice.ExpectAsync("INVITE"));
        await AssertEndAsync(alice);
    }

    private async Task AssertEndAsync(ScriptedPhone alice)
    {
        await alice.ExpectAsync("BYE");
        var disconnect = await Voice.ExpectAsync("disconnect");
        Assert.Equal(("error", "No media came from the device for 0.3 s"), (disconnect["cause"], disconnect["errorMessage"]));
        await Voice.UntilNoMediaAsync();
        Assert.Equal(1, Voice.Meters["sipstead.media.sessions.lost"]);
    }
}
