using Sipstead.Voice.Bxml;

namespace Sipstead.Voice.Conferences;

/// <summary>What a Conference verb asks for (bxml.md 7.4). Events, tag and timeout count for the one that makes the conference.</summary>
internal sealed record ConferenceWish
{
    /// <summary>Calls that a coach may name: as many as there can be beside it.</summary>
    public const int MaximumCoached = Conference.MaxMembers - 1;

    public required string Name { get; init; }

    public bool Mute { get; init; }

    public bool Hold { get; init; }

    public IReadOnlyList<string> CallIdsToCoach { get; init; } = [];

    /// <summary>Where events go; null for nowhere.</summary>
    public CallbackTargets? Events { get; init; }

    public string? Tag { get; init; }

    /// <summary>Of its webhooks; null for that of the call.</summary>
    public TimeSpan? CallbackTimeout { get; init; }
}

/// <summary>What is to become of a member. Null: as it is.</summary>
internal sealed record MemberChange(bool? Mute, bool? Hold, IReadOnlyList<string>? CallIdsToCoach);

/// <summary>What came of it.</summary>
internal enum MemberChanged
{
    Done,

    /// <summary>The conference has no such member (any more).</summary>
    NotFound,

    /// <summary>There is another coach; a conference has one at a time.</summary>
    HasCoach,
}
