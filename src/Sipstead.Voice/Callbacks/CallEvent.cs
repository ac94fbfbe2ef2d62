using System.Text.Json;
using Sipstead.Provisioning.Api;
using Sipstead.Voice.Calls;

namespace Sipstead.Voice.Callbacks;

/// <summary>The bodies of the webhooks of calls (webhooks.md 2, 3).</summary>
internal static class CallEvent
{
    /// <summary>An event of a call: the properties that all have, then its own.</summary>
    public static byte[] Write(string eventType, CallState call, DateTimeOffset now, Action<Utf8JsonWriter>? fields) => EventBody.Write(eventType, now, json =>
    {
        json.WriteString("accountId", call.AccountId);
        json.WriteString("applicationId", call.ApplicationId);
        json.WriteString("from", call.From);
        json.WriteString("to", call.To);
        json.WriteString("direction", call.Direction == CallDirection.Inbound ? "inbound" : "outbound");
        json.WriteString("callId", call.CallId);
        json.WriteString("callUrl", call.Url);
        WriteTime(json, "enqueuedTime", call.EnqueuedTime);
        WriteTime(json, "startTime", call.StartTime);
        WriteTime(json, "answerTime", call.AnswerTime);
        if (call.Tag is not null) json.WriteString("tag", call.Tag);
        if (call.Transfer is { } transfer) WriteTransfer(json, transfer);
        fields?.Invoke(json);
    });

    /// <summary>The properties of <c>disconnect</c>, and without those of SIP of <c>transferDisconnect</c>.</summary>
    public static void WriteEnd(Utf8JsonWriter json, CallState call, string? sipCallId, int? sipStatus)
    {
        WriteTime(json, "endTime", call.EndTime);
        WriteCause(json, call.DisconnectCause, call.ErrorMessage, call.ErrorId);
        if (sipCallId is not null) json.WriteString("sipCallId", sipCallId);
        if (sipStatus is not null) json.WriteNumber("sipResponseCode", sipStatus.Value);
    }

    /// <summary>Why something ended; of a failure also its words and id (webhooks.md 4).</summary>
    public static void WriteCause(Utf8JsonWriter json, string? cause, string? errorMessage, string? errorId)
    {
        json.WriteString("cause", cause);
        if (errorMessage is not null) json.WriteString("errorMessage", errorMessage);
        if (errorId is not null) json.WriteString("errorId", errorId);
    }

    private static void WriteTransfer(Utf8JsonWriter json, TransferState transfer)
    {
        json.WriteString("parentCallId", transfer.ParentCallId);
        json.WriteString("transferCallerId", transfer.CallerId);
        json.WriteString("transferTo", transfer.To);
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } value) json.WriteString(name, ApiTime.Format(value));
    }
}
