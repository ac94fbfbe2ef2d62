namespace Sipstead.Webhooks;

/// <summary>What came of a webhook.</summary>
public sealed record WebhookResult
{
    /// <summary>True for a 2xx whose body came whole (synchronous), respectively any 2xx (asynchronous).</summary>
    public required bool Succeeded { get; init; }

    /// <summary>Status of the last answer; null when none came.</summary>
    public int? Status { get; init; }

    /// <summary>Body of a synchronous success; else empty.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Content-Type of that body as sent; null when there is none.</summary>
    public string? ContentType { get; init; }

    /// <summary>The target's URL that answered with success, against which the body's relative URLs resolve; else null.</summary>
    public Uri? Url { get; init; }

    /// <summary>One sentence that names the URLs and what went wrong on each try; null on success.</summary>
    public string? Error { get; init; }
}
