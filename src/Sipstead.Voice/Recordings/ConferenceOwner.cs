using System.Globalization;
using System.Text.Json;
using Sipstead.Provisioning.Api;
using Sipstead.Provisioning.Recordings;
using Sipstead.Voice.Callbacks;

namespace Sipstead.Voice.Recordings;

/// <summary>A conference that is recorded: its mix, in one channel (webhooks.md 5).</summary>
internal sealed class ConferenceOwner : IRecordingOwner
{
    public required long AccountId { get; init; }

    public required string ConferenceId { get; init; }

    public required string Name { get; init; }

    public required string BaseUrl { get; init; }

    public required TimeSpan CallbackTimeout { get; init; }

    /// <summary>The conference's tag; null for none.</summary>
    public string? Tag { get; init; }

    public string AvailableEvent => "conferenceRecordingAvailable";

    public RecordingDetails Describe(RecordingDetails recording) => recording with { Kind = RecordingKind.Conference, OwnerId = ConferenceId, To = Name };

    public byte[] Write(string eventType, RecordingDetails recording, DateTimeOffset now, Action<Utf8JsonWriter> fields) => EventBody.Write(eventType, now, json =>
    {
        json.WriteString("accountId", AccountId.ToString(CultureInfo.InvariantCulture));
        json.WriteString("conferenceId", ConferenceId);
        json.WriteString("name", Name);
        json.WriteString("startTime", ApiTime.Format(recording.StartTime));
        if (Tag is not null) json.WriteString("tag", Tag);
        fields(json);
    });
}
