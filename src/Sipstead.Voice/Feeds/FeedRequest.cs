using Sipstead.Media;
using Sipstead.Webhooks;

namespace Sipstead.Voice.Feeds;

/// <summary>What StartStream and StartTranscription both ask for (bxml.md 8).</summary>
internal abstract record FeedRequest
{
    /// <summary>Absolute, ws or wss; null for none, which only a transcription has.</summary>
    public Uri? Destination { get; init; }

    /// <summary>Sent with the WebSocket's handshake; null for none.</summary>
    public BasicCredentials? Credentials { get; init; }

    /// <summary>Null for the feed's id.</summary>
    public string? Name { get; init; }

    public required IReadOnlyList<AudioTrack> Tracks { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> Parameters { get; init; } = [];

    /// <summary>Where events of the feed are told; null for nowhere.</summary>
    public WebhookTarget? Events { get; init; }
}
