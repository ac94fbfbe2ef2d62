using System.Diagnostics.Metrics;
using Sipstead.Provisioning.Trunks;
using Sipstead.Voice.Conferences;
using Sipstead.Voice.Recordings;
using Sipstead.Voice.Trunks;

namespace Sipstead.Voice;

/// <summary>What calls are counted by, meter <c>Sipstead.Voice</c>.</summary>
public sealed class VoiceMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Sipstead.Voice";

    private readonly Meter _meter;
    private readonly Counter<long> _created;
    private readonly Counter<long> _ended;
    private readonly UpDownCounter<long> _active;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _dropped;
    private readonly UpDownCounter<long> _documentOctets;
    private readonly Counter<long> _documentsDropped;
    private readonly Counter<long> _trunkChecks;
    private readonly Counter<long> _trunkCalls;
    private readonly Counter<long> _trunkFailures;
    private readonly Counter<long> _conferences;
    private readonly UpDownCounter<long> _activeConferences;
    private readonly UpDownCounter<long> _conferenceMembers;
    private readonly Counter<long> _conferencesRefused;
    private readonly Counter<long> _conferenceEventsDropped;
    private readonly Counter<long> _conferenceDocumentsDropped;
    private readonly Counter<long> _recordings;
    private readonly Counter<long> _recordingsRefused;
    private readonly Counter<long> _transcriptions;
    private readonly Counter<long> _keysDropped;

    public VoiceMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        _meter = meters.Create(MeterName);
        _created = _meter.CreateCounter<long>("sipstead.voice.calls", "{call}", "Calls, by direction");
        _ended = _meter.CreateCounter<long>("sipstead.voice.calls.ended", "{call}", "Calls that ended, by direction and cause");
        _active = _meter.CreateUpDownCounter<long>("sipstead.voice.calls.active", "{call}", "Calls that are neither queued nor ended");
        _refused = _meter.CreateCounter<long>("sipstead.voice.calls.refused", "{call}", "Calls refused because of a limit, by limit");
        _dropped = _meter.CreateCounter<long>("sipstead.voice.messages.dropped", "{message}", "Messages of peers dropped because their call has too many waiting");
        _documentOctets = _meter.CreateUpDownCounter<long>("sipstead.voice.documents", "By", "Memory of the BXML documents kept of calls");
        _documentsDropped = _meter.CreateCounter<long>(
            "sipstead.voice.documents.dropped", "{document}", "BXML documents no longer kept, by bound: of the call, or the octets of all");
        _trunkChecks = _meter.CreateCounter<long>("sipstead.voice.trunk.checks", "{check}", "Checks of trunks by OPTIONS, by what came of them");
        _trunkCalls = _meter.CreateCounter<long>("sipstead.voice.trunk.calls", "{call}", "Calls tried over a trunk or come in by it, by trunk and direction");
        _trunkFailures = _meter.CreateCounter<long>(
            "sipstead.voice.trunk.failures", "{call}", "Calls that a trunk could not take: by trunk and SIP status, or unreachable");
        _conferences = _meter.CreateCounter<long>("sipstead.voice.conferences", "{conference}", "Conferences that were made");
        _activeConferences = _meter.CreateUpDownCounter<long>("sipstead.voice.conferences.active", "{conference}", "Conferences that have not completed");
        _conferenceMembers = _meter.CreateUpDownCounter<long>("sipstead.voice.conferences.members", "{call}", "Calls in conferences");
        _conferencesRefused = _meter.CreateCounter<long>("sipstead.voice.conferences.refused", "{call}", "Calls that could not join a conference, by limit");
        _conferenceEventsDropped = _meter.CreateCounter<long>(
            "sipstead.voice.conferences.events.dropped", "{event}", "Events of conferences left out because too many wait for the application");
        _conferenceDocumentsDropped = _meter.CreateCounter<long>(
            "sipstead.voice.conferences.documents.dropped", "{document}", "BXML documents of conferences left out because too many wait to run");
        _recordings = _meter.CreateCounter<long>("sipstead.voice.recordings", "{recording}", "Recordings that ended, by status");
        _recordingsRefused = _meter.CreateCounter<long>("sipstead.voice.recordings.refused", "{recording}", "Recordings that could not begin, by limit");
        _transcriptions = _meter.CreateCounter<long>("sipstead.voice.transcriptions", "{transcription}", "Transcriptions that ended, by status");
        _keysDropped = _meter.CreateCounter<long>("sipstead.voice.keys.dropped", "{key}", "Keys that were not told by dtmf webhooks because too many waited");
    }

    internal void KeyDropped() => _keysDropped.Add(1);

    internal void ConferenceCreated()
    {
        _conferences.Add(1);
        _activeConferences.Add(1);
    }

    internal void ConferenceCompleted() => _activeConferences.Add(-1);

    internal void ConferenceJoined() => _conferenceMembers.Add(1);

    internal void ConferenceLeft() => _conferenceMembers.Add(-1);

    internal void ConferenceRefused(ConferenceAdmission limit) => _conferencesRefused.Add(1, new KeyValuePair<string, object?>("limit", limit switch
    {
        ConferenceAdmission.Full => "members",
        ConferenceAdmission.AccountConferences => "account",
        _ => "server",
    }));

    internal void ConferenceEventDropped() => _conferenceEventsDropped.Add(1);

    internal void ConferenceDocumentDropped() => _conferenceDocumentsDropped.Add(1);

    internal void Created(string direction) => _created.Add(1, new KeyValuePair<string, object?>("direction", direction));

    internal void Started() => _active.Add(1);

    internal void Ended(string direction, string cause, bool wasStarted)
    {
        _ended.Add(1, new("direction", direction), new("cause", cause));
        if (wasStarted) _active.Add(-1);
    }

    internal void Refused(string limit) => _refused.Add(1, new KeyValuePair<string, object?>("limit", limit));

    internal void MessageDropped() => _dropped.Add(1);

    internal void DocumentsGrew(long octets) => _documentOctets.Add(octets);

    internal void DocumentsDropped(string bound, int count) => _documentsDropped.Add(count, new KeyValuePair<string, object?>("bound", bound));

    internal void TrunkChecked(TrunkCheckOutcome outcome) => _trunkChecks.Add(1, new KeyValuePair<string, object?>("outcome", OutcomeTag(outcome)));

    internal void TrunkCalled(long trunkId, string direction) => _trunkCalls.Add(1, new("trunk", trunkId), new("direction", direction));

    /// <param name="status">What it answered; null when it could not be reached.</param>
    internal void TrunkFailed(long trunkId, int? status) => _trunkFailures.Add(1, new("trunk", trunkId), new("status", (object?)status ?? "unreachable"));

    internal void RecordingEnded(string status) => _recordings.Add(1, new KeyValuePair<string, object?>("status", status));

    internal void RecordingRefused(RecordingRefusal limit) => _recordingsRefused.Add(1, new KeyValuePair<string, object?>("limit", limit switch
    {
        RecordingRefusal.AccountFull => "room",
        RecordingRefusal.AccountCount => "account",
        _ => "server",
    }));

    internal void TranscriptionEnded(string status) => _transcriptions.Add(1, new KeyValuePair<string, object?>("status", status));

    internal void ObserveTrunks(Func<IEnumerable<KeyValuePair<TrunkState, int>>> count) => _meter.CreateObservableGauge(
        "sipstead.voice.trunks",
        () => count().Select(pair => new Measurement<int>(pair.Value, new KeyValuePair<string, object?>("state", TrunkStateNames.Of(pair.Key)))),
        "{trunk}", "Trunks that are checked, by state");

    private static string OutcomeTag(TrunkCheckOutcome outcome) => outcome switch
    {
        TrunkCheckOutcome.Answered => "answered",
        TrunkCheckOutcome.Unavailable => "unavailable",
        TrunkCheckOutcome.Silent => "silent",
        TrunkCheckOutcome.Unreachable => "unreachable",
        _ => "not located",
    };

    internal void ObserveKeptConferences(Func<int> count) => _meter.CreateObservableGauge(
        "sipstead.voice.conferences.kept", count, "{conference}", "Conferences in memory, completed ones included");

    internal void ObserveKept(Func<int> count) =>
        _meter.CreateObservableGauge("sipstead.voice.calls.kept", count, "{call}", "Calls in memory, ended ones included");
}
