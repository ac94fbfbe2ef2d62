using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Sipstead.Testing.Sip;

/// <summary>Meters whose counters can be read: the sum for an instrument and the value of its tag, as in <c>sipstead.sip.dropped truncated</c>.</summary>
public sealed class CountingMeters : IMeterFactory
{
    private readonly ConcurrentDictionary<string, long> _sums = new();
    private readonly List<Meter> _meters = [];
    private readonly MeterListener _listener = new();

    public CountingMeters()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            lock (_meters)
            {
                if (_meters.Contains(instrument.Meter)) listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var key = tags.Length == 0 ? instrument.Name : $"{instrument.Name} {tags[0].Value}";
            _sums.AddOrUpdate(key, static (_, added) => added, static (_, sum, added) => sum + added, value); // allocates nothing
        });
        _listener.Start();
    }

    public long this[string key] => _sums.GetValueOrDefault(key);

    public Meter Create(MeterOptions options)
    {
        var meter = new Meter(options);
        lock (_meters) _meters.Add(meter);
        return meter;
    }

    public void Dispose()
    {
        _listener.Dispose();
        foreach (var meter in _meters) meter.Dispose();
    }
}
