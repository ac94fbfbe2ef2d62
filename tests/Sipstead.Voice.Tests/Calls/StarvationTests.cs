using Sipstead.Testing;
using Sipstead.Testing.Webhooks;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Calls;

/// <summary>Who keeps the server waiting holds up nobody else (docs/security.md).</summary>
public sealed class StarvationTests : VoiceTest
{
    private const int Held = 40;

    [Fact]
    public async Task S_27_ApplicationThatDoesNotAnswer_HoldsUpNeitherRegistrationsNorOtherCalls()
    {
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var alice = Voice.AddPhone();
        Voice.Catcher.Answer("/initiate", CatcherAnswer.Bxml(Waiting).After(released.Task));
        var waiting = Enumerable.Range(0, Held).Select(i => alice.Call($"sip:+1202555{i:D4}@{Voice.Realm}")).ToList();
        await Poll.UntilAsync("the application to be asked for each", () => Task.FromResult(Voice.Catcher.Requests.Count == Held), Cancel);

        Voice.Catcher.AnswerBxml("/initiate", Waiting);
        var bob = Voice.AddPhone("bob"); // registers
        await bob.Call($"sip:+12025559999@{Voice.Realm}").ConfirmAsync();

        released.SetResult();
        foreach (var call in waiting) await call.ConfirmAsync();
    }
}
