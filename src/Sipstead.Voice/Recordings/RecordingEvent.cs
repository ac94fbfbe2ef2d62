using System.Text.Json;
using Sipstead.Provisioning.Api;
using Sipstead.Provisioning.Recordings;
using Sipstead.Voice.Api;

namespace Sipstead.Voice.Recordings;

/// <summary>How the API and its webhooks tell of recordings: words, URLs and properties (webhooks.md 3, voice-api.md 6).</summary>
internal static class RecordingEvent
{
    /// <summary>The properties of recordComplete, recordingAvailable and transcriptionAvailable beyond those of the owner.</summary>
    /// <param name="mediaUrl">Null when there is nothing to download.</param>
    public static void WriteFields(Utf8JsonWriter json, RecordingDetails recording, string? mediaUrl)
    {
        json.WriteString("recordingId", recording.RecordingId);
        if (mediaUrl is not null) json.WriteString("mediaUrl", mediaUrl);
        if (recording.EndTime is { } end) json.WriteString("endTime", ApiTime.Format(end));
        json.WriteString("duration", ApiTime.Format(recording.Duration));
        json.WriteNumber("channels", recording.Channels);
        json.WriteString("fileFormat", NameOf(recording.Format));
    }

    /// <summary>The properties of transcriptionAvailable.</summary>
    public static void WriteTranscription(Utf8JsonWriter json, RecordingDetails recording, string baseUrl)
    {
        WriteFields(json, recording, MediaUrlOf(recording, baseUrl));
        if (RecordingTranscriptionBody.Of(recording, baseUrl) is not { } transcription) return;
        json.WritePropertyName("transcription");
        JsonSerializer.Serialize(json, transcription, VoiceJson.Api.RecordingTranscriptionBody);
    }

    /// <summary>Where the audio will be.</summary>
    public static string MediaUrl(RecordingDetails recording, string baseUrl) => UrlOf(recording, baseUrl) + "/media";

    /// <summary>Where the audio is; null when there is none.</summary>
    public static string? MediaUrlOf(RecordingDetails recording, string baseUrl) => recording.HasMedia ? MediaUrl(recording, baseUrl) : null;

    public static string TranscriptionUrlOf(RecordingDetails recording, string baseUrl) => UrlOf(recording, baseUrl) + "/transcription";

    public static string NameOf(RecordingFormat format) => format == RecordingFormat.Mp3 ? "mp3" : "wav";

    public static string NameOf(RecordingStatus status) => status switch
    {
        RecordingStatus.Processing => "processing",
        RecordingStatus.Partial => "partial",
        RecordingStatus.Complete => "complete",
        RecordingStatus.Deleted => "deleted",
        _ => "error",
    };

    public static string NameOf(TranscriptionStatus status) => status switch
    {
        TranscriptionStatus.None => "none",
        TranscriptionStatus.Processing => "processing",
        TranscriptionStatus.Available => "available",
        TranscriptionStatus.Timeout => "timeout",
        TranscriptionStatus.FileSizeTooBig => "file-size-too-big",
        TranscriptionStatus.FileSizeTooSmall => "file-size-too-small",
        _ => "error",
    };

    private static string UrlOf(RecordingDetails recording, string baseUrl) => FormattableString.Invariant(
        $"{baseUrl}/accounts/{recording.AccountId}/{(recording.Kind == RecordingKind.Call ? "calls" : "conferences")}/{recording.OwnerId}/recordings/{recording.RecordingId}");
}
