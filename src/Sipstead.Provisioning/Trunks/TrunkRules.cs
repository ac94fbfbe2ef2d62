using System.Net;
using System.Net.Sockets;

namespace Sipstead.Provisioning.Trunks;

/// <summary>What the parts of a trunk may be. No error repeats a password.</summary>
internal static class TrunkRules
{
    public const int MaximumTrunks = 100;
    public const int MaximumNameLength = 128;
    public const int MaximumHostLength = 253;
    public const int MaximumUserNameLength = 128;
    public const int MaximumPasswordLength = 128;
    public const int MaximumSources = 64;
    public const int MaximumPatterns = 200;
    public const int MaximumRoutes = 200;
    private const int MaximumPriority = 1000;
    private const int ShortestIpv4Prefix = 16;
    private const int ShortestIpv6Prefix = 32;

    public static ProvisioningError? Check(NewTrunk wish) =>
        CheckText("name", wish.Name, MaximumNameLength)
        ?? CheckText("host", wish.Host, MaximumHostLength)
        ?? CheckHost(wish.Host!)
        ?? CheckTarget(wish)
        ?? CheckCredentials(wish)
        ?? CheckSources(wish.Sources)
        ?? CheckPatterns("outbound", wish.Outbound)
        ?? CheckPatterns("callerIds", wish.CallerIds)
        ?? CheckRoutes(wish.Routes);

    /// <summary>The transport of a name, in any case; null when it is none.</summary>
    public static TrunkTransport? TransportOf(string? name) => name?.ToUpperInvariant() switch
    {
        "UDP" => TrunkTransport.Udp,
        "TCP" => TrunkTransport.Tcp,
        "TLS" => TrunkTransport.Tls,
        _ => null,
    };

    /// <summary>The network of a source: an address alone is a network of one.</summary>
    public static bool TryParseSource(string text, out IPNetwork network)
    {
        network = default;
        if (!text.Contains('/', StringComparison.Ordinal))
        {
            if (!IPAddress.TryParse(text, out var address) || address is { AddressFamily: AddressFamily.InterNetworkV6, ScopeId: not 0 }) return false;
            network = new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);
            return true;
        }

        return IPNetwork.TryParse(text, out network);
    }

    /// <summary>Whether two networks have an address in common.</summary>
    public static bool Overlap(IPNetwork one, IPNetwork other) => one.Contains(other.BaseAddress) || other.Contains(one.BaseAddress);

    private static ProvisioningError? CheckText(string field, string? text, int maximum)
    {
        if (string.IsNullOrEmpty(text)) return Invalid($"{field} is required");
        return text.Length > maximum || text.Any(char.IsControl) ? Invalid($"Invalid {field}: must have at most {maximum} characters, none a control character") : null;
    }

    private static ProvisioningError? CheckHost(string host)
    {
        var kind = Uri.CheckHostName(host);
        var isHost = kind is UriHostNameType.IPv4 or UriHostNameType.IPv6
            || (kind == UriHostNameType.Dns && host.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_') && !host.EndsWith('.'));
        return isHost ? null : Invalid($"Invalid host: '{host}' is neither a domain name nor an address");
    }

    private static ProvisioningError? CheckTarget(NewTrunk wish)
    {
        if (wish.Port is < 1 or > ushort.MaxValue) return Invalid($"port must be within the range [1, {ushort.MaxValue}], but was {wish.Port}");
        if (wish.Priority is < 0 or > MaximumPriority) return Invalid($"priority must be within the range [0, {MaximumPriority}], but was {wish.Priority}");
        return wish.Transport is not null && TransportOf(wish.Transport) is null
            ? Invalid($"Invalid transport: '{wish.Transport}' is none of udp, tcp, tls")
            : null;
    }

    private static ProvisioningError? CheckCredentials(NewTrunk wish)
    {
        if (wish.UserName is null) return wish.Password is null ? null : Invalid("password needs a userName");
        return CheckText("userName", wish.UserName, MaximumUserNameLength)
            ?? (wish.Password is null ? null : CheckText("password", wish.Password, MaximumPasswordLength));
    }

    private static ProvisioningError? CheckSources(IReadOnlyList<string> sources)
    {
        if (sources.Count > MaximumSources) return Invalid($"Invalid sources: must hold at most {MaximumSources}");
        foreach (var source in sources)
        {
            if (!TryParseSource(source, out var network))
                return Invalid($"Invalid sources: '{source}' is neither an address nor a network such as 192.0.2.0/24");
            var shortest = network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? ShortestIpv4Prefix : ShortestIpv6Prefix;
            if (network.PrefixLength < shortest) return Invalid($"Invalid sources: '{source}' is too large; /{shortest} is the largest");
        }

        return null;
    }

    private static ProvisioningError? CheckPatterns(string field, IReadOnlyList<string> patterns)
    {
        if (patterns.Count > MaximumPatterns) return Invalid($"Invalid {field}: must hold at most {MaximumPatterns}");
        return patterns.FirstOrDefault(text => !NumberPattern.TryParse(text, out _)) is { } bad ? BadPattern(field, bad) : null;
    }

    private static ProvisioningError? CheckRoutes(IReadOnlyList<NewTrunkRoute> routes)
    {
        if (routes.Count > MaximumRoutes) return Invalid($"Invalid routes: must hold at most {MaximumRoutes}");
        foreach (var route in routes)
        {
            if (!NumberPattern.TryParse(route.Pattern, out _)) return BadPattern("routes", route.Pattern);
            if (route.ApplicationId is null == route.LocationId is null)
                return Invalid($"Invalid routes: '{route.Pattern}' needs an applicationId or a sipPeerId, one of the two");
            if (route.ApplicationId is { } id && !Guid.TryParseExact(id, "D", out _)) return Invalid($"Invalid routes: applicationId '{id}' is not a valid UUID");
        }

        return routes.GroupBy(route => route.Pattern).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? Invalid($"Invalid routes: '{twice.Key}' is there twice")
            : null;
    }

    private static ProvisioningError BadPattern(string field, string? text) =>
        Invalid($"Invalid {field}: '{text}' is no pattern of numbers such as +12025550100, +1202555???? or +49*");

    private static ProvisioningError Invalid(string description) => ProvisioningError.Invalid(null, description);
}
