using Sipstead.Sip.Transport;

namespace Sipstead.Sip.Admission;

/// <summary>Whom limits count as one: an IPv4 address, or an IPv6 /64, of which one customer has all.</summary>
public static class SourceKey
{
    /// <summary>The key of a source; IPv4 takes values that are no prefix of an IPv6 network in use.</summary>
    public static ulong Of(TransportAddress source) => source.IsIpv4 ? (ulong)source.Bits : (ulong)(source.Bits >> 64);
}
