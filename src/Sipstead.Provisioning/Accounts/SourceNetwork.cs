using System.Net;
using System.Net.Sockets;

namespace Sipstead.Provisioning.Accounts;

/// <summary>What counts as one source of requests.</summary>
internal static class SourceNetwork
{
    private const int Ipv6PrefixOctets = 8;

    /// <summary>An IPv4 address as it is; of an IPv6 address the network, since one subscriber has a whole /64.</summary>
    public static IPAddress? Of(IPAddress? remote)
    {
        if (remote is null) return null;
        if (remote.IsIPv4MappedToIPv6) return remote.MapToIPv4();
        if (remote.AddressFamily != AddressFamily.InterNetworkV6) return remote;
        var octets = remote.GetAddressBytes();
        octets.AsSpan(Ipv6PrefixOctets).Clear();
        return new IPAddress(octets);
    }
}
