namespace Sipstead.Sip.Locating;

/// <summary>The lookups of one request: their number is bounded, and so is the chain of aliases behind each (LOC-07).</summary>
internal sealed class LookupRound(ISipLookup lookup, CancellationToken cancellationToken)
{
    /// <summary>Lookups for one request; what is found until then counts.</summary>
    public const int MaxLookups = 20;

    /// <summary>Aliases that are followed from one name.</summary>
    public const int MaxAliases = 8;

    private int _left = MaxLookups;
    private volatile bool _hasFailed;

    /// <summary>True when a lookup got no answer.</summary>
    public bool HasFailed => _hasFailed;

    public Task<IReadOnlyList<NaptrEntry>> NaptrAsync(string name) => FollowAsync(name, at => lookup.FindNaptrAsync(at, cancellationToken));

    public Task<IReadOnlyList<SrvEntry>> SrvAsync(string name) => FollowAsync(name, at => lookup.FindSrvAsync(at, cancellationToken));

    public Task<IReadOnlyList<Transport.TransportAddress>> AddressesAsync(string name, bool isIpv6) =>
        FollowAsync(name, at => lookup.FindAddressesAsync(at, isIpv6, cancellationToken));

    private async Task<IReadOnlyList<T>> FollowAsync<T>(string name, Func<string, ValueTask<LookupAnswer<T>>> ask)
    {
        for (var aliases = 0; aliases <= MaxAliases; aliases++)
        {
            if (!HostName.TryFold(name, out var folded) || Interlocked.Decrement(ref _left) < 0) return [];
            var answer = await ask(folded).ConfigureAwait(false);
            if (answer.IsFailed) _hasFailed = true;
            if (answer.Alias is null || answer.Records.Count > 0) return answer.Records;
            name = answer.Alias;
        }

        return [];
    }
}
