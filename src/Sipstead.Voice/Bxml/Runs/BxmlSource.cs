namespace Sipstead.Voice.Bxml.Runs;

/// <summary>Who gave a call a document.</summary>
public enum BxmlOrigin
{
    /// <summary>The application, as its answer to a webhook.</summary>
    Webhook,

    /// <summary>A client of the API, by PUT bxml (voice-api.md 4.5).</summary>
    Api,

    /// <summary>Whoever made the test call that begins with it.</summary>
    TestCall,
}

/// <summary>Where a document came from.</summary>
/// <param name="EventType">The webhook that it answers, such as <c>gather</c>; null when it answers none.</param>
/// <param name="Url">What answered it, without user name; null when no URL did.</param>
public sealed record BxmlSource(BxmlOrigin Origin, string? EventType, string? Url)
{
    internal static BxmlSource Api { get; } = new(BxmlOrigin.Api, null, null);

    internal static BxmlSource TestCall { get; } = new(BxmlOrigin.TestCall, null, null);

    internal static BxmlSource Webhook(string eventType, Uri? url) =>
        new(BxmlOrigin.Webhook, eventType, url?.GetComponents(UriComponents.SchemeAndServer | UriComponents.PathAndQuery, UriFormat.UriEscaped));
}
