using System.Text.Json;
using Sipstead.Voice.Bxml;
using Sipstead.Voice.Callbacks;
using Sipstead.Webhooks;

namespace Sipstead.Voice.Calls;

/// <summary>What a call asks and tells its application.</summary>
/// <param name="targets">Where the webhooks of the call itself go.</param>
internal sealed class CallWebhooks(CallServices services, CallTargets targets)
{
    /// <summary>
    /// Asks for what to do. A call that ends does not tear the request apart: the application gets to answer, and the log of exchanges to hear it.
    /// </summary>
    public Task<WebhookResult> AskAsync(CallState call, VerbCallback callback, CancellationToken cancellationToken)
    {
        var message = Message(Of(call, callback.StartTime), callback.EventType, callback.Primary, callback.Fallback, callback.WriteFields, isSynchronous: true);
        return services.Webhooks.SendAsync(message, CancellationToken.None).WaitAsync(cancellationToken);
    }

    /// <summary>Tells the end, where the application wants to hear of it. Of the leg of a Transfer its SIP is not told.</summary>
    public Task TellEndAsync(CallState call, string? sipCallId, int? sipStatus)
    {
        if (targets.Disconnect is not { } target) return Task.CompletedTask;
        return TellAsync(call, call.Transfer is null
            ? new VerbNotice("disconnect", target, json => CallEvent.WriteEnd(json, call, sipCallId, sipStatus))
            : new VerbNotice("transferDisconnect", target, json => CallEvent.WriteEnd(json, call, null, null)));
    }

    /// <summary>Tells what needs no answer. Never fails; a defect of ours is logged.</summary>
    public Task TellAsync(CallState call, VerbNotice notice) => TellAsync(Prepare(call, notice));

    /// <summary>What tells an event, to be told later: its time is now.</summary>
    public WebhookMessage Prepare(CallState call, VerbNotice notice) =>
        Message(call, notice.EventType, notice.Target, null, notice.WriteFields, isSynchronous: false);

    /// <summary>As <see cref="TellAsync(CallState, VerbNotice)"/>, of what was prepared.</summary>
    public async Task TellAsync(WebhookMessage message)
    {
        try
        {
            await services.Webhooks.SendAsync(message, CancellationToken.None);
        }
#pragma warning disable CA1031 // nobody awaits this but a server that stops
        catch (Exception e)
#pragma warning restore CA1031
        {
            VoiceLog.NoticeFailed(services.Logger, message.CallId, message.EventType, e);
        }
    }

    private static CallState Of(CallState call, DateTimeOffset? startTime) => startTime is null ? call : call with { StartTime = startTime };

    private WebhookMessage Message(
        CallState call, string eventType, WebhookTarget primary, WebhookTarget? fallback, Action<Utf8JsonWriter>? fields, bool isSynchronous) => new()
    {
        AccountId = call.AccountId, CallId = call.CallId, EventType = eventType,
        Json = CallEvent.Write(eventType, call, services.Time.GetUtcNow(), fields),
        Primary = primary, Fallback = fallback, Timeout = targets.Timeout, IsSynchronous = isSynchronous,
    };
}
