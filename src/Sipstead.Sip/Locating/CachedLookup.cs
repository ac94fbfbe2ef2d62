using Sipstead.Sip.Transport;

namespace Sipstead.Sip.Locating;

/// <summary>A lookup that keeps answers for their time to live (RFC 2308) and never asks the same twice at one time. Bounded in both.</summary>
public sealed class CachedLookup : ISipLookup
{
    /// <summary>Answers of each kind that are kept.</summary>
    internal const int Capacity = 2_000;

    /// <summary>Lookups of each kind under way at one time; one more fails at once.</summary>
    internal const int MaxInFlight = 100;

    private readonly ISipLookup _lookup;
    private readonly LookupCache<NaptrEntry> _naptr;
    private readonly LookupCache<SrvEntry> _srv;
    private readonly LookupCache<TransportAddress> _ipv4, _ipv6;

    public CachedLookup(ISipLookup lookup, TimeProvider time, LocatingMetrics metrics)
        : this(lookup, time, metrics, Capacity, MaxInFlight)
    {
    }

    internal CachedLookup(ISipLookup lookup, TimeProvider time, LocatingMetrics metrics, int capacity, int maxInFlight)
    {
        _lookup = lookup;
        _naptr = new(capacity, maxInFlight, time, metrics);
        _srv = new(capacity, maxInFlight, time, metrics);
        _ipv4 = new(capacity, maxInFlight, time, metrics);
        _ipv6 = new(capacity, maxInFlight, time, metrics);
    }

    /// <inheritdoc/>
    public ValueTask<LookupAnswer<NaptrEntry>> FindNaptrAsync(string name, CancellationToken cancellationToken) =>
        _naptr.GetAsync(name, at => _lookup.FindNaptrAsync(at, CancellationToken.None).AsTask(), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<LookupAnswer<SrvEntry>> FindSrvAsync(string name, CancellationToken cancellationToken) =>
        _srv.GetAsync(name, at => _lookup.FindSrvAsync(at, CancellationToken.None).AsTask(), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<LookupAnswer<TransportAddress>> FindAddressesAsync(string name, bool isIpv6, CancellationToken cancellationToken) =>
        (isIpv6 ? _ipv6 : _ipv4).GetAsync(name, at => _lookup.FindAddressesAsync(at, isIpv6, CancellationToken.None).AsTask(), cancellationToken);
}
