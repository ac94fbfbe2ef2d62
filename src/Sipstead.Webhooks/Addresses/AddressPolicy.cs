using System.Net;

namespace Sipstead.Webhooks.Addresses;

/// <summary>Why a request is not sent.</summary>
/// <param name="Reason">One word, for counters: scheme, credentials, port or address.</param>
/// <param name="Words">What is wrong, to follow the URL in a sentence.</param>
public sealed record UrlRefusal(string Reason, string Words);

/// <summary>
/// Where requests that users' URLs cause may go, so that nobody reaches through the server what it alone can reach (SSRF). A URL is judged before it is
/// used, and each address that its name leads to before it is connected to, whatever the notation was.
/// </summary>
public sealed class AddressPolicy
{
    private static readonly UrlRefusal Scheme = new("scheme", "is not an absolute http or https URL");
    private static readonly UrlRefusal Credentials = new("credentials", "holds a user name; give user name and password beside the URL");
    private static readonly UrlRefusal Port = new("port", "names a port that is not allowed");

    private readonly List<IPNetwork> _allowed = [];
    private readonly bool _allowLoopback;

    /// <summary>Texts of <see cref="WebhookOptions.AllowedNetworks"/> that cannot be read allow nothing.</summary>
    public AddressPolicy(WebhookOptions options)
        : this((options ?? throw new ArgumentNullException(nameof(options))).AllowedNetworks, options.AllowLoopback)
    {
    }

    /// <summary>The same rules for what else is sent to addresses that users or far ends name.</summary>
    public AddressPolicy(IEnumerable<string> allowedNetworks, bool allowLoopback)
    {
        ArgumentNullException.ThrowIfNull(allowedNetworks);
        _allowLoopback = allowLoopback;
        foreach (var text in allowedNetworks)
        {
            if (WebhookOptions.TryParseNetwork(text, out var network)) _allowed.Add(network);
        }
    }

    internal static UrlRefusal Address { get; } = new("address", "leads to an address that is not allowed (Sipstead:Webhooks:AllowedNetworks)");

    /// <summary>What is wrong with a URL; null when nothing is, as far as it can be told without resolving its name.</summary>
    public UrlRefusal? RefusalOf(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (!url.IsAbsoluteUri || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps) || url.Host.Length == 0) return Scheme;
        if (url.UserInfo.Length > 0) return Credentials; // half of all disguises of a host, and a password that would stand in logs
        if (DeniedPorts.Contains(url.Port)) return Port;
        return IPAddress.TryParse(url.IdnHost, out var address) && !Allows(address) ? Address : null;
    }

    /// <summary>True when this very address may be connected to.</summary>
    public bool Allows(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (_allowed.Exists(network => network.Contains(address))) return true;
        return IPAddress.IsLoopback(address) ? _allowLoopback : !ReservedNetworks.Contains(address);
    }
}
