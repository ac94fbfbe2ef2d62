using Microsoft.Extensions.Logging;
using Sipstead.Media.Transcription;
using Sipstead.Voice.Recordings;

namespace Sipstead.Voice.Transcribing;

/// <summary>What live transcriptions of all calls use.</summary>
internal sealed record TranscriptionServices(
    ITranscriptionEngine Engine, RecordingFiles Files, TranscriptLog Log, LiveTracks Tracks, TranscriptionMetrics Metrics, TimeProvider Time, ILogger Logger);
