namespace Sipstead.Voice.Bxml.Verbs;

/// <summary>Goes on with the recording that PauseRecording paused (bxml.md 6.2); nothing without a recording.</summary>
internal sealed class ResumeRecording : Verb
{
    public static ResumeRecording Read(VerbElement element) => new();

    internal override Task<VerbOutcome> RunAsync(IVerbCall call, CancellationToken interrupted)
    {
        call.Recording.Resume();
        return Task.FromResult(VerbOutcome.Next);
    }
}
