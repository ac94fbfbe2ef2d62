namespace Sipstead.Webhooks;

/// <summary>An event of a call on its way to the user's application.</summary>
public sealed record WebhookMessage
{
    public required string AccountId { get; init; }

    /// <summary>The call, or the conference, that it tells of.</summary>
    public required string CallId { get; init; }

    /// <summary>Such as <c>answer</c>.</summary>
    public required string EventType { get; init; }

    /// <summary>The properties: a JSON object in UTF-8. It must not change until the sending has ended.</summary>
    public required ReadOnlyMemory<byte> Json { get; init; }

    public required WebhookTarget Primary { get; init; }

    /// <summary>Where a synchronous webhook goes when the primary fails; null for nowhere.</summary>
    public WebhookTarget? Fallback { get; init; }

    /// <summary>Of each try, from its begin to the last octet of its answer. Positive.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>True when the answer's body counts; else any 2xx is enough, and a fallback is not used.</summary>
    public required bool IsSynchronous { get; init; }
}
