using Sipstead.Voice.Streams;

namespace Sipstead.Voice.Bxml.Verbs;

/// <summary>Streams the call's audio to a WebSocket (bxml.md 8). Goes on at once.</summary>
internal sealed class StartStream(StreamRequest request) : Verb
{
    public const string Parameter = "StreamParam";

    public static StartStream Read(VerbElement element)
    {
        if (element.Value("destination") is null) element.Fail("destination", "StartStream has no destination; it is required.");
        return new StartStream(new StreamRequest
        {
            Destination = FeedAttributes.Destination(element),
            Credentials = element.Credentials("destinationUsername", "destinationPassword"),
            Name = FeedAttributes.Name(element),
            IsBidirectional = element.Word("mode", "unidirectional", "bidirectional") == "bidirectional",
            Tracks = FeedAttributes.Tracks(element),
            Events = element.Notice("streamEvent"),
            Parameters = FeedAttributes.Parameters(element, Parameter),
        });
    }

    internal override async Task<VerbOutcome> RunAsync(IVerbCall call, CancellationToken interrupted)
    {
        await call.AnswerAsync(interrupted);
        call.Streams.Start(request);
        return VerbOutcome.Next;
    }
}
