namespace Sipstead.Webhooks.Fetching;

/// <summary>A resource, whole.</summary>
/// <param name="Octets">Its content; it may be shared with others and is never written to.</param>
/// <param name="ContentType">As sent; null when there is none.</param>
/// <param name="Name">Last segment of the URL's path, unescaped, such as <c>hello.wav</c>; may be empty.</param>
public sealed record FetchedResource(ReadOnlyMemory<byte> Octets, string? ContentType, string Name);

/// <summary>A resource, or why there is none.</summary>
public sealed record FetchResult
{
    /// <summary>Null when the fetch failed.</summary>
    public FetchedResource? Resource { get; init; }

    /// <summary>One sentence that names the URL and what went wrong; null on success.</summary>
    public string? Error { get; init; }
}
