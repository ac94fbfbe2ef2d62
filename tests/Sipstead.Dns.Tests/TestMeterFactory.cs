using System.Diagnostics.Metrics;

namespace Sipstead.Dns.Tests;

/// <summary>Makes meters and sums what the counters of the meters it made are told.</summary>
internal sealed class TestMeterFactory : IMeterFactory
{
    private readonly MeterListener _listener = new();
    private readonly List<Meter> _meters = [];
    private readonly Dictionary<string, long> _sums = [];

    public TestMeterFactory()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            lock (_meters) // instruments of all tests come by here
            {
                if (_meters.Contains(instrument.Meter))
                    listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>(Add);
        _listener.Start();
    }

    public Meter Create(MeterOptions options)
    {
        var meter = new Meter(options);
        lock (_meters)
            _meters.Add(meter);
        return meter;
    }

    /// <summary>The sum of an instrument for tags given as <c>name=value</c>, in the order of recording.</summary>
    public long Sum(string instrument, params string[] tags)
    {
        lock (_sums)
            return _sums.GetValueOrDefault(string.Join(' ', [instrument, .. tags]));
    }

    /// <summary>The sum of an instrument over all its tags.</summary>
    public long Total(string instrument)
    {
        lock (_sums)
            return _sums.Where(sum => sum.Key.Split(' ')[0] == instrument).Sum(sum => sum.Value);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _meters.ForEach(meter => meter.Dispose());
    }

    private void Add(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        var key = instrument.Name;
        foreach (var tag in tags)
            key += $" {tag.Key}={tag.Value}";
        lock (_sums)
            _sums[key] = _sums.GetValueOrDefault(key) + value;
    }
}
