using Sipstead.Voice.Feeds;

namespace Sipstead.Voice.Transcribing;

/// <summary>What StartTranscription asks for (bxml.md 8). Without a destination the transcript is kept for the API.</summary>
internal sealed record TranscriptionRequest : FeedRequest
{
    /// <summary>Whether the application wants no text that may still change. It never gets any; the messages say what was asked for.</summary>
    public bool IsStabilized { get; init; } = true;
}

/// <summary>Live transcriptions of a call (bxml.md 8). On the call's mailbox.</summary>
internal interface ICallTranscriptions
{
    /// <summary>Begins a transcription. What comes of it is told by webhooks.</summary>
    void Start(TranscriptionRequest request);

    /// <summary>Ends a transcription, or all when the name is null; nothing when none has the name. What was said until then is still transcribed.</summary>
    void Stop(string? name);
}
