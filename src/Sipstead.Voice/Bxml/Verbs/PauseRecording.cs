namespace Sipstead.Voice.Bxml.Verbs;

/// <summary>Leaves out what comes from now on of what StartRecording records (bxml.md 6.2); nothing without a recording.</summary>
internal sealed class PauseRecording : Verb
{
    public static PauseRecording Read(VerbElement element) => new();

    internal override Task<VerbOutcome> RunAsync(IVerbCall call, CancellationToken interrupted)
    {
        call.Recording.Pause();
        return Task.FromResult(VerbOutcome.Next);
    }
}
