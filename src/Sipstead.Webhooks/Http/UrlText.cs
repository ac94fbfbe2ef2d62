namespace Sipstead.Webhooks.Http;

/// <summary>URLs as people read them.</summary>
internal static class UrlText
{
    private const int MaxLength = 300;

    /// <summary>Scheme, host and path: user names and queries may be secret.</summary>
    public static string NameOf(Uri url)
    {
        if (!url.IsAbsoluteUri) return "a relative URL";
        var name = url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
        return name.Length <= MaxLength ? name : string.Concat(name.AsSpan(0, MaxLength), "...");
    }

    /// <summary>The URL without user name and fragment.</summary>
    public static string WithoutUser(Uri url) => url.IsAbsoluteUri
        ? url.GetComponents(UriComponents.SchemeAndServer | UriComponents.PathAndQuery, UriFormat.UriEscaped)
        : url.OriginalString;
}
