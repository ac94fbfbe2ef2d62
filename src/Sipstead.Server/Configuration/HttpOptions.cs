using System.Net;

namespace Sipstead.Server.Configuration;

/// <summary>Settings of the HTTP listeners; configuration section <c>Sipstead:Http</c>.</summary>
internal sealed record HttpOptions
{
    public const string DefaultUrl = "http://127.0.0.1:8080";

    /// <summary>URLs to listen on, separated by commas or semicolons. Default <see cref="DefaultUrl"/>.</summary>
    public string Url { get; init; } = DefaultUrl;

    /// <summary>The URLs.</summary>
    public IReadOnlyList<string> Urls => Url.Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>URLs of addresses that others can reach: passwords travel over them in the clear.</summary>
    public IEnumerable<string> UnprotectedUrls => Urls.Where(url => !IsHttps(url) && !IsLoopback(BindingAddress.Parse(url).Host));

    /// <summary>True when only programs on this machine reach the server.</summary>
    public bool IsLoopbackOnly => !Validate().Any() && Urls.All(url => IsLoopback(BindingAddress.Parse(url).Host));

    /// <summary>True for a URL that is served over TLS.</summary>
    public static bool IsHttps(string url) => url.StartsWith("https:", StringComparison.OrdinalIgnoreCase);

    /// <summary>A URL that begins the API's URLs where no request tells how a client sees the server: the first, with an address in the place of a wildcard.</summary>
    public string PublicUrl(string publicAddress)
    {
        if (Validate().Any()) return DefaultUrl; // the server will not start
        var first = BindingAddress.Parse(Urls[0]);
        var isWildcard = first.Host is "*" or "0.0.0.0" or "[::]";
        var host = !isWildcard ? first.Host : publicAddress.Split(',')[0].Trim() is { Length: > 0 } address ? BracketsRound(address) : "127.0.0.1";
        return $"{first.Scheme}://{host}:{first.Port}";
    }

    public IEnumerable<string> Validate()
    {
        if (Urls.Count == 0) yield return "Sipstead:Http:Url is empty; give a URL to listen on, such as http://127.0.0.1:8080.";
        foreach (var url in Urls)
        {
            if (Problem(url) is { } problem) yield return $"Sipstead:Http:Url holds \"{url}\": {problem}";
        }
    }

    private static string? Problem(string url)
    {
        if (!Uri.TryCreate(url.Replace("*", "any", StringComparison.Ordinal), UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            return "give a URL such as http://127.0.0.1:8080.";
        if (uri.PathAndQuery != "/") return "give scheme, address and port only, without a path.";
        return uri.Host is "any" or "localhost" || IPAddress.TryParse(uri.Host, out _) ? null : "give an IP address, localhost or * as the host.";
    }

    private static string BracketsRound(string address) => address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address;

    private static bool IsLoopback(string host) => host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
