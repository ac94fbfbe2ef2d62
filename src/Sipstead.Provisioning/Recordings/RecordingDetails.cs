namespace Sipstead.Provisioning.Recordings;

/// <summary>What a recording is of.</summary>
public enum RecordingKind
{
    Call = 1,
    Conference = 2,
}

/// <summary>States of a recording (voice-api.md 6).</summary>
public enum RecordingStatus
{
    Processing = 1,

    /// <summary>Cut short: by a crash, by a full quota, or by a disk that was too slow.</summary>
    Partial = 2,
    Complete = 3,
    Deleted = 4,
    Error = 5,
}

/// <summary>Formats of recorded files.</summary>
public enum RecordingFormat
{
    Wav = 1,
    Mp3 = 2,
}

/// <summary>States of a transcription (voice-api.md 6).</summary>
public enum TranscriptionStatus
{
    None = 0,
    Processing = 1,
    Available = 2,
    Error = 3,
    Timeout = 4,
    FileSizeTooBig = 5,
    FileSizeTooSmall = 6,
}

/// <summary>All that is kept of a recording but its audio. Immutable: each change makes a new one.</summary>
public sealed record RecordingDetails
{
    /// <summary>Of the longest text about parties that is kept.</summary>
    public const int MaximumPartyLength = 1024;

    public required string RecordingId { get; init; }

    public required long AccountId { get; init; }

    public required RecordingKind Kind { get; init; }

    /// <summary>Id of the call or conference.</summary>
    public required string OwnerId { get; init; }

    /// <summary>Empty for a conference.</summary>
    public string ApplicationId { get; init; } = "";

    /// <summary>Of the call; the name of the conference.</summary>
    public string To { get; init; } = "";

    /// <summary>Of the call.</summary>
    public string From { get; init; } = "";

    /// <summary>Of the call.</summary>
    public bool IsInbound { get; init; }

    /// <summary>The call that transferred to this one; null for others.</summary>
    public string? ParentCallId { get; init; }

    /// <summary>Of the leg of a Transfer.</summary>
    public string? TransferCallerId { get; init; }

    /// <inheritdoc cref="TransferCallerId"/>
    public string? TransferTo { get; init; }

    public required DateTimeOffset StartTime { get; init; }

    /// <summary>Null while it runs.</summary>
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>Of the audio: paused time does not count.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>1 or 2.</summary>
    public required int Channels { get; init; }

    public required RecordingFormat Format { get; init; }

    public required RecordingStatus Status { get; init; }

    /// <summary>Octets of the file; 0 when there is none.</summary>
    public long Octets { get; init; }

    /// <summary>Whether it can be downloaded.</summary>
    public bool HasMedia => Octets > 0 && Status is RecordingStatus.Complete or RecordingStatus.Partial;

    /// <summary>Null when none was ever asked for, or it was deleted.</summary>
    public string? TranscriptionId { get; init; }

    public TranscriptionStatus TranscriptionStatus { get; init; }

    /// <summary>When it ended, well or not.</summary>
    public DateTimeOffset? TranscriptionTime { get; init; }
}

/// <summary>Which recordings of an account are asked for; null for any.</summary>
public sealed record RecordingQuery
{
    /// <summary>The most that one answer holds (voice-api.md 6).</summary>
    public const int MaximumSize = 1000;

    public RecordingKind? Kind { get; init; }

    /// <summary>Id of the call or conference.</summary>
    public string? OwnerId { get; init; }

    public string? To { get; init; }

    public string? From { get; init; }

    /// <summary>Inclusive.</summary>
    public DateTimeOffset? MinStartTime { get; init; }

    /// <summary>Exclusive.</summary>
    public DateTimeOffset? MaxStartTime { get; init; }

    /// <summary>Those behind this one in a list; null from the newest on.</summary>
    public RecordingDetails? After { get; init; }

    public int Size { get; init; } = MaximumSize;
}
