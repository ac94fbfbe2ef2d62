using Sipstead.Provisioning.Recordings;

namespace Sipstead.Provisioning.Store;

/// <summary>A row of the recording table; the audio is a file in the data folder.</summary>
internal sealed class Recording
{
    public required string Id { get; set; }

    public long AccountId { get; set; }

    public RecordingKind Kind { get; set; }

    public required string OwnerId { get; set; }

    public required string ApplicationId { get; set; }

    public required string To { get; set; }

    public required string From { get; set; }

    public bool IsInbound { get; set; }

    public string? ParentCallId { get; set; }

    public string? TransferCallerId { get; set; }

    public string? TransferTo { get; set; }

    /// <summary>In milliseconds since 1970.</summary>
    public long StartTime { get; set; }

    /// <inheritdoc cref="StartTime"/>
    public long? EndTime { get; set; }

    /// <summary>In milliseconds.</summary>
    public long Duration { get; set; }

    public int Channels { get; set; }

    public RecordingFormat Format { get; set; }

    public RecordingStatus Status { get; set; }

    public long Octets { get; set; }

    public string? TranscriptionId { get; set; }

    public TranscriptionStatus TranscriptionStatus { get; set; }

    /// <inheritdoc cref="StartTime"/>
    public long? TranscriptionTime { get; set; }

    public void Set(RecordingDetails recording)
    {
        (AccountId, Kind, OwnerId, ApplicationId) = (recording.AccountId, recording.Kind, recording.OwnerId, recording.ApplicationId);
        (To, From, IsInbound) = (Cut(recording.To)!, Cut(recording.From)!, recording.IsInbound);
        (ParentCallId, TransferCallerId, TransferTo) = (recording.ParentCallId, Cut(recording.TransferCallerId), Cut(recording.TransferTo));
        (StartTime, EndTime) = (recording.StartTime.ToUnixTimeMilliseconds(), recording.EndTime?.ToUnixTimeMilliseconds());
        (Duration, Channels, Format) = ((long)recording.Duration.TotalMilliseconds, recording.Channels, recording.Format);
        (Status, Octets) = (recording.Status, recording.Octets);
        (TranscriptionId, TranscriptionStatus) = (recording.TranscriptionId, recording.TranscriptionStatus);
        TranscriptionTime = recording.TranscriptionTime?.ToUnixTimeMilliseconds();
    }

    public RecordingDetails Describe() => new()
    {
        RecordingId = Id, AccountId = AccountId, Kind = Kind, OwnerId = OwnerId, ApplicationId = ApplicationId, To = To, From = From, IsInbound = IsInbound,
        ParentCallId = ParentCallId, TransferCallerId = TransferCallerId, TransferTo = TransferTo, StartTime = DateTimeOffset.FromUnixTimeMilliseconds(StartTime),
        EndTime = TimeOf(EndTime), Duration = TimeSpan.FromMilliseconds(Duration), Channels = Channels, Format = Format, Status = Status, Octets = Octets,
        TranscriptionId = TranscriptionId, TranscriptionStatus = TranscriptionStatus, TranscriptionTime = TimeOf(TranscriptionTime),
    };

    private static string? Cut(string? text) => text?.Length > RecordingDetails.MaximumPartyLength ? text[..RecordingDetails.MaximumPartyLength] : text;

    private static DateTimeOffset? TimeOf(long? milliseconds) => milliseconds is { } value ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;
}
