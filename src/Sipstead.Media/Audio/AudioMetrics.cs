using System.Diagnostics.Metrics;

namespace Sipstead.Media.Audio;

/// <summary>Counters of audio files, meter <c>Sipstead.Media</c>.</summary>
internal sealed class AudioMetrics
{
    private readonly Counter<long> _decodes;
    private readonly Counter<long> _failures;

    public AudioMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Sipstead.Media");
        _decodes = meter.CreateCounter<long>("sipstead.media.decodes", "{file}", "Audio files decoded or refused, by type");
        _failures = meter.CreateCounter<long>("sipstead.media.decodes.failures", "{file}", "Audio files that could not be decoded, by type");
    }

    public void Decoded(string type, bool succeeded)
    {
        _decodes.Add(1, new KeyValuePair<string, object?>("type", type));
        if (!succeeded) _failures.Add(1, new KeyValuePair<string, object?>("type", type));
    }
}
