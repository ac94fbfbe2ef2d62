using System.Net.WebSockets;

namespace Sipstead.Webhooks.Http;

/// <summary>A WebSocket that was opened, or why it was not.</summary>
/// <param name="Socket">Open, and the caller's to dispose; null on failure.</param>
/// <param name="Error">One sentence for the application's owner; null on success.</param>
public sealed record SocketOpening(WebSocket? Socket, string? Error)
{
    internal static SocketOpening Failed(Uri url, string words) => new(null, $"{UrlText.NameOf(url)} {words}.");

    /// <summary>The URL that a handshake goes to (RFC 6455 3, 4.1): http for ws, https for wss; null for any other scheme.</summary>
    internal static Uri? HttpUrlOf(Uri url)
    {
        if (!url.IsAbsoluteUri || url.Scheme is not ("ws" or "wss")) return null;
        return new UriBuilder(url) { Scheme = url.Scheme == "ws" ? Uri.UriSchemeHttp : Uri.UriSchemeHttps, Port = url.Port }.Uri;
    }
}
