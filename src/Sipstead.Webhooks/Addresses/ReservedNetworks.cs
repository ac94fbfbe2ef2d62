using System.Net;
using System.Net.Sockets;

namespace Sipstead.Webhooks.Addresses;

/// <summary>What is not the public Internet: the special-purpose registries of IANA (RFC 6890), and the metadata addresses of clouds outside of them.</summary>
internal static class ReservedNetworks
{
    private static readonly IPNetwork[] Ipv4 =
    [
        IPNetwork.Parse("0.0.0.0/8"), // "this network": Linux connects 0.0.0.0 to loopback
        IPNetwork.Parse("10.0.0.0/8"),
        IPNetwork.Parse("100.64.0.0/10"), // carrier-grade NAT (RFC 6598); 100.100.100.200 is a cloud's metadata
        IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("168.63.129.16/32"), // a cloud's host agent
        IPNetwork.Parse("169.254.0.0/16"), // link-local, with the metadata of most clouds
        IPNetwork.Parse("172.16.0.0/12"),
        IPNetwork.Parse("192.0.0.0/24"),
        IPNetwork.Parse("192.0.2.0/24"), // documentation (RFC 5737)
        IPNetwork.Parse("192.88.99.0/24"), // 6to4 relays (RFC 7526)
        IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("198.18.0.0/15"), // benchmarks (RFC 2544)
        IPNetwork.Parse("198.51.100.0/24"),
        IPNetwork.Parse("203.0.113.0/24"),
        IPNetwork.Parse("224.0.0.0/4"), // multicast
        IPNetwork.Parse("240.0.0.0/4"), // reserved, and broadcast
    ];

    /// <summary>All that is public lies in here; the exceptions follow.</summary>
    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] Ipv6Exceptions =
    [
        IPNetwork.Parse("2001::/23"), // protocol assignments: Teredo, ORCHID, benchmarks
        IPNetwork.Parse("2001:db8::/32"), // documentation (RFC 3849)
        IPNetwork.Parse("2002::/16"), // 6to4 carries any IPv4 address in it
        IPNetwork.Parse("3fff::/20"), // documentation (RFC 9637)
    ];

    /// <summary>Well-known prefix of translators (RFC 6052): what counts is the IPv4 address in the last four octets.</summary>
    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>True for an address that is not public. IPv4-mapped addresses must have been unwrapped.</summary>
    public static bool Contains(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetwork) return Array.Exists(Ipv4, network => network.Contains(address));
        if (Translated.Contains(address)) return Contains(new IPAddress(address.GetAddressBytes().AsSpan(12)));
        return !GlobalUnicast.Contains(address) || Array.Exists(Ipv6Exceptions, network => network.Contains(address));
    }
}
