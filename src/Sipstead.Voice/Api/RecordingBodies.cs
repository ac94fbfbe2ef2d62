using System.Globalization;
using Sipstead.Media.Transcription;
using Sipstead.Provisioning.Api;
using Sipstead.Provisioning.Recordings;
using Sipstead.Voice.Recordings;

namespace Sipstead.Voice.Api;

/// <summary>A recording of a call or of a conference (voice-api.md 5, 6). What is absent is left out.</summary>
internal sealed record RecordingBody
{
    public string? ApplicationId { get; init; }
    public required string AccountId { get; init; }
    public string? CallId { get; init; }
    public string? ParentCallId { get; init; }
    public string? ConferenceId { get; init; }
    public string? Name { get; init; }
    public required string RecordingId { get; init; }
    public string? To { get; init; }
    public string? From { get; init; }
    public string? TransferCallerId { get; init; }
    public string? TransferTo { get; init; }
    public string? Duration { get; init; }
    public string? Direction { get; init; }
    public required int Channels { get; init; }
    public required string StartTime { get; init; }
    public string? EndTime { get; init; }
    public required string FileFormat { get; init; }
    public required string Status { get; init; }
    public string? MediaUrl { get; init; }
    public RecordingTranscriptionBody? Transcription { get; init; }

    public static RecordingBody Of(RecordingDetails recording, string baseUrl)
    {
        var body = new RecordingBody
        {
            AccountId = recording.AccountId.ToString(CultureInfo.InvariantCulture), RecordingId = recording.RecordingId,
            Duration = recording.EndTime is null ? null : ApiTime.Format(recording.Duration), Channels = recording.Channels,
            StartTime = ApiTime.Format(recording.StartTime), EndTime = recording.EndTime is { } end ? ApiTime.Format(end) : null,
            FileFormat = RecordingEvent.NameOf(recording.Format), Status = RecordingEvent.NameOf(recording.Status),
            MediaUrl = RecordingEvent.MediaUrlOf(recording, baseUrl), Transcription = RecordingTranscriptionBody.Of(recording, baseUrl),
        };
        if (recording.Kind == RecordingKind.Conference) return body with { ConferenceId = recording.OwnerId, Name = recording.To };
        return body with
        {
            ApplicationId = recording.ApplicationId, CallId = recording.OwnerId, ParentCallId = recording.ParentCallId, To = recording.To, From = recording.From,
            TransferCallerId = recording.TransferCallerId, TransferTo = recording.TransferTo, Direction = recording.IsInbound ? "inbound" : "outbound",
        };
    }
}

/// <summary>What a recording tells of its transcription.</summary>
internal sealed record RecordingTranscriptionBody
{
    public required string Id { get; init; }
    public string? Url { get; init; }
    public required string Status { get; init; }
    public string? CompletedTime { get; init; }

    public static RecordingTranscriptionBody? Of(RecordingDetails recording, string baseUrl) => recording.TranscriptionId is not { } id ? null : new()
    {
        Id = id, Url = recording.TranscriptionStatus == TranscriptionStatus.Available ? RecordingEvent.TranscriptionUrlOf(recording, baseUrl) : null,
        Status = RecordingEvent.NameOf(recording.TranscriptionStatus),
        CompletedTime = recording.TranscriptionTime is { } time ? ApiTime.Format(time) : null,
    };
}

/// <summary>A transcription: one transcript for each channel, the party's first.</summary>
internal sealed record TranscriptionBody(IReadOnlyList<TranscriptBody> Transcripts, IReadOnlyList<TranscriptClipBody> Clips)
{
    public static TranscriptionBody Of(IReadOnlyList<Transcript> transcripts) => new(
        [.. transcripts.Select((one, speaker) => new TranscriptBody(speaker, one.Text, one.Confidence))],
        [.. transcripts
            .SelectMany((one, speaker) => one.Clips.Select(clip => new TranscriptClipBody(
                speaker, clip.Text, clip.Confidence, clip.Start.TotalSeconds, clip.End.TotalSeconds)))
            .OrderBy(clip => clip.StartTimeSeconds)]);
}

/// <summary>All that was said on a channel.</summary>
internal sealed record TranscriptBody(int Speaker, string Text, double? Confidence);

/// <summary>A piece of what was said.</summary>
internal sealed record TranscriptClipBody(int Speaker, string Text, double? Confidence, double StartTimeSeconds, double EndTimeSeconds);
