using System.Net;

namespace Sipstead.Dashboard.Doctor;

/// <summary>How the server is set up, as far as devices and clients feel it.</summary>
public sealed record ConnectionSettings
{
    /// <summary><c>Sipstead:Sip:Address</c>: what SIP listens on.</summary>
    public required string SipAddress { get; init; }

    /// <summary><c>Sipstead:Sip:TlsPort</c>; 0 when TLS is off.</summary>
    public required int TlsPort { get; init; }

    /// <summary><c>Sipstead:PublicAddress</c>: what devices are told; empty for the local address that faces them.</summary>
    public required string PublicAddress { get; init; }

    /// <summary><c>Sipstead:BaseDomain</c>: the zone of all realms.</summary>
    public required string BaseDomain { get; init; }

    /// <summary><c>Sipstead:Dns:Port</c>; 0 when DNS is off.</summary>
    public required int DnsPort { get; init; }

    /// <summary><c>Sipstead:Http:Url</c>, each URL.</summary>
    public required IReadOnlyList<string> HttpUrls { get; init; }

    /// <summary><c>Sipstead:Rtp:Ports</c>.</summary>
    public required string MediaPorts { get; init; }

    /// <summary>Whether SIP listens on loopback only, so that devices elsewhere cannot reach it.</summary>
    public bool IsSipLoopbackOnly => SipAddress.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .All(address => IPAddress.TryParse(address, out var parsed) && IPAddress.IsLoopback(parsed));

    /// <summary>The public addresses.</summary>
    public IReadOnlyList<IPAddress> PublicAddresses => [.. PublicAddress.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Select(address => IPAddress.TryParse(address, out var parsed) ? parsed : null).OfType<IPAddress>()];
}
