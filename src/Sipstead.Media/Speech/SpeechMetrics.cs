using System.Diagnostics.Metrics;

namespace Sipstead.Media.Speech;

/// <summary>What speech costs, meter <c>Sipstead.Media</c>.</summary>
internal sealed class SpeechMetrics
{
    private readonly Counter<long> _syntheses;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _cacheHits;
    private readonly Histogram<double> _duration;

    public SpeechMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Sipstead.Media");
        _syntheses = meter.CreateCounter<long>("sipstead.media.speech.syntheses", "{sentence}", "Sentences that were to be synthesised");
        _failures = meter.CreateCounter<long>("sipstead.media.speech.failures", "{sentence}", "Sentences that could not be synthesised");
        _cacheHits = meter.CreateCounter<long>("sipstead.media.speech.cache.hits", "{sentence}", "Sentences that were spoken before, or were just being");
        _duration = meter.CreateHistogram<double>("sipstead.media.speech.duration", "s", "Time from the request of a synthesis to its audio");
    }

    public void Synthesised(bool succeeded, TimeSpan duration)
    {
        _syntheses.Add(1);
        if (!succeeded) _failures.Add(1);
        _duration.Record(duration.TotalSeconds);
    }

    public void CacheHit() => _cacheHits.Add(1);
}
