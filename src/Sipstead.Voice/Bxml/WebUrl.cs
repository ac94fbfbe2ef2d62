using System.Diagnostics.CodeAnalysis;

namespace Sipstead.Voice.Bxml;

internal enum WebUrlProblem
{
    None,
    Empty,

    /// <summary>Relative, but there is nothing that it is relative to.</summary>
    NoBase,

    /// <summary>Not a URL, or not one of http or https.</summary>
    NotWeb,
}

/// <summary>URLs in documents: absolute, or relative to the URL that delivered the document (RFC 3986 5.2).</summary>
internal static class WebUrl
{
    /// <summary>Stands where a URL could not be read; the document is refused then.</summary>
    public static Uri None { get; } = new("http://none.invalid/");

    public static WebUrlProblem Resolve(string text, Uri? baseUrl, out Uri? url)
    {
        url = null;
        var reference = text.Trim();
        if (reference.Length == 0) return WebUrlProblem.Empty;

        // Whether it is absolute is not left to Uri: on Linux that takes "/path" for a file.
        bool isRead;
        if (HasScheme(reference)) isRead = Uri.TryCreate(reference, UriKind.Absolute, out url);
        else if (baseUrl is null) return WebUrlProblem.NoBase;
        else if (reference.StartsWith("//", StringComparison.Ordinal)) isRead = Uri.TryCreate($"{baseUrl.Scheme}:{reference}", UriKind.Absolute, out url);
        else isRead = Uri.TryCreate(baseUrl, reference, out url);

        return isRead && IsWeb(url) ? WebUrlProblem.None : WebUrlProblem.NotWeb;
    }

    /// <summary>The text of a URL, right or wrong, for an error: a password before the host is left out.</summary>
    public static string WithoutUserInfo(string text)
    {
        var at = text.LastIndexOf('@');
        return at < 0 ? text : $"...{text[at..]}";
    }

    private static bool IsWeb([NotNullWhen(true)] Uri? url) =>
        url is { IsAbsoluteUri: true, Host.Length: > 0 } && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps);

    private static bool HasScheme(string reference)
    {
        var colon = reference.AsSpan().IndexOfAny(":/?#");
        if (colon <= 0 || reference[colon] != ':' || !char.IsAsciiLetter(reference[0])) return false;
        foreach (var character in reference.AsSpan(0, colon))
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('+' or '-' or '.')) return false;
        }

        return true;
    }
}
