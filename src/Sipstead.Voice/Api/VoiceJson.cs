using System.Text.Json;
using System.Text.Json.Serialization;
using Sipstead.Provisioning.Api;
using Sipstead.Voice.Trunks;

namespace Sipstead.Voice.Api;

/// <summary>A call as <c>GET /calls/{callId}</c> shows it (voice-api.md 4.3). What is absent is left out: some clients refuse null.</summary>
internal sealed record CallBody
{
    public required string CallId { get; init; }
    public required string ApplicationId { get; init; }
    public required string AccountId { get; init; }
    public required string To { get; init; }
    public required string From { get; init; }
    public required string Direction { get; init; }
    public required string State { get; init; }
    public string? ParentCallId { get; init; }
    public string? EnqueuedTime { get; init; }
    public string? StartTime { get; init; }
    public string? AnswerTime { get; init; }
    public string? EndTime { get; init; }
    public string? DisconnectCause { get; init; }
    public string? ErrorMessage { get; init; }
    public string? ErrorId { get; init; }
    public required string LastUpdate { get; init; }
    public string? Identity { get; init; }
    public StirShaken? StirShaken { get; init; }
}

/// <summary>The answer to createCall (voice-api.md 4.1).</summary>
internal sealed record CreatedCallBody
{
    public required string ApplicationId { get; init; }
    public required string AccountId { get; init; }
    public required string CallId { get; init; }
    public required string To { get; init; }
    public required string From { get; init; }
    public required string EnqueuedTime { get; init; }
    public required string CallUrl { get; init; }
    public required double CallTimeout { get; init; }
    public required double CallbackTimeout { get; init; }
    public string? Tag { get; init; }
    public required string AnswerMethod { get; init; }
    public required string AnswerUrl { get; init; }
    public required string AnswerFallbackMethod { get; init; }
    public string? AnswerFallbackUrl { get; init; }
    public required string DisconnectMethod { get; init; }
    public string? DisconnectUrl { get; init; }
    public string? Username { get; init; }
    public string? Password { get; init; }
    public string? FallbackUsername { get; init; }
    public string? FallbackPassword { get; init; }
    public required int Priority { get; init; }
}

/// <summary>The queue of an account (voice-api.md 8).</summary>
internal sealed record StatisticsBody(int CurrentCallQueueSize, int MaxCallQueueSize);

/// <summary>One exchange with the application (an addition of ours).</summary>
internal sealed record CallbackBody
{
    public required string EventType { get; init; }
    public required string Attempt { get; init; }
    public required string Url { get; init; }
    public required string Method { get; init; }
    public required string StartedTime { get; init; }
    public required double DurationMs { get; init; }
    public JsonElement? Request { get; init; }
    public int? Status { get; init; }
    public string? Response { get; init; }
    public bool? ResponseTruncated { get; init; }
    public string? Error { get; init; }
}

[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(CallBody))]
[JsonSerializable(typeof(IReadOnlyList<CallBody>))]
[JsonSerializable(typeof(CreatedCallBody))]
[JsonSerializable(typeof(ConferenceBody))]
[JsonSerializable(typeof(IReadOnlyList<ConferenceBody>))]
[JsonSerializable(typeof(ConferenceMemberBody))]
[JsonSerializable(typeof(StatisticsBody))]
[JsonSerializable(typeof(ValidationBody))]
[JsonSerializable(typeof(IReadOnlyList<CallbackBody>))]
[JsonSerializable(typeof(IReadOnlyList<DocumentBody>))]
[JsonSerializable(typeof(CallMediaBody))]
[JsonSerializable(typeof(IReadOnlyList<RecordingBody>))]
[JsonSerializable(typeof(TranscriptionBody))]
[JsonSerializable(typeof(IReadOnlyList<TranscriptEntryBody>))]
[JsonSerializable(typeof(CallTranscriptBody))]
[JsonSerializable(typeof(IReadOnlyList<TracedMessageBody>))]
internal sealed partial class VoiceJson : JsonSerializerContext
{
    /// <summary>What the API writes with.</summary>
    public static VoiceJson Api { get; } = new(JsonStyle.CreateOptions());
}
