namespace Sipstead.Voice.Api;

/// <summary>A conference as the API shows it (voice-api.md 5). What is absent is left out.</summary>
internal sealed record ConferenceBody
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string CreatedTime { get; init; }
    public string? CompletedTime { get; init; }
    public string? ConferenceEventUrl { get; init; }
    public string? ConferenceEventMethod { get; init; }
    public string? Tag { get; init; }

    /// <summary>Null in lists.</summary>
    public IReadOnlyList<ConferenceMemberBody>? ActiveMembers { get; init; }
}

/// <summary>A call in a conference.</summary>
internal sealed record ConferenceMemberBody(
    string CallId, string ConferenceId, string MemberUrl, bool Mute, bool Hold, IReadOnlyList<string> CallIdsToCoach);
