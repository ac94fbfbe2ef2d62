using Sipstead.Media;
using Sipstead.Voice.Recordings;

namespace Sipstead.Voice.Tests.Harness;

/// <summary>A test with a call engine of its own.</summary>
public abstract class VoiceTest : IAsyncLifetime
{
    /// <summary>Runs until the call is redirected or hung up: nothing moves the fake clock that far.</summary>
    internal const string Waiting = "<Response><Pause duration=\"86400\"/></Response>";

    internal VoiceHarness Voice { get; private set; } = null!;

    /// <summary>Limits that the engine runs with.</summary>
    private protected virtual VoiceOptions Options => new();

    private protected virtual MediaOptions Media => new() { Ports = "12000-19999" };

    private protected virtual RecordingOptions Recordings => new();

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public virtual async ValueTask InitializeAsync() => Voice = await VoiceHarness.StartAsync(Options, Media, Recordings);

    public virtual async ValueTask DisposeAsync()
    {
        await Voice.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Fails when a webhook of a type came, or comes while calls work off what they have.</summary>
    internal async Task NoWebhookAsync(string eventType, Sipstead.Voice.Calls.Call call)
    {
        await VoiceHarness.SettleAsync(call);
        Assert.DoesNotContain(Voice.Catcher.Requests, request => request.EventType == eventType);
    }
}
