using Sipstead.Media;
using Sipstead.Webhooks;

namespace Sipstead.Voice.Streams;

/// <summary>What StartStream asks for (bxml.md 8).</summary>
internal sealed record StreamRequest
{
    /// <summary>Absolute, ws or wss.</summary>
    public required Uri Destination { get; init; }

    /// <summary>Sent with the WebSocket's handshake; null for none.</summary>
    public BasicCredentials? Credentials { get; init; }

    /// <summary>Null for the stream's id.</summary>
    public string? Name { get; init; }

    public required IReadOnlyList<AudioTrack> Tracks { get; init; }

    /// <summary>Whether the application may play audio to the party.</summary>
    public bool IsBidirectional { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> Parameters { get; init; } = [];

    /// <summary>Where events of the stream are told; null for nowhere.</summary>
    public WebhookTarget? Events { get; init; }
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
