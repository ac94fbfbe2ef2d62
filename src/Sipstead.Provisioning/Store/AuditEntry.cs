using Sipstead.Provisioning.Audit;

namespace Sipstead.Provisioning.Store;

/// <summary>A row of the audit: written with the change it tells of, never changed, and removed when it is too old.</summary>
internal sealed class AuditEntry
{
    public const int MaximumNameLength = 256;

    public long Id { get; set; }

    /// <summary>In milliseconds since 1970.</summary>
    public long At { get; set; }

    public long AccountId { get; set; }

    public required string Actor { get; set; }

    public AuditVia Via { get; set; }

    public string? Source { get; set; }

    public AuditAction Action { get; set; }

    public AuditKind Kind { get; set; }

    public string? ResourceId { get; set; }

    /// <summary>The ids of several things that were made together.</summary>
    public long? FirstId { get; set; }

    /// <inheritdoc cref="FirstId"/>
    public long? LastId { get; set; }

    public string? Name { get; set; }

    public int Count { get; set; }

    /// <summary>A list of texts as JSON, or null.</summary>
    public string? Names { get; set; }

    /// <summary>A list of <see cref="AuditChange"/> as JSON, or null.</summary>
    public string? Changes { get; set; }
}
