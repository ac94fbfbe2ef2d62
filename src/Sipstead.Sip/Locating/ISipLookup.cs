using Sipstead.Sip.Transport;

namespace Sipstead.Sip.Locating;

/// <summary>What DNS tells of SIP hosts. Names come and go in lower case without the last dot. Nothing here throws for what the network does.</summary>
public interface ISipLookup
{
    /// <summary>NAPTR records of a domain (RFC 3403).</summary>
    ValueTask<LookupAnswer<NaptrEntry>> FindNaptrAsync(string name, CancellationToken cancellationToken);

    /// <summary>SRV records of a service name such as <c>_sip._udp.example.net</c> (RFC 2782).</summary>
    ValueTask<LookupAnswer<SrvEntry>> FindSrvAsync(string name, CancellationToken cancellationToken);

    /// <summary>Addresses of a host, of one family, with port 0: A or AAAA records, or what the hosts file of this machine says.</summary>
    ValueTask<LookupAnswer<TransportAddress>> FindAddressesAsync(string name, bool isIpv6, CancellationToken cancellationToken);
}

/// <summary>The answer to one lookup.</summary>
/// <param name="Records">Empty when the name has none of the kind.</param>
/// <param name="TimeToLive">How long it may be kept, also when it says that there is nothing (RFC 2308).</param>
/// <param name="Alias">The canonical name to ask for instead, where the answer led to one and told no more (CNAME); else null.</param>
/// <param name="IsFailed">True when nobody gave an answer that can be used: there may be records or not.</param>
public sealed record LookupAnswer<T>(IReadOnlyList<T> Records, TimeSpan TimeToLive, string? Alias = null, bool IsFailed = false);

/// <summary>One NAPTR record (RFC 3403 4.1).</summary>
/// <param name="Flags">Such as <c>s</c>: the replacement is a name with SRV records.</param>
/// <param name="Services">Such as <c>SIP+D2U</c>.</param>
/// <param name="Regexp">Rewrites what was asked for; SIP has no use for it.</param>
public sealed record NaptrEntry(int Order, int Preference, string Flags, string Services, string Regexp, string Replacement);

/// <summary>One SRV record (RFC 2782).</summary>
/// <param name="Target">A host; empty for the target ".", which says that there is no such service.</param>
public sealed record SrvEntry(int Priority, int Weight, int Port, string Target);
