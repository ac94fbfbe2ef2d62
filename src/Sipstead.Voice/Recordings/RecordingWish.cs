using Sipstead.Media.Recording;
using Sipstead.Provisioning.Recordings;
using Sipstead.Webhooks;

namespace Sipstead.Voice.Recordings;

/// <summary>What a verb wants recorded (bxml.md 6).</summary>
internal sealed record RecordingWish
{
    /// <summary>The most that Record may record, and the longest of StartRecording's: a day.</summary>
    public static TimeSpan LongestStarted { get; } = TimeSpan.FromDays(1);

    public required RecordingLayout Layout { get; init; }

    public required TimeSpan MaximumDuration { get; init; }

    /// <summary>Zero for none.</summary>
    public TimeSpan SilenceTimeout { get; init; }

    public RecordingFormat Format { get; init; } = RecordingFormat.Wav;

    /// <summary>Where recordingAvailable goes; null for nowhere.</summary>
    public WebhookTarget? Available { get; init; }

    /// <summary>Null when no transcription is wanted.</summary>
    public TranscriptionWish? Transcription { get; init; }
}

/// <summary>A transcription that is wanted.</summary>
/// <param name="Available">Where transcriptionAvailable goes; null for nowhere.</param>
/// <param name="DetectLanguage">Whether the engine shall find out the language.</param>
internal sealed record TranscriptionWish(WebhookTarget? Available, bool DetectLanguage);
