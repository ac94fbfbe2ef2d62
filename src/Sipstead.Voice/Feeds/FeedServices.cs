using Sipstead.Voice.Streams;
using Sipstead.Voice.Transcribing;
using Sipstead.Webhooks.Http;

namespace Sipstead.Voice.Feeds;

/// <summary>What feeds of all calls use.</summary>
internal sealed record FeedServices(OutboundHttp Http, StreamMetrics Streams, TranscriptionServices Transcriptions);
