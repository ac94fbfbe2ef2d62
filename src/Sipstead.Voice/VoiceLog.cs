using Microsoft.Extensions.Logging;

namespace Sipstead.Voice;

/// <summary>Log messages of calls and their BXML. Ids 8000 to 8199; an id is never used again for another meaning.</summary>
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

    [LoggerMessage(8180, LogLevel.Information, "Stream {Name} of call {CallId} did not begin: {Reason}")]
    public static partial void StreamRejected(ILogger logger, string name, string callId, string reason);

    [LoggerMessage(8181, LogLevel.Error, "Stream {StreamId} of call {CallId} failed")]
    public static partial void StreamFailed(ILogger logger, string streamId, string callId, Exception exception);

    [LoggerMessage(8182, LogLevel.Error, "Machine detection of call {CallId} failed")]
    public static partial void DetectionFailed(ILogger logger, string callId, Exception exception);
}
