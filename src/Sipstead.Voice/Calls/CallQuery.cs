namespace Sipstead.Voice.Calls;

/// <summary>Which calls a list shall hold (voice-api.md 4.2). Null: all.</summary>
internal sealed record CallQuery
{
    public string? To { get; init; }

    public string? From { get; init; }

    /// <summary>Inclusive.</summary>
    public DateTimeOffset? MinStartTime { get; init; }

    /// <summary>Inclusive.</summary>
    public DateTimeOffset? MaxStartTime { get; init; }

    public string? DisconnectCause { get; init; }

    /// <summary>Number of the first call of the page.</summary>
    public long FirstNumber { get; init; }

    public int PageSize { get; init; } = 1000;

    public bool Matches(CallState call) =>
        (To is null || To == call.To)
        && (From is null || From == call.From)
        && (MinStartTime is null || call.StartTime >= MinStartTime)
        && (MaxStartTime is null || call.StartTime <= MaxStartTime)
        && (DisconnectCause is null || DisconnectCause == call.DisconnectCause);
}
