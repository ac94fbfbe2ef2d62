using System.Net.Http.Headers;

namespace Sipstead.Webhooks.Http;

/// <summary>What kept a request from its whole answer.</summary>
internal enum FailureKind
{
    /// <summary>The address policy did not let it out.</summary>
    Refused,

    /// <summary>No connection, or it ended before any answer.</summary>
    Connection,

    /// <summary>The time was over.</summary>
    TimedOut,

    /// <summary>What came is not HTTP, or its headers are too long.</summary>
    Malformed,

    /// <summary>The answer ended before its end.</summary>
    Broken,

    /// <summary>The answer is longer than may be.</summary>
    TooLarge,
}

/// <param name="Kind">What happened.</param>
/// <param name="Words">The same, to follow the URL in a sentence.</param>
internal sealed record HttpFailure(FailureKind Kind, string Words);

/// <summary>An answer, as far as it came.</summary>
internal sealed record HttpReply
{
    public required int Status { get; init; }

    public required ReadOnlyMemory<byte> Body { get; init; }

    public required HttpResponseHeaders Headers { get; init; }

    public required HttpContentHeaders ContentHeaders { get; init; }

    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>As sent; null when there is none.</summary>
    public string? ContentType => ContentHeaders.NonValidated.TryGetValues("Content-Type", out var values) ? values.ToString() : null;
}

/// <summary>The end of an exchange.</summary>
/// <param name="Reply">Null when no answer began.</param>
/// <param name="Failure">Null when the answer came whole, whatever its status.</param>
internal sealed record HttpOutcome(HttpReply? Reply, HttpFailure? Failure);
