using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Sipstead.Webhooks.Http;

namespace Sipstead.Webhooks.Fetching;

/// <summary>
/// Fetches what BXML points to, such as audio (bxml.md 4.2), under the same guard as webhooks and with the cache of RFC 9111. Equal fetches at the same
/// time are one. What the network does is a value, not an exception.
/// </summary>
public sealed class ResourceFetcher
{
    private readonly OutboundHttp _http;
    private readonly WebhookOptions _options;
    private readonly WebhookMetrics _metrics;
    private readonly ILogger _logger;
    private readonly ResourceCache _cache;
    private readonly OctetBudget _budget;
    private readonly Lock _lock = new();
    private readonly Dictionary<FetchKey, SharedFetch> _running = [];

    public ResourceFetcher(WebhookOptions options, OutboundHttp http, WebhookMetrics metrics, ILogger<ResourceFetcher> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _http, _metrics, _logger) = (options, http, metrics, logger);
        _cache = new ResourceCache(options.CacheOctets, metrics);
        _budget = new OctetBudget(options.MaxFetchOctets);
    }

    /// <summary>Fetches a resource, or takes it from the cache. Throws <see cref="OperationCanceledException"/> when cancelled.</summary>
    /// <param name="url">http or https; no redirect is followed.</param>
    /// <param name="credentials">Sent at once; null for none.</param>
    /// <param name="maxOctets">Of the content; <see cref="WebhookOptions.MaxResourceOctets"/> holds as well.</param>
    /// <param name="cancellationToken">Ends the waiting, and the fetch when nobody else waits for it.</param>
    public async Task<FetchResult> FetchAsync(Uri url, BasicCredentials? credentials, long maxOctets, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(url);
        cancellationToken.ThrowIfCancellationRequested();
        var key = new FetchKey(url, new CacheKey(UrlText.WithoutUser(url), credentials), Math.Min(maxOctets, _options.MaxResourceOctets));
        if (Join(key) is not { } fetch)
        {
            _metrics.OverLimit("fetch");
            return Failed($"{UrlText.NameOf(url)} was not fetched: too many fetches are under way.");
        }

        try
        {
            return await fetch.Running.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Leave(key, fetch);
        }
    }

    /// <summary>Joins an equal fetch, or begins one; null when there are too many.</summary>
    private SharedFetch? Join(FetchKey key)
    {
        lock (_lock)
        {
            if (!_running.TryGetValue(key, out var fetch))
            {
                if (_running.Count >= _options.MaxFetches) return null;
                _running.Add(key, fetch = new SharedFetch());
                fetch.Running = RunAsync(key, fetch);
            }

            fetch.Waiting++;
            return fetch;
        }
    }

    private void Leave(FetchKey key, SharedFetch fetch)
    {
        lock (_lock)
        {
            if (--fetch.Waiting > 0) return;
            Forget(key, fetch);
        }

        fetch.Dispose(); // nobody can join it any more
    }

    private void Forget(FetchKey key, SharedFetch fetch)
    {
        lock (_lock)
        {
            if (_running.GetValueOrDefault(key) == fetch) _running.Remove(key);
        }
    }

    private async Task<FetchResult> RunAsync(FetchKey key, SharedFetch fetch)
    {
        await Task.Yield(); // the caller holds the lock
        try
        {
            var result = await FindOrAskAsync(key, fetch.Abandoned).ConfigureAwait(false);
            if (result.Error is not null) WebhooksLog.FetchFailed(_logger, result.Error);
            return result;
        }
        finally
        {
            Forget(key, fetch);
        }
    }

    private async Task<FetchResult> FindOrAskAsync(FetchKey key, CancellationToken cancellationToken)
    {
        var cached = _cache.Find(key.Cache);
        if (cached is null || !cached.Freshness.IsFresh(_http.Time.GetElapsedTime(cached.ReceivedAt)))
            return await AskAsync(key, cached, cancellationToken).ConfigureAwait(false);
        return Found("cached", key, cached.Resource);
    }

    private async Task<FetchResult> AskAsync(FetchKey key, CachedResource? stale, CancellationToken cancellationToken)
    {
        using var request = OutboundHttp.CreateRequest(HttpMethod.Get, key.Url, key.Cache.Credentials);
        stale?.Freshness.AskWhether(request.Headers);
        var requestedAt = _http.Time.GetUtcNow();
        var (reply, failure) = await _http.SendAsync(request, key.MaxOctets, _budget, _options.FetchTimeout, cancellationToken).ConfigureAwait(false);
        if (reply is { Status: 304 } && stale is not null)
        {
            Store(key, stale.Resource, stale.Freshness.Renewed(reply, key.HasCredentials, requestedAt, _http.Time.GetUtcNow()));
            return Found("revalidated", key, stale.Resource);
        }

        if (failure is not null && reply is null or { IsSuccess: true }) return Failed("failed", $"{UrlText.NameOf(key.Url)} {failure!.Words}.");
        if (reply is not { Status: 200 })
        {
            _cache.Remove(key.Cache);
            return Failed("status", FormattableString.Invariant($"{UrlText.NameOf(key.Url)} answered {reply!.Status}."));
        }

        var resource = new FetchedResource(Exactly(reply.Body), reply.ContentType, NameOf(key.Url));
        Store(key, resource, Freshness.Of(reply, key.HasCredentials, requestedAt, _http.Time.GetUtcNow()));
        return Found("fetched", key, resource);
    }

    private void Store(FetchKey key, FetchedResource resource, Freshness? freshness)
    {
        if (freshness is null) _cache.Remove(key.Cache);
        else _cache.Store(key.Cache, new CachedResource(resource, freshness, _http.Time.GetTimestamp()));
    }

    private FetchResult Found(string outcome, FetchKey key, FetchedResource resource)
    {
        if (resource.Octets.Length > key.MaxOctets)
            return Failed("failed", FormattableString.Invariant($"{UrlText.NameOf(key.Url)} sent more than {key.MaxOctets} octets."));
        _metrics.Fetched(outcome);
        return new FetchResult { Resource = resource };
    }

    private FetchResult Failed(string outcome, string error)
    {
        _metrics.Fetched(outcome);
        return Failed(error);
    }

    private static FetchResult Failed(string error) => new() { Error = error };

    /// <summary>The octets without the spare room of the buffer that they were read into, which the cache would not count.</summary>
    private static ReadOnlyMemory<byte> Exactly(ReadOnlyMemory<byte> octets) =>
        MemoryMarshal.TryGetArray(octets, out var segment) && segment.Array!.Length == octets.Length ? octets : octets.ToArray();

    private static string NameOf(Uri url) => Uri.UnescapeDataString(url.Segments[^1].TrimEnd('/'));

    /// <summary>Fetches with the same key may be one.</summary>
    private sealed record FetchKey(Uri Url, CacheKey Cache, long MaxOctets)
    {
        public bool HasCredentials => Cache.Credentials is not null;

        public bool Equals(FetchKey? other) => other is not null && Cache == other.Cache && MaxOctets == other.MaxOctets;

        public override int GetHashCode() => HashCode.Combine(Cache, MaxOctets);
    }

    /// <summary>A fetch and how many wait for it; its disposal ends it.</summary>
    private sealed class SharedFetch : IDisposable
    {
        private readonly CancellationTokenSource _abandon = new();

        public SharedFetch() => Abandoned = _abandon.Token;

        public Task<FetchResult> Running { get; set; } = null!;

        public int Waiting { get; set; }

        public CancellationToken Abandoned { get; }

        public void Dispose()
        {
            _abandon.Cancel();
            _abandon.Dispose();
        }
    }
}
