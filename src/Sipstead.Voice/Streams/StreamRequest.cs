using Sipstead.Voice.Feeds;

namespace Sipstead.Voice.Streams;

/// <summary>What StartStream asks for (bxml.md 8). It has a destination.</summary>
internal sealed record StreamRequest : FeedRequest
{
    /// <summary>Whether the application may play audio to the party.</summary>
    public bool IsBidirectional { get; init; }
}

/// <summary>Streams of a call's audio to WebSockets (bxml.md 8). On the call's mailbox.</summary>
internal interface ICallStreams
{
    /// <summary>Begins a stream. What comes of it is told by webhooks.</summary>
    void Start(StreamRequest request);

    /// <summary>Ends a stream; nothing when none has the name.</summary>
    /// <param name="waits">Whether to come back only once its WebSocket has closed.</param>
    Task StopAsync(string name, bool waits, CancellationToken cancellationToken);
}
