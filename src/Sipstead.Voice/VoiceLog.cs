using Microsoft.Extensions.Logging;

namespace Sipstead.Voice;

/// <summary>Log messages of calls and their BXML. Ids 8000 to 8999; an id is never used again for another meaning.</summary>
internal static partial class VoiceLog
{
    [LoggerMessage(8000, LogLevel.Error, "Call {CallId} ends: its verb {Verb} failed unexpectedly")]
    public static partial void VerbFailed(ILogger logger, string callId, string verb, Exception exception);

    [LoggerMessage(8020, LogLevel.Error, "A message to a call failed")]
    public static partial void MessageFailed(ILogger logger, Exception exception);

    [LoggerMessage(8021, LogLevel.Error, "What ran on call {CallId} failed; the call is ended")]
    public static partial void ScriptFailed(ILogger logger, string callId, Exception exception);

    [LoggerMessage(8022, LogLevel.Information, "Call {CallId} ended: {Cause}{Message}")]
    public static partial void CallEnded(ILogger logger, string callId, string cause, string message);

    [LoggerMessage(8023, LogLevel.Information, "The answer to {EventType} of call {CallId} was empty, which hangs up")]
    public static partial void EmptyAnswer(ILogger logger, string callId, string eventType);

    [LoggerMessage(8024, LogLevel.Warning, "A call of credential {CredentialId} of realm {RealmId} was refused: give the credential an HttpVoiceV2AppId")]
    public static partial void NoApplication(ILogger logger, long credentialId, long realmId);

    [LoggerMessage(8025, LogLevel.Warning, "A call of {From} was refused with {Status}: {Reason}")]
    public static partial void CallRefused(ILogger logger, string from, int status, string? reason);

    [LoggerMessage(8026, LogLevel.Error, "{Method} {Path} failed")]
    public static partial void RequestFailed(ILogger logger, string method, string path, Exception exception);

    [LoggerMessage(8027, LogLevel.Error, "A call of {From} could not be begun")]
    public static partial void BeginFailed(ILogger logger, string from, Exception exception);

    [LoggerMessage(8028, LogLevel.Error, "The application could not be told of call {CallId}: {EventType}")]
    public static partial void NoticeFailed(ILogger logger, string callId, string eventType, Exception exception);

    [LoggerMessage(8029, LogLevel.Error, "Whoever looks on at call {CallId} could not take its change")]
    public static partial void ChangeHandlerFailed(ILogger logger, string callId, Exception exception);

    [LoggerMessage(8030, LogLevel.Warning, "Trunk {Name} ({TrunkId} of account {AccountId}) is down: {Reason}")]
    public static partial void TrunkDown(ILogger logger, string name, long trunkId, long accountId, string? reason);

    [LoggerMessage(8031, LogLevel.Information, "Trunk {Name} ({TrunkId} of account {AccountId}) is up: it answered {Status}")]
    public static partial void TrunkUp(ILogger logger, string name, long trunkId, long accountId, int? status);

    [LoggerMessage(8032, LogLevel.Error, "Trunk {TrunkId} of account {AccountId} could not be checked")]
    public static partial void TrunkCheckFailed(ILogger logger, long trunkId, long accountId, Exception exception);

    [LoggerMessage(8033, LogLevel.Error, "Whoever looks on at trunk {TrunkId} could not take its check")]
    public static partial void TrunkHandlerFailed(ILogger logger, long trunkId, Exception exception);

    [LoggerMessage(8100, LogLevel.Warning,
        "Call {CallId} goes on over trunk {Next}: trunk {Name} ({TrunkId} of account {AccountId}) could not take it: {Problem}")]
    public static partial void TrunkPassedOver(ILogger logger, string callId, string next, string name, long trunkId, long accountId, string problem);

    [LoggerMessage(8101, LogLevel.Warning, "Trunk {Name} ({TrunkId} of account {AccountId}) {Problem} ({Status})")]
    public static partial void TrunkRefusedLogin(ILogger logger, string name, long trunkId, long accountId, string problem, int status);

    [LoggerMessage(8102, LogLevel.Warning,
        "A call by trunk {Name} ({TrunkId} of account {AccountId}) was refused: its route leads to application {ApplicationId}, which is not there")]
    public static partial void NoApplicationOfTrunk(ILogger logger, string name, long trunkId, long accountId, Guid applicationId);

    [LoggerMessage(8140, LogLevel.Error, "Whoever looks on at conference {ConferenceId} could not take its change")]
    public static partial void ConferenceHandlerFailed(ILogger logger, string conferenceId, Exception exception);

    [LoggerMessage(8141, LogLevel.Warning, "{EventType} of conference {ConferenceId} was not sent: {Waiting} events wait for the application already")]
    public static partial void ConferenceEventDropped(ILogger logger, string eventType, string conferenceId, int waiting);

    [LoggerMessage(8142, LogLevel.Error, "{EventType} of conference {ConferenceId} could not be sent")]
    public static partial void ConferenceEventFailed(ILogger logger, string eventType, string conferenceId, Exception exception);

    [LoggerMessage(8143, LogLevel.Warning, "A document of conference {ConferenceId} does not run: {Waiting} wait already")]
    public static partial void ConferenceDocumentDropped(ILogger logger, string conferenceId, int waiting);

    [LoggerMessage(8144, LogLevel.Warning, "{Verb} of conference {ConferenceId} was skipped: {Reason}")]
    public static partial void ConferenceVerbSkipped(ILogger logger, string verb, string conferenceId, string reason);

    [LoggerMessage(8145, LogLevel.Error, "{Verb} of conference {ConferenceId} failed unexpectedly")]
    public static partial void ConferenceVerbFailed(ILogger logger, string verb, string conferenceId, Exception exception);

    [LoggerMessage(8146, LogLevel.Warning, "The answer to {EventType} of conference {ConferenceId} is not valid and has no effect: {Reason}")]
    public static partial void ConferenceBxmlInvalid(ILogger logger, string eventType, string conferenceId, string reason);

    [LoggerMessage(8160, LogLevel.Warning, "Recording {RecordingId} of {OwnerId} did not begin: {Reason}")]
    public static partial void RecordingRefused(ILogger logger, string recordingId, string ownerId, string reason);

    [LoggerMessage(8161, LogLevel.Error, "Recording {RecordingId} could not be finished")]
    public static partial void RecordingFailed(ILogger logger, string recordingId, Exception exception);

    [LoggerMessage(8162, LogLevel.Error, "Recording {RecordingId} ended, but its file could not be kept: {Reason}")]
    public static partial void RecordingNotKept(ILogger logger, string recordingId, string reason);

    [LoggerMessage(8163, LogLevel.Warning, "Recording {RecordingId} stays a WAV file, as it could not be made MP3: {Reason}")]
    public static partial void RecordingNotEncoded(ILogger logger, string recordingId, string reason);

    [LoggerMessage(8164, LogLevel.Error, "Recording {RecordingId} ended, but the database could not take that; if it knew of the begin, the next start of the server finds the file")]
    public static partial void RecordingNotSaved(ILogger logger, string recordingId);

    [LoggerMessage(8165, LogLevel.Error, "Files of recording {RecordingId} could not be deleted: {Reason}")]
    public static partial void RecordingNotDeleted(ILogger logger, string recordingId, string reason);

    [LoggerMessage(8166, LogLevel.Warning, "Recording {RecordingId} was not finished when the server ended; it is {Status} now")]
    public static partial void RecordingRecovered(ILogger logger, string recordingId, string status);

    [LoggerMessage(8167, LogLevel.Error, "Recordings that were not finished when the server ended could not be looked through: {Reason}")]
    public static partial void RecordingsNotRecovered(ILogger logger, string reason);

    [LoggerMessage(8168, LogLevel.Error, "Old recordings could not be deleted; the next try is in an hour")]
    public static partial void RecordingsNotTrimmed(ILogger logger, Exception exception);

    [LoggerMessage(8169, LogLevel.Warning, "Recording {RecordingId} was not transcribed: {Reason}")]
    public static partial void TranscriptionFailed(ILogger logger, string recordingId, string reason);

    [LoggerMessage(8170, LogLevel.Error, "Whoever looks on at recording {RecordingId} could not take its change")]
    public static partial void RecordingHandlerFailed(ILogger logger, string recordingId, Exception exception);

    [LoggerMessage(8180, LogLevel.Information, "Stream {Name} of call {CallId} did not begin: {Reason}")]
    public static partial void StreamRejected(ILogger logger, string name, string callId, string reason);

    [LoggerMessage(8181, LogLevel.Error, "Stream {StreamId} of call {CallId} failed")]
    public static partial void StreamFailed(ILogger logger, string streamId, string callId, Exception exception);

    [LoggerMessage(8182, LogLevel.Error, "Machine detection of call {CallId} failed")]
    public static partial void DetectionFailed(ILogger logger, string callId, Exception exception);

    [LoggerMessage(8183, LogLevel.Information, "Live transcription {Name} of call {CallId} did not begin: {Reason}")]
    public static partial void TranscriptionRejected(ILogger logger, string name, string callId, string reason);

    [LoggerMessage(8184, LogLevel.Error, "Live transcription {TranscriptionId} of call {CallId} failed")]
    public static partial void LiveTranscriptionFailed(ILogger logger, string transcriptionId, string callId, Exception exception);

    [LoggerMessage(8185, LogLevel.Warning, "Live transcription {TranscriptionId} of call {CallId} misses what was said, and is silent about more of it: {Reason}")]
    public static partial void UtteranceFailed(ILogger logger, string transcriptionId, string callId, string reason);
}
