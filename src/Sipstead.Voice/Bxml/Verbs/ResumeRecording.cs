namespace Sipstead.Voice.Bxml.Verbs;

/// <summary>Goes on with the recording that PauseRecording paused (bxml.md 6.2); nothing without a recording.</summary>
internal sealed class ResumeRecording : Verb, IConferenceVerb
{
    public static ResumeRecording Read(VerbElement element) => new();

    public Task<VerbOutcome> RunAsync(IVerbConference conference, CancellationToken interrupted) => Run(conference.Recording);

    internal override Task<VerbOutcome> RunAsync(IVerbCall call, CancellationToken interrupted) => Run(call.Recording);

    private static Task<VerbOutcome> Run(IStageRecording recording)
    {
        recording.Resume();
        return Task.FromResult(VerbOutcome.Next);
    }
}
