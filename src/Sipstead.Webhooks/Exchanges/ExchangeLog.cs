namespace Sipstead.Webhooks.Exchanges;

/// <summary>
/// The last exchanges of each call, in memory. Bounded for each call and in all; when it is full, the calls that have been silent for longest go first.
/// </summary>
public sealed class ExchangeLog
{
    /// <summary>Octets kept of a request, and of a response.</summary>
    internal const int MaxBody = 16 * 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<CallKey, LinkedListNode<CallExchanges>> _calls = [];
    private readonly LinkedList<CallExchanges> _silentFirst = new();
    private readonly WebhookMetrics _metrics;
    private readonly long _maxOctets;
    private readonly int _maxPerCall;
    private long _octets;

    public ExchangeLog(WebhookOptions options, WebhookMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_maxOctets, _maxPerCall, _metrics) = (options.ExchangeLogOctets, options.ExchangesPerCall, metrics);
    }

    /// <summary>Raised after an exchange was added, outside of locks, on the thread that added it: be quick, and do not throw.</summary>
    public event Action<WebhookExchange>? Added;

    /// <summary>The exchanges of a call, oldest first; empty when there are none (any more).</summary>
    public IReadOnlyList<WebhookExchange> Find(string accountId, string callId)
    {
        lock (_lock) return _calls.TryGetValue(new CallKey(accountId, callId), out var call) ? [.. call.Value.Exchanges] : [];
    }

    /// <summary>Adds an exchange; its bodies are copied.</summary>
    internal void Add(WebhookExchange exchange)
    {
        exchange = exchange with
        {
            Request = Cut(exchange.Request),
            IsRequestTruncated = exchange.Request.Length > MaxBody,
            Response = Cut(exchange.Response),
            IsResponseTruncated = exchange.IsResponseTruncated || exchange.Response.Length > MaxBody,
        };
        lock (_lock)
        {
            var before = _octets;
            var call = Touch(new CallKey(exchange.AccountId, exchange.CallId));
            call.Exchanges.Enqueue(exchange);
            _octets += exchange.Octets;
            DropBeyondCall(call);
            DropBeyondTotal();
            _metrics.LogGrew(_octets - before);
        }

        Added?.Invoke(exchange);
    }

    private CallExchanges Touch(CallKey key)
    {
        if (_calls.TryGetValue(key, out var node)) _silentFirst.Remove(node);
        else _calls.Add(key, node = new LinkedListNode<CallExchanges>(new CallExchanges(key, new Queue<WebhookExchange>())));
        _silentFirst.AddLast(node);
        return node.Value;
    }

    private void DropBeyondCall(CallExchanges call)
    {
        while (call.Exchanges.Count > _maxPerCall)
        {
            _octets -= call.Exchanges.Dequeue().Octets;
            _metrics.LogDropped("call", 1);
        }
    }

    private void DropBeyondTotal()
    {
        while (_octets > _maxOctets && _silentFirst.First is { Value: var call })
        {
            _silentFirst.RemoveFirst();
            _calls.Remove(call.Key);
            _octets -= call.Exchanges.Sum(exchange => exchange.Octets);
            _metrics.LogDropped("octets", call.Exchanges.Count);
        }
    }

    private static ReadOnlyMemory<byte> Cut(ReadOnlyMemory<byte> body) => body[..Math.Min(body.Length, MaxBody)].ToArray();

    private readonly record struct CallKey(string AccountId, string CallId);

    private sealed record CallExchanges(CallKey Key, Queue<WebhookExchange> Exchanges);
}
