using System.Diagnostics.Metrics;
using Sipstead.Webhooks.Addresses;

namespace Sipstead.Webhooks;

/// <summary>Counters of outbound HTTP, meter <c>Sipstead.Webhooks</c>.</summary>
public sealed class WebhookMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Sipstead.Webhooks";

    private readonly Counter<long> _exchanges;
    private readonly Histogram<double> _duration;
    private readonly UpDownCounter<long> _inFlight;
    private readonly Counter<long> _overLimit;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _fetches;
    private readonly UpDownCounter<long> _logOctets;
    private readonly Counter<long> _logDropped;
    private readonly UpDownCounter<long> _cacheOctets;
    private readonly Counter<long> _cacheDropped;

    public WebhookMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var meter = meters.Create(MeterName);
        _exchanges = meter.CreateCounter<long>("sipstead.webhooks.exchanges", "{exchange}", "Requests sent for webhooks, by outcome and event");
        _duration = meter.CreateHistogram<double>("sipstead.webhooks.duration", "s", "From sending a webhook to the last octet of its answer");
        _inFlight = meter.CreateUpDownCounter<long>("sipstead.webhooks.in_flight", "{webhook}", "Webhooks under way");
        _overLimit = meter.CreateCounter<long>("sipstead.webhooks.over_limit", "{request}", "Webhooks and fetches not begun because a limit was reached");
        _refused = meter.CreateCounter<long>("sipstead.webhooks.refused", "{request}", "Requests that the address policy refused, by reason");
        _fetches = meter.CreateCounter<long>("sipstead.webhooks.fetches", "{fetch}", "Resources fetched, by outcome");
        _logOctets = meter.CreateUpDownCounter<long>("sipstead.webhooks.log.octets", "By", "Octets in the log of exchanges");
        _logDropped = meter.CreateCounter<long>("sipstead.webhooks.log.dropped", "{exchange}", "Exchanges dropped from the log, by the limit that was reached");
        _cacheOctets = meter.CreateUpDownCounter<long>("sipstead.webhooks.cache.octets", "By", "Octets in the cache of fetched resources");
        _cacheDropped = meter.CreateCounter<long>("sipstead.webhooks.cache.dropped", "{resource}", "Resources dropped from the cache to make room");
    }

    internal void Exchanged(string outcome, string eventType, TimeSpan duration)
    {
        var (first, second) = (new KeyValuePair<string, object?>("outcome", outcome), new KeyValuePair<string, object?>("event", eventType));
        _exchanges.Add(1, first, second);
        _duration.Record(duration.TotalSeconds, first, second);
    }

    internal void Begun() => _inFlight.Add(1);

    internal void Ended() => _inFlight.Add(-1);

    internal void OverLimit(string kind) => _overLimit.Add(1, new KeyValuePair<string, object?>("kind", kind));

    internal void Refused(UrlRefusal refusal) => _refused.Add(1, new KeyValuePair<string, object?>("reason", refusal.Reason));

    internal void Fetched(string outcome) => _fetches.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    internal void LogGrew(long octets) => _logOctets.Add(octets);

    internal void LogDropped(string limit, int exchanges) => _logDropped.Add(exchanges, new KeyValuePair<string, object?>("limit", limit));

    internal void CacheGrew(long octets) => _cacheOctets.Add(octets);

    internal void CacheDropped() => _cacheDropped.Add(1);
}
