using System.Text.Json;
using Sipstead.Voice.Bxml;
using Sipstead.Voice.Callbacks;
using Sipstead.Voice.Calls;
using Sipstead.Webhooks;

namespace Sipstead.Voice.Conferences;

/// <summary>What a conference asks and tells its application: one event after the other, each when the one before is answered. Belongs to its mailbox.</summary>
/// <param name="conference">For what never changes of it.</param>
internal sealed class ConferenceWebhooks(CallServices services, ConferenceState conference, TimeSpan timeout)
{
    /// <summary>Events that may wait; of more, those that come are left out: an application that is so far behind has lost the thread.</summary>
    internal const int MaxWaiting = 256;

    private int _waiting;

    /// <summary>Over when all events so far are answered.</summary>
    public Task Sent { get; private set; } = Task.CompletedTask;

    /// <summary>Asks for conference BXML. A failure is told to nobody but the log: there is no call that it could end.</summary>
    /// <param name="answered">Given what was answered, on the mailbox.</param>
    public void Ask(VerbCallback callback, Action<WebhookResult> answered)
    {
        if (_waiting >= MaxWaiting)
        {
            services.Metrics.ConferenceEventDropped();
            VoiceLog.ConferenceEventDropped(services.Logger, callback.EventType, conference.ConferenceId, _waiting);
            return;
        }

        Send(Message(callback.EventType, callback.Primary, callback.Fallback, callback.WriteFields, isSynchronous: true), answered);
    }

    /// <summary>Tells what needs no answer.</summary>
    public void Tell(VerbNotice notice) => Send(Message(notice.EventType, notice.Target, null, notice.WriteFields, isSynchronous: false), _ => { });

    private void Send(WebhookMessage message, Action<WebhookResult> answered) => Sent = SendAsync(Sent, message, answered);

    private async Task SendAsync(Task before, WebhookMessage message, Action<WebhookResult> answered)
    {
        _waiting++;
        try
        {
            await before;
            answered(await services.Webhooks.SendAsync(message, CancellationToken.None));
        }
#pragma warning disable CA1031 // a defect of ours costs this event, not those behind it
        catch (Exception e)
#pragma warning restore CA1031
        {
            VoiceLog.ConferenceEventFailed(services.Logger, message.EventType, conference.ConferenceId, e);
        }
        finally
        {
            _waiting--;
        }
    }

    private WebhookMessage Message(
        string eventType, WebhookTarget primary, WebhookTarget? fallback, Action<Utf8JsonWriter>? fields, bool isSynchronous) => new()
    {
        AccountId = conference.AccountId, CallId = conference.ConferenceId, EventType = eventType,
        Json = ConferenceEvent.Write(eventType, conference, services.Time.GetUtcNow(), fields),
        Primary = primary, Fallback = fallback, Timeout = timeout, IsSynchronous = isSynchronous,
    };
}
