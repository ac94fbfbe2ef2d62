namespace Sipstead.Provisioning.Audit;

/// <summary>An entry of an account's audit: who did what, when.</summary>
public sealed record AuditRecord
{
    /// <summary>Rises with each entry of the server.</summary>
    public required long Id { get; init; }

    /// <summary>When it was done, to the millisecond.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who did it.</summary>
    public required AuditActor Actor { get; init; }

    /// <summary>What was done.</summary>
    public required AuditAction Action { get; init; }

    /// <summary>To what kind of thing.</summary>
    public required AuditKind Kind { get; init; }

    /// <summary>The id of the thing; of several made together, the first. Null when they have no ids that follow each other.</summary>
    public string? ResourceId { get; init; }

    /// <summary>The last id of several that were made together.</summary>
    public long? LastResourceId { get; init; }

    /// <summary>The name of the thing as it was then; null of several.</summary>
    public string? Name { get; init; }

    /// <summary>How many things: 1, or those that one request made or changed together.</summary>
    public required int Count { get; init; }

    /// <summary>The names of the first of several.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>The changed fields; none of several.</summary>
    public IReadOnlyList<AuditChange> Changes { get; init; } = [];
}
