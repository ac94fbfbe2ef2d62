using Sipstead.Voice.Trunks;

namespace Sipstead.Voice.Calls;

/// <summary>Direction of a call as the API names it; never changes.</summary>
public enum CallDirection
{
    Inbound,
    Outbound,
}

/// <summary>States of a call (voice-api.md 4.3).</summary>
public enum CallPhase
{
    Queued,
    Initiated,
    Answered,
    Disconnected,
}

/// <summary>All that the API tells of a call, at one moment. Immutable: each change makes a new one.</summary>
public sealed record CallState
{
    public required string CallId { get; init; }

    public required string AccountId { get; init; }

    public required string ApplicationId { get; init; }

    public required string To { get; init; }

    public required string From { get; init; }

    public required CallDirection Direction { get; init; }

    /// <summary>Scheme, host and <c>/api/v2</c>, as the client saw them; begins the call's URL.</summary>
    public required string BaseUrl { get; init; }

    public required CallPhase Phase { get; init; }

    /// <summary>Outbound calls only.</summary>
    public DateTimeOffset? EnqueuedTime { get; init; }

    /// <summary>When the INVITE left or came.</summary>
    public DateTimeOffset? StartTime { get; init; }

    public DateTimeOffset? AnswerTime { get; init; }

    public DateTimeOffset? EndTime { get; init; }

    public string? DisconnectCause { get; init; }

    /// <summary>Whether it ended otherwise than by hanging up or cancelling.</summary>
    public bool HasFailed => DisconnectCause is not (null or CallCause.Hangup or CallCause.Cancel);

    public string? ErrorMessage { get; init; }

    /// <summary>Reference of the error, the same in state and webhook.</summary>
    public string? ErrorId { get; init; }

    public required DateTimeOffset LastUpdate { get; init; }

    /// <summary>Rides on every webhook; null when never set or cleared.</summary>
    public string? Tag { get; init; }

    /// <summary>What a call that a Transfer or Forward made is beyond others; null for all others.</summary>
    public TransferState? Transfer { get; init; }

    /// <summary>What the trunk that it came in by says of the caller's number; null for nothing.</summary>
    internal StirShaken? StirShaken { get; init; }

    /// <summary>The signed token of the caller's number that it came with by a trunk (RFC 8224), unchecked; null for none.</summary>
    public string? Identity { get; init; }

    /// <summary>The other party of the call: its number, or its SIP URI.</summary>
    public string Party => Direction == CallDirection.Inbound ? From : Transfer?.To ?? To;

    /// <summary>When it was made or came in.</summary>
    public DateTimeOffset? BeginTime => EnqueuedTime ?? StartTime;

    public string Url => $"{BaseUrl}/accounts/{AccountId}/calls/{CallId}";
}

/// <summary>Of a call that a Transfer or Forward made. <see cref="CallState.From"/> and <see cref="CallState.To"/> are those of its parent (webhooks.md 2).</summary>
/// <param name="ParentCallId">The call that it was made for.</param>
/// <param name="CallerId">Whom its party was shown: a number, a SIP URI, or a word such as <c>Restricted</c>.</param>
/// <param name="To">Its party: a number or SIP URI.</param>
public sealed record TransferState(string ParentCallId, string CallerId, string To);
