namespace Sipstead.Provisioning.Audit;

/// <summary>Which entries are wanted; null takes all.</summary>
public sealed record AuditQuery
{
    /// <summary>Not before.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Before.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>By whom, in any case.</summary>
    public string? Actor { get; init; }

    /// <summary>About what kind of thing.</summary>
    public AuditKind? Kind { get; init; }

    /// <summary>About the thing of this id.</summary>
    public string? ResourceId { get; init; }

    /// <summary>The newest id to begin with.</summary>
    public long? Newest { get; init; }

    /// <summary>The most entries.</summary>
    public int Size { get; init; } = 100;
}
