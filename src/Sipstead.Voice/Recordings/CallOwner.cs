using System.Globalization;
using System.Text.Json;
using Sipstead.Provisioning.Recordings;
using Sipstead.Voice.Callbacks;
using Sipstead.Voice.Calls;

namespace Sipstead.Voice.Recordings;

/// <summary>A call that is recorded, live or just ended.</summary>
internal sealed class CallOwner(Call call) : IRecordingOwner
{
    public long AccountId { get; } = long.Parse(call.State.AccountId, CultureInfo.InvariantCulture);

    public string BaseUrl => call.State.BaseUrl;

    public TimeSpan CallbackTimeout => call.Callbacks.Timeout;

    public string AvailableEvent => "recordingAvailable";

    public RecordingDetails Describe(RecordingDetails recording)
    {
        var state = call.State;
        return recording with
        {
            Kind = RecordingKind.Call, OwnerId = state.CallId, ApplicationId = state.ApplicationId, To = state.To, From = state.From,
            IsInbound = state.Direction == CallDirection.Inbound, ParentCallId = state.Transfer?.ParentCallId, TransferCallerId = state.Transfer?.CallerId,
            TransferTo = state.Transfer?.To,
        };
    }

    public byte[] Write(string eventType, RecordingDetails recording, DateTimeOffset now, Action<Utf8JsonWriter> fields) =>
        CallEvent.Write(eventType, call.State with { StartTime = recording.StartTime, AnswerTime = null }, now, fields);
}

/// <summary>A call of which only its recording is known any more.</summary>
/// <param name="recording">What is kept of it.</param>
/// <param name="baseUrl">As the client sees it now.</param>
/// <param name="tag">Of the request; null for none.</param>
/// <param name="callbackTimeout">Of the request.</param>
internal sealed class EndedCallOwner(RecordingDetails recording, string baseUrl, string? tag, TimeSpan callbackTimeout) : IRecordingOwner
{
    public long AccountId => recording.AccountId;

    public string BaseUrl => baseUrl;

    public TimeSpan CallbackTimeout => callbackTimeout;

    public string AvailableEvent => "recordingAvailable";

    public RecordingDetails Describe(RecordingDetails recording) => recording;

    public byte[] Write(string eventType, RecordingDetails recording, DateTimeOffset now, Action<Utf8JsonWriter> fields)
    {
        var call = new CallState
        {
            CallId = recording.OwnerId, AccountId = recording.AccountId.ToString(CultureInfo.InvariantCulture), ApplicationId = recording.ApplicationId,
            To = recording.To, From = recording.From, Direction = recording.IsInbound ? CallDirection.Inbound : CallDirection.Outbound,
            BaseUrl = baseUrl, Phase = CallPhase.Disconnected, StartTime = recording.StartTime, LastUpdate = now, Tag = tag,
            Transfer = recording.ParentCallId is { } parent ? new TransferState(parent, recording.TransferCallerId ?? "", recording.TransferTo ?? "") : null,
        };
        return CallEvent.Write(eventType, call, now, fields);
    }
}
