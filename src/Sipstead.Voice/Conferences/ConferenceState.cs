namespace Sipstead.Voice.Conferences;

/// <summary>All that the API tells of a conference, at one moment (voice-api.md 5). Immutable: each change makes a new one.</summary>
public sealed record ConferenceState
{
    public required string ConferenceId { get; init; }

    public required string AccountId { get; init; }

    /// <summary>Of the account's live conferences no two have the same.</summary>
    public required string Name { get; init; }

    public required DateTimeOffset CreatedTime { get; init; }

    /// <summary>Null while it lives.</summary>
    public DateTimeOffset? CompletedTime { get; init; }

    /// <summary>Where its events go: that of the first member; null for nowhere.</summary>
    public Uri? EventUrl { get; init; }

    /// <summary>Whether its events go by GET.</summary>
    public bool IsEventGet { get; init; }

    /// <summary>That of the first member; rides on its events. Null for none.</summary>
    public string? Tag { get; init; }

    /// <summary>Who is in it, in the order of joining.</summary>
    public IReadOnlyList<ConferenceMemberState> Members { get; init; } = [];

    public ConferenceMemberState? Find(string callId) => Members.FirstOrDefault(member => member.CallId == callId);
}

/// <summary>A call in a conference, at one moment.</summary>
public sealed record ConferenceMemberState
{
    public required string CallId { get; init; }

    public required string From { get; init; }

    public required string To { get; init; }

    public required DateTimeOffset JoinTime { get; init; }

    /// <summary>Heard by nobody.</summary>
    public bool Mute { get; init; }

    /// <summary>Neither hears nor is heard.</summary>
    public bool Hold { get; init; }

    /// <summary>The calls, in the conference or not, that alone hear it; empty when it is no coach.</summary>
    public IReadOnlyList<string> CallIdsToCoach { get; init; } = [];
}
