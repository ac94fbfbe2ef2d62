using System.Diagnostics.Metrics;

namespace Sipstead.Media.Recording;

/// <summary>Counters of recordings, meter <c>Sipstead.Media</c>.</summary>
internal sealed class RecordingMetrics
{
    private static readonly KeyValuePair<string, object?>[] Ends =
        [.. Enum.GetNames<RecorderEnd>().Select(name => new KeyValuePair<string, object?>("end", name.ToLowerInvariant()))];

    private readonly UpDownCounter<long> _active;
    private readonly Counter<long> _ended;

    public RecordingMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Sipstead.Media");
        _active = meter.CreateUpDownCounter<long>("sipstead.media.recordings.active", "{recording}", "Recordings whose file is being written");
        _ended = meter.CreateCounter<long>("sipstead.media.recordings.ended", "{recording}", "Recordings that ended, by why");
    }

    public void Begun() => _active.Add(1);

    public void Ended(RecorderEnd end)
    {
        _active.Add(-1);
        _ended.Add(1, Ends[(int)end]);
    }
}
