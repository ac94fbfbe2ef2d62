using Sipstead.Voice.Feeds;
using Sipstead.Voice.Transcribing;

namespace Sipstead.Voice.Api;

/// <summary>A transcript in the list of a call (voice-api.md 7).</summary>
internal sealed record TranscriptEntryBody(string TranscriptionId, string TranscriptionName, string TranscriptionUrl)
{
    public static TranscriptEntryBody Of(CallTranscript transcript, string baseUrl) => new(
        transcript.Id, transcript.Name, $"{baseUrl}/accounts/{transcript.AccountId}/calls/{transcript.CallId}/transcriptions/{transcript.Id}");
}

/// <summary>A transcript of a call (voice-api.md 7).</summary>
internal sealed record CallTranscriptBody(string AccountId, string CallId, string TranscriptionId, IReadOnlyList<TrackTranscriptBody> Tracks)
{
    public static CallTranscriptBody Of(CallTranscript transcript) => new(
        transcript.AccountId, transcript.CallId, transcript.Id,
        [.. transcript.Tracks.Select(track => new TrackTranscriptBody(track.Language, Feed.NameOf(track.Track), track.Text, track.Confidence))]);
}

/// <summary>What was said on a track; what the engine does not tell is left out.</summary>
internal sealed record TrackTranscriptBody(string? DetectedLanguage, string Track, string Transcript, double? Confidence);
