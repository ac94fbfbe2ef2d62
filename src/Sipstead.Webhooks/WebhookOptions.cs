using System.Net;
using System.Net.Sockets;

namespace Sipstead.Webhooks;

/// <summary>Settings of outbound HTTP; configuration section <c>Sipstead:Webhooks</c>. Only what <see cref="Validate"/> names is read from there.</summary>
public sealed record WebhookOptions
{
    /// <summary>Networks that requests may go to though they are not public, such as <c>192.168.1.0/24</c> or <c>10.0.0.7</c>. Default none.</summary>
    public IReadOnlyList<string> AllowedNetworks { get; init; } = [];

    /// <summary>Requests may go to this machine's loopback addresses, not to its private networks (ruling 30). The server sets it; it is no
    /// setting.</summary>
    public bool AllowLoopback { get; init; }

    /// <summary>Webhooks under way at most; one more fails at once. Default 2,000.</summary>
    public int MaxInFlight { get; init; } = 2_000;

    /// <summary>Webhooks of one account under way at most; one more fails at once. Default 1,000.</summary>
    public int MaxInFlightPerAccount { get; init; } = 1_000;

    /// <summary>Requests to one host under way at most, fetches among them; one more fails at once. This machine is exempt. Default 500.</summary>
    public int MaxInFlightPerHost { get; init; } = 500;

    /// <summary>Requests a second to one host. Default 200.</summary>
    public int HostRequestsPerSecond { get; init; } = 200;

    /// <summary>Requests to one host at once. Default 1,000.</summary>
    public int HostBurst { get; init; } = 1_000;

    /// <summary>Octets that the log of exchanges may hold. Default 32 MB.</summary>
    public long ExchangeLogOctets { get; init; } = 32 << 20;

    /// <summary>Exchanges that the log keeps of one call. Default 200.</summary>
    public int ExchangesPerCall { get; init; } = 200;

    /// <summary>Octets of one fetched resource. Default 64 MB: it is held in memory.</summary>
    public long MaxResourceOctets { get; init; } = 64 << 20;

    /// <summary>Octets that all fetches under way may hold together. Default 256 MB.</summary>
    public long MaxFetchOctets { get; init; } = 256 << 20;

    /// <summary>Fetches under way at most; one more fails at once. Default 200.</summary>
    public int MaxFetches { get; init; } = 200;

    /// <summary>From the start of a fetch to its last octet. Default 30 s.</summary>
    public TimeSpan FetchTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Octets that the cache of fetched resources may hold. Default 64 MB.</summary>
    public long CacheOctets { get; init; } = 64 << 20;

    /// <summary>All that is wrong, in words for an operator.</summary>
    public IEnumerable<string> Validate()
    {
        foreach (var text in AllowedNetworks)
        {
            if (!TryParseNetwork(text, out _))
                yield return $"Sipstead:Webhooks:AllowedNetworks holds \"{text}\": give networks separated by commas, like 192.168.1.0/24,fd00::/8.";
        }

        if (MaxInFlight < 1) yield return $"Sipstead:Webhooks:MaxInFlight is {MaxInFlight}: give at least 1.";
        if (MaxInFlightPerAccount < 1) yield return $"Sipstead:Limits:WebhooksPerAccount is {MaxInFlightPerAccount}: give at least 1.";
        if (MaxInFlightPerHost < 1) yield return $"Sipstead:Limits:WebhooksPerHost is {MaxInFlightPerHost}: give at least 1.";
        if (HostRequestsPerSecond is < 1 or > 1_000_000)
            yield return $"Sipstead:Limits:WebhooksPerHostPerSecond is {HostRequestsPerSecond}: give 1 to 1000000.";
        if (HostBurst < 1) yield return $"Sipstead:Limits:WebhookBurst is {HostBurst}: give at least 1.";
    }

    /// <summary>Reads a network in CIDR form, or one address.</summary>
    public static bool TryParseNetwork(string text, out IPNetwork network)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Contains('/', StringComparison.Ordinal)) return IPNetwork.TryParse(text, out network);
        network = default;
        if (!IPAddress.TryParse(text, out var address)) return false;
        if (address.AddressFamily == AddressFamily.InterNetwork && !text.Contains('.', StringComparison.Ordinal)) return false; // "10" is no 0.0.0.10
        network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
        return true;
    }
}
