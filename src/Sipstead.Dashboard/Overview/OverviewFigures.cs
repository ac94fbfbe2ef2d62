namespace Sipstead.Dashboard.Overview;

/// <summary>What the overview shows, at one moment.</summary>
public sealed record OverviewFigures
{
    public required int Realms { get; init; }

    public required int Credentials { get; init; }

    /// <summary>Credentials of the account with a live registration.</summary>
    public required int Registered { get; init; }

    public required int Applications { get; init; }

    public required int LiveCalls { get; init; }

    public required int CallsToday { get; init; }

    public required int LiveConferences { get; init; }

    /// <summary>Octets that recordings take.</summary>
    public required long RecordedOctets { get; init; }

    /// <summary>Octets that they may take.</summary>
    public required long RecordingRoom { get; init; }

    /// <summary>Whether registrations can be written to the journal.</summary>
    public required bool IsJournalWorking { get; init; }

    /// <summary>Buckets of five minutes, oldest first.</summary>
    public required ActivityBucket[] Activity { get; init; }

    /// <summary>Whether the account has had a call that is still known.</summary>
    public required bool HasCalled { get; init; }

    /// <summary>Sum of a count over the last hour.</summary>
    public int LastHour(Func<ActivityBucket, int> count) => Activity.TakeLast((int)(TimeSpan.FromHours(1) / AccountActivity.BucketLength)).Sum(count);
}
