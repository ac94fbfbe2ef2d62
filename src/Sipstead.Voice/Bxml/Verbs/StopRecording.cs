namespace Sipstead.Voice.Bxml.Verbs;

/// <summary>Ends what StartRecording began, also when it is paused (bxml.md 6.2); nothing without a recording.</summary>
internal sealed class StopRecording : Verb
{
    public static StopRecording Read(VerbElement element) => new();

    internal override Task<VerbOutcome> RunAsync(IVerbCall call, CancellationToken interrupted)
    {
        call.Recording.Stop();
        return Task.FromResult(VerbOutcome.Next);
    }
}
