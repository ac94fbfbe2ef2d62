using Sipstead.Voice.Transcribing;

namespace Sipstead.Voice.Bxml.Verbs;

/// <summary>Transcribes the call while it goes on, to a WebSocket or to be fetched afterwards (bxml.md 8). Goes on at once.</summary>
internal sealed class StartTranscription(TranscriptionRequest request) : Verb
{
    public const string Parameter = "CustomParam";

    /// <summary>Builders always write <c>stabilized</c>: without a destination it means nothing, and is no fault (bxml.md 2).</summary>
    public static StartTranscription Read(VerbElement element) => new(new TranscriptionRequest
    {
        Destination = FeedAttributes.Destination(element),
        Name = FeedAttributes.Name(element),
        Tracks = FeedAttributes.Tracks(element),
        IsStabilized = element.Boolean("stabilized", otherwise: true),
        Events = element.Notice("transcriptionEvent"),
        Parameters = FeedAttributes.Parameters(element, Parameter),
    });

    internal override async Task<VerbOutcome> RunAsync(IVerbCall call, CancellationToken interrupted)
    {
        await call.AnswerAsync(interrupted);
        call.Transcriptions.Start(request);
        return VerbOutcome.Next;
    }
}
