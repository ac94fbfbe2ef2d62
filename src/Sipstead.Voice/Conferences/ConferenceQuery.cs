namespace Sipstead.Voice.Conferences;

/// <summary>Which conferences a list shall hold (voice-api.md 5). Null: all.</summary>
internal sealed record ConferenceQuery
{
    public string? Name { get; init; }

    /// <summary>Inclusive.</summary>
    public DateTimeOffset? MinCreatedTime { get; init; }

    /// <summary>Inclusive.</summary>
    public DateTimeOffset? MaxCreatedTime { get; init; }

    /// <summary>Number of the first conference of the page.</summary>
    public long FirstNumber { get; init; }

    public int PageSize { get; init; } = 1000;

    public bool Matches(ConferenceState conference) =>
        (Name is null || Name == conference.Name)
        && (MinCreatedTime is null || conference.CreatedTime >= MinCreatedTime)
        && (MaxCreatedTime is null || conference.CreatedTime <= MaxCreatedTime);
}
