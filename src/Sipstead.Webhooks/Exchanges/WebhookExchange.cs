namespace Sipstead.Webhooks.Exchanges;

/// <summary>Which try of a webhook an exchange was.</summary>
public enum WebhookAttempt
{
    Primary,

    /// <summary>The same URL once more, after no connection came about.</summary>
    Retry,

    Fallback,
}

/// <summary>One request and what came of it, as a user may see it. Credentials are never part of it.</summary>
public sealed record WebhookExchange
{
    public required string AccountId { get; init; }

    public required string CallId { get; init; }

    public required string EventType { get; init; }

    public required WebhookAttempt Attempt { get; init; }

    /// <summary>GET or POST.</summary>
    public required string Method { get; init; }

    /// <summary>With query, without user name; for a GET without the properties, which <see cref="Request"/> has.</summary>
    public required string Url { get; init; }

    /// <summary>The properties sent, JSON in UTF-8; cut when <see cref="IsRequestTruncated"/>.</summary>
    public required ReadOnlyMemory<byte> Request { get; init; }

    public bool IsRequestTruncated { get; init; }

    /// <summary>Null when no answer came.</summary>
    public int? Status { get; init; }

    /// <summary>What went wrong; null on success.</summary>
    public string? Error { get; init; }

    /// <summary>The answer's body; cut when <see cref="IsResponseTruncated"/>.</summary>
    public ReadOnlyMemory<byte> Response { get; init; }

    public bool IsResponseTruncated { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>Octets that it takes in memory, nearly.</summary>
    internal long Octets =>
        512 + Request.Length + Response.Length + (2L * (AccountId.Length + CallId.Length + EventType.Length + Url.Length + (Error?.Length ?? 0)));
}
