using System.Diagnostics.Metrics;
using Sipstead.Media.Rtp;

namespace Sipstead.Media;

/// <summary>Counters of calls' media, meter <c>Sipstead.Media</c>.</summary>
internal sealed class MediaMetrics
{
    private static readonly KeyValuePair<string, object?>[] Reasons =
        [.. Enum.GetNames<PacketFate>().Select(name => new KeyValuePair<string, object?>("reason", name.ToLowerInvariant()))];

    private readonly UpDownCounter<long> _sessions;
    private readonly UpDownCounter<long> _ports;
    private readonly UpDownCounter<long> _mixers;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _lost;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _unsent;
    private readonly Counter<long> _skipped;
    private readonly Counter<long> _digitsRefused;
    private readonly Histogram<double> _tick;

    public MediaMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Sipstead.Media");
        _sessions = meter.CreateUpDownCounter<long>("sipstead.media.sessions", "{session}", "Calls' legs with media");
        _ports = meter.CreateUpDownCounter<long>("sipstead.media.ports", "{port}", "UDP ports open for media, those of ended calls that rest included");
        _mixers = meter.CreateUpDownCounter<long>("sipstead.media.mixers", "{mixer}", "Conferences that are mixed");
        _refused = meter.CreateCounter<long>("sipstead.media.sessions.refused", "{session}", "Legs that got no media because no port was free");
        _lost = meter.CreateCounter<long>("sipstead.media.sessions.lost", "{session}", "Answered legs whose party went silent for too long");
        _dropped = meter.CreateCounter<long>("sipstead.media.packets.dropped", "{packet}", "Received packets that were dropped, by reason");
        _unsent = meter.CreateCounter<long>("sipstead.media.packets.unsent", "{packet}", "Packets that the kernel did not take");
        _skipped = meter.CreateCounter<long>("sipstead.media.clock.skipped", "{frame}", "Frames of 20 ms that the media clock left out because it was late");
        _digitsRefused = meter.CreateCounter<long>("sipstead.media.digits.refused", "{digit}", "Key presses to send that were no keys or too many");
        _tick = meter.CreateHistogram<double>("sipstead.media.clock.work", "s", "Time that the media clock works for one frame of all calls");
    }

    public void SessionOpened() => _sessions.Add(1);

    public void SessionClosed() => _sessions.Add(-1);

    public void PortsOpened(int count) => _ports.Add(count);

    public void MixerOpened() => _mixers.Add(1);

    public void MixerClosed() => _mixers.Add(-1);

    public void SessionRefused() => _refused.Add(1);

    public void SessionLost() => _lost.Add(1);

    public void Dropped(PacketFate reason) => _dropped.Add(1, Reasons[(int)reason]);

    public void Unsent() => _unsent.Add(1);

    public void Skipped(int frames) => _skipped.Add(frames);

    public void DigitRefused() => _digitsRefused.Add(1);

    public void Worked(TimeSpan time) => _tick.Record(time.TotalSeconds);
}
