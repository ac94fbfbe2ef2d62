using System.Diagnostics.Metrics;

namespace Sipstead.Voice.Transcribing;

/// <summary>What became of an utterance.</summary>
internal enum UtteranceOutcome
{
    Transcribed,

    /// <summary>The engine, or its file, failed.</summary>
    Failed,

    /// <summary>The engine took too long.</summary>
    Late,

    /// <summary>It made room for a newer one, or the transcription was over before its turn.</summary>
    Dropped,
}

/// <summary>What live transcriptions are counted by, meter <c>Sipstead.Voice</c>.</summary>
internal sealed class TranscriptionMetrics
{
    private readonly UpDownCounter<long> _active;
    private readonly Counter<long> _rejected;
    private readonly Counter<long> _framesDropped;
    private readonly Counter<long> _utterances;
    private readonly UpDownCounter<long> _octets;
    private readonly Counter<long> _transcriptsDropped;
    private readonly Counter<long> _charactersDropped;

    public TranscriptionMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(VoiceMetrics.MeterName);
        _active = meter.CreateUpDownCounter<long>("sipstead.voice.transcriptions.live.active", "{transcription}", "Live transcriptions under way");
        _rejected = meter.CreateCounter<long>("sipstead.voice.transcriptions.live.rejected", "{transcription}", "Live transcriptions that did not begin, by cause");
        _framesDropped = meter.CreateCounter<long>(
            "sipstead.voice.transcriptions.live.frames.dropped", "{frame}", "Frames that were not looked at for speech because their disk is too slow");
        _utterances = meter.CreateCounter<long>("sipstead.voice.utterances", "{utterance}", "Utterances of live transcriptions, by outcome");
        _octets = meter.CreateUpDownCounter<long>("sipstead.voice.transcripts", "By", "Memory of the transcripts kept of calls");
        _transcriptsDropped = meter.CreateCounter<long>(
            "sipstead.voice.transcripts.dropped", "{transcript}", "Transcripts no longer kept, by bound: of the call, or the octets of all");
        _charactersDropped = meter.CreateCounter<long>(
            "sipstead.voice.transcripts.characters.dropped", "{character}", "Text left out because an utterance or a transcript is too long");
    }

    public void Opened() => _active.Add(1);

    public void Closed() => _active.Add(-1);

    public void Rejected(string cause) => _rejected.Add(1, new KeyValuePair<string, object?>("cause", cause));

    public void FrameDropped() => _framesDropped.Add(1);

    public void UtteranceEnded(UtteranceOutcome outcome) => _utterances.Add(1, new KeyValuePair<string, object?>("outcome", outcome switch
    {
        UtteranceOutcome.Transcribed => "transcribed",
        UtteranceOutcome.Failed => "failed",
        UtteranceOutcome.Late => "late",
        _ => "dropped",
    }));

    public void TranscriptsGrew(long octets) => _octets.Add(octets);

    public void TranscriptDropped(string bound) => _transcriptsDropped.Add(1, new KeyValuePair<string, object?>("bound", bound));

    public void CharactersDropped(int count) => _charactersDropped.Add(count);
}
