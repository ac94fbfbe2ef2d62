namespace Sipstead.Voice.Bxml.Verbs;

/// <summary>Ends what StartRecording began, also when it is paused (bxml.md 6.2); nothing without a recording.</summary>
internal sealed class StopRecording : Verb, IConferenceVerb
{
    public static StopRecording Read(VerbElement element) => new();

    public Task<VerbOutcome> RunAsync(IVerbConference conference, CancellationToken interrupted) => Run(conference.Recording);

    internal override Task<VerbOutcome> RunAsync(IVerbCall call, CancellationToken interrupted) => Run(call.Recording);

    private static Task<VerbOutcome> Run(IStageRecording recording)
    {
        recording.Stop();
        return Task.FromResult(VerbOutcome.Next);
    }
}
