using System.Diagnostics.Metrics;
using Sipstead.Sip.Transport;

namespace Sipstead.Sip.Locating;

/// <summary>Counters of locating, of the meter <c>Sipstead.Sip</c>.</summary>
public sealed class LocatingMetrics
{
    private readonly Counter<long> _lookups;
    private readonly UpDownCounter<long> _kept;
    private readonly Counter<long> _dropped;

    public LocatingMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var meter = meters.Create(SipMetrics.MeterName);
        _lookups = meter.CreateCounter<long>("sipstead.sip.lookups", "{lookup}", "DNS lookups for SIP hosts, by what came of them");
        _kept = meter.CreateUpDownCounter<long>("sipstead.sip.lookups.kept", "{answer}", "Answers kept for their time to live");
        _dropped = meter.CreateCounter<long>("sipstead.sip.locating.dropped", "{entry}", "Entries dropped before their time because a table was full, by table");
    }

    internal void LookedUp(string outcome) => _lookups.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    internal void Kept(int change) => _kept.Add(change);

    internal void Dropped(string table) => _dropped.Add(1, new KeyValuePair<string, object?>("table", table));
}
