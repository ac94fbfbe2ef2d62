namespace Sipstead.Voice.Bxml.Verbs;

/// <summary>Ends a live transcription, or all without a name; nothing when none has it (bxml.md 8).</summary>
internal sealed class StopTranscription(string? name) : Verb
{
    public static StopTranscription Read(VerbElement element) => new(FeedAttributes.Name(element));

    internal override Task<VerbOutcome> RunAsync(IVerbCall call, CancellationToken interrupted)
    {
        call.Transcriptions.Stop(name);
        return Task.FromResult(VerbOutcome.Next);
    }
}
