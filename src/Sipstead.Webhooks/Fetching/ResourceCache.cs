namespace Sipstead.Webhooks.Fetching;

/// <summary>What tells one stored response from another.</summary>
internal sealed record CacheKey(string Url, BasicCredentials? Credentials);

/// <param name="Resource">The content.</param>
/// <param name="Freshness">How long it may be used.</param>
/// <param name="ReceivedAt">Timestamp of the monotonic clock.</param>
internal sealed record CachedResource(FetchedResource Resource, Freshness Freshness, long ReceivedAt);

/// <summary>Stored responses, bounded in octets; the one that was not used for longest goes first.</summary>
internal sealed class ResourceCache(long maxOctets, WebhookMetrics metrics)
{
    /// <summary>What an entry takes beside its content, nearly.</summary>
    private const int EntryOctets = 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<CacheKey, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _unusedFirst = new();
    private long _octets;

    public CachedResource? Find(CacheKey key)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(key, out var node)) return null;
            _unusedFirst.Remove(node);
            _unusedFirst.AddLast(node);
            return node.Value.Cached;
        }
    }

    /// <summary>Stores a response in place of an older one; one that is larger than the whole cache is not stored.</summary>
    public void Store(CacheKey key, CachedResource cached)
    {
        lock (_lock)
        {
            var before = _octets;
            RemoveEntry(key);
            var entry = new Entry(key, cached);
            if (entry.Octets <= maxOctets)
            {
                _entries.Add(key, _unusedFirst.AddLast(entry));
                _octets += entry.Octets;
                MakeRoom();
            }

            metrics.CacheGrew(_octets - before);
        }
    }

    public void Remove(CacheKey key)
    {
        lock (_lock)
        {
            var before = _octets;
            RemoveEntry(key);
            metrics.CacheGrew(_octets - before);
        }
    }

    private void MakeRoom()
    {
        while (_octets > maxOctets)
        {
            RemoveEntry(_unusedFirst.First!.Value.Key);
            metrics.CacheDropped();
        }
    }

    private void RemoveEntry(CacheKey key)
    {
        if (!_entries.Remove(key, out var node)) return;
        _unusedFirst.Remove(node);
        _octets -= node.Value.Octets;
    }

    private sealed record Entry(CacheKey Key, CachedResource Cached)
    {
        public long Octets => EntryOctets + (2L * Key.Url.Length) + Cached.Resource.Octets.Length;
    }
}
