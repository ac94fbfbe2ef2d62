namespace Sipstead.Voice.Bxml.Verbs;

/// <summary>Leaves out what comes from now on of what StartRecording records (bxml.md 6.2); nothing without a recording.</summary>
internal sealed class PauseRecording : Verb, IConferenceVerb
{
    public static PauseRecording Read(VerbElement element) => new();

    public Task<VerbOutcome> RunAsync(IVerbConference conference, CancellationToken interrupted) => Run(conference.Recording);

    internal override Task<VerbOutcome> RunAsync(IVerbCall call, CancellationToken interrupted) => Run(call.Recording);

    private static Task<VerbOutcome> Run(IStageRecording recording)
    {
        recording.Pause();
        return Task.FromResult(VerbOutcome.Next);
    }
}
