using System.Text;
using System.Text.Json;

namespace Sipstead.Webhooks;

/// <summary>A webhook's properties in a URL, for GET (webhooks.md 1).</summary>
internal static class QueryParameters
{
    /// <summary>
    /// Appends each top-level property to the URL's own query: strings as they are, anything else as its JSON text. A null is left out, as webhooks hold
    /// none. The fragment goes, since it is never sent; a user name stays, to be refused, as a relative URL is.
    /// </summary>
    public static Uri Append(Uri url, ReadOnlyMemory<byte> json)
    {
        if (!url.IsAbsoluteUri) return url;
        using var document = JsonDocument.Parse(json);
        var text = new StringBuilder(url.GetComponents(UriComponents.HttpRequestUrl | UriComponents.UserInfo, UriFormat.UriEscaped));
        var separator = url.Query.Length switch { 0 => "?", 1 => "", _ => "&" };
        foreach (var property in document.RootElement.EnumerateObject().Where(property => property.Value.ValueKind != JsonValueKind.Null))
        {
            text.Append(separator).Append(Uri.EscapeDataString(property.Name)).Append('=').Append(Uri.EscapeDataString(ValueOf(property.Value)));
            separator = "&";
        }

        return new Uri(text.ToString());
    }

    private static string ValueOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
