namespace Sipstead.Interop.Tests.Calls;

/// <summary>The properties of an event: those that it always has, and those that it may have (webhooks.md 2, 3, 5 and 6).</summary>
internal sealed record WebhookFields(string[] Always, string[] Sometimes)
{
    private static readonly string[] Call =
        ["eventType", "eventTime", "accountId", "applicationId", "from", "to", "direction", "callId", "callUrl", "startTime"];

    private static readonly string[] Conference = ["eventType", "eventTime", "conferenceId", "name"];
    private static readonly string[] Recording = ["recordingId", "endTime", "duration", "channels", "fileFormat"];
    private static readonly string[] Leg = ["parentCallId", "transferCallerId", "transferTo"];
    private static readonly string[] Error = ["errorMessage", "errorId"];

    /// <summary>What objects inside events have.</summary>
    private static readonly Dictionary<string, WebhookFields> Objects = new()
    {
        ["transcription"] = new(["id", "status", "completedTime"], ["url"]),
        ["machineDetectionResult"] = new(["value", "duration"], []),
        ["mediaStream"] = new(["id", "name", "destination", "startTime", "tracks", "type"], ["duration"]),
        ["originalMediaStream"] = new(["id", "name", "destination", "startTime", "tracks", "type"], []),
        ["realTimeTranscription"] = new(
            ["id", "name", "startTime", "tracks"], ["destination", "stabilized", "duration", "status", "url", "completedTime"]),
        ["originalTranscription"] = new(["id", "name", "startTime", "tracks"], ["destination", "stabilized"]),
        ["diversion"] = new(["origTo"], ["reason", "privacy", "screen", "counter", "limit"]),
        ["stirShaken"] = new([], ["verstat", "attestationIndicator", "originatingId"]),
    };

    private static readonly Dictionary<string, WebhookFields> Events = new()
    {
        ["initiate"] = OfCall([], ["diversion", "stirShaken", "uui", "identity", "sipCallId", "sipHeaders", "answerTime", "tag"]),
        ["answer"] = OfCall(["answerTime", "sipCallId"], ["machineDetectionResult"]),
        ["redirect"] = OfCall([], ["answerTime", .. Leg]),
        ["gather"] = OfCall(["answerTime", "digits", "terminatingDigit"], Leg),
        ["dtmf"] = OfCall(["answerTime", "digit"], Leg),
        ["recordComplete"] = OfCall(["answerTime", "mediaUrl", .. Recording], Leg),
        ["recordingAvailable"] = OfCall(["status", .. Recording], ["mediaUrl", .. Leg]),
        ["transcriptionAvailable"] = OfCall(["transcription", .. Recording], ["mediaUrl", .. Leg]),
        ["transferAnswer"] = OfCall(["answerTime", .. Leg], []),
        ["transferComplete"] = OfCall(["cause", "transferCallerId", "transferTo"], ["answerTime", .. Error]),
        ["transferDisconnect"] = OfCall(["cause", "endTime", .. Leg], ["answerTime", .. Error]),
        ["bridgeComplete"] = OfCall(["answerTime"], ["cause", .. Error]),
        ["bridgeTargetComplete"] = OfCall(["answerTime"], []),
        ["disconnect"] = OfCall(["cause", "endTime"], ["answerTime", "sipCallId", "sipResponseCode", .. Error]),
        ["machineDetectionComplete"] = OfCall(["answerTime", "machineDetectionResult"], []),
        ["referComplete"] = OfCall(["referCallStatus"], ["answerTime", "referSipResponseCode", "notifySipResponseCode"]),
        ["mediaStreamStarted"] = OfCall(["answerTime", "mediaStream"], []),
        ["mediaStreamRejected"] = OfCall(["answerTime", "cause", "errorMessage", "mediaStream"], ["originalMediaStream"]),
        ["mediaStreamStopped"] = OfCall(["answerTime", "cause", "mediaStream"], []),
        ["realTimeTranscriptionStarted"] = OfCall(["answerTime", "realTimeTranscription"], []),
        ["realTimeTranscriptionRejected"] = OfCall(["answerTime", "cause", "errorMessage", "realTimeTranscription"], ["originalTranscription"]),
        ["realTimeTranscriptionStopped"] = OfCall(["answerTime", "cause", "realTimeTranscription"], []),
        ["realTimeTranscriptionAvailable"] = OfCall(["answerTime", "realTimeTranscription"], []),
        ["conferenceCreated"] = OfConference(),
        ["conferenceMemberJoin"] = OfConference("callId", "from", "to"),
        ["conferenceMemberExit"] = OfConference("callId", "from", "to"),
        ["conferenceRedirect"] = OfConference(),
        ["conferenceCompleted"] = OfConference(),
        ["conferenceRecordingAvailable"] = OfConference(["accountId", "mediaUrl", "startTime", "status", .. Recording]),
    };

    /// <summary>The properties that all events of calls have.</summary>
    public static IReadOnlyList<string> Common => Call;

    public static WebhookFields OfEvent(string? eventType) =>
        eventType is not null && Events.TryGetValue(eventType, out var fields) ? fields : throw new InvalidOperationException($"No contract has the event {eventType}.");

    /// <summary>Of an object inside an event.</summary>
    public static WebhookFields OfObject(string name) =>
        Objects.TryGetValue(name, out var fields) ? fields : throw new InvalidOperationException($"No contract has the object {name}.");

    private static WebhookFields OfCall(string[] always, string[] sometimes) => new([.. Call, .. always], ["enqueuedTime", "tag", .. sometimes]);

    private static WebhookFields OfConference(params string[] always) => new([.. Conference, .. always], ["tag"]);
}
