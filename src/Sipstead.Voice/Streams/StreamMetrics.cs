using System.Diagnostics.Metrics;
using Sipstead.Media.Audio;

namespace Sipstead.Voice.Streams;

/// <summary>What streams are counted by, meter <c>Sipstead.Voice</c>.</summary>
internal sealed class StreamMetrics
{
    private readonly UpDownCounter<long> _active;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _framesDropped;
    private readonly Counter<long> _messagesIgnored;
    private readonly Counter<long> _audioDropped;

    public StreamMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(VoiceMetrics.MeterName);
        _active = meter.CreateUpDownCounter<long>("sipstead.voice.streams.active", "{stream}", "Streams to WebSockets that are open");
        _refused = meter.CreateCounter<long>("sipstead.voice.streams.rejected", "{stream}", "Streams that did not begin, by cause");
        _framesDropped = meter.CreateCounter<long>(
            "sipstead.voice.streams.frames.dropped", "{frame}", "Frames of streams that made room for newer ones because their WebSocket is too slow");
        _messagesIgnored = meter.CreateCounter<long>(
            "sipstead.voice.streams.messages.ignored", "{message}", "Messages of applications on streams that are malformed or too long");
        _audioDropped = meter.CreateCounter<long>(
            "sipstead.voice.streams.audio.dropped", "ms", "Audio of applications that was not queued because too much waits to be heard");
    }

    public void Opened() => _active.Add(1);

    public void Closed() => _active.Add(-1);

    public void Rejected(string cause) => _refused.Add(1, new KeyValuePair<string, object?>("cause", cause));

    public void FrameDropped() => _framesDropped.Add(1);

    public void MessageIgnored() => _messagesIgnored.Add(1);

    public void AudioDropped(int samples) => _audioDropped.Add(1_000L * samples / AudioFormat.SampleRate);
}
