using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Sipstead.Provisioning.Recordings;
using Sipstead.Webhooks;

namespace Sipstead.Voice.Recordings;

/// <summary>Tells applications what became of recordings and their transcriptions.</summary>
internal sealed class RecordingNotices(WebhookClient webhooks, TimeProvider time, ILogger logger)
{
    /// <summary>recordingAvailable, or the conference's.</summary>
    public Task AvailableAsync(IRecordingOwner owner, RecordingDetails recording, WebhookTarget? target) => SendAsync(
        owner, owner.AvailableEvent, recording, target, json =>
        {
            RecordingEvent.WriteFields(json, recording, RecordingEvent.MediaUrlOf(recording, owner.BaseUrl));
            json.WriteString("status", RecordingEvent.NameOf(recording.Status));
        });

    /// <summary>transcriptionAvailable.</summary>
    public Task TranscribedAsync(IRecordingOwner owner, RecordingDetails recording, WebhookTarget? target) => SendAsync(
        owner, "transcriptionAvailable", recording, target, json => RecordingEvent.WriteTranscription(json, recording, owner.BaseUrl));

    private async Task SendAsync(
        IRecordingOwner owner, string eventType, RecordingDetails recording, WebhookTarget? target, Action<Utf8JsonWriter> fields)
    {
        if (target is null) return;
        try
        {
            var message = new WebhookMessage
            {
                AccountId = owner.AccountId.ToString(CultureInfo.InvariantCulture), CallId = recording.OwnerId, EventType = eventType,
                Json = owner.Write(eventType, recording, time.GetUtcNow(), fields), Primary = target, Timeout = owner.CallbackTimeout, IsSynchronous = false,
            };
            await webhooks.SendAsync(message, CancellationToken.None).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // nobody awaits this but a server that stops
        catch (Exception failure)
#pragma warning restore CA1031
        {
            VoiceLog.NoticeFailed(logger, recording.OwnerId, eventType, failure);
        }
    }
}
