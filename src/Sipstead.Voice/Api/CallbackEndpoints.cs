using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sipstead.Provisioning.Api;
using Sipstead.Voice.Calls;
using Sipstead.Webhooks.Exchanges;

namespace Sipstead.Voice.Api;

/// <summary>What was said between this server and the application about a call, in order: an addition of ours.</summary>
internal sealed class CallbackEndpoints(CallRegistry registry, ExchangeLog log)
{
    public Task<VoiceResult> ListAsync(VoiceRequest request)
    {
        var callId = request.Argument("callId");
        if (!registry.TryFind(request.Account, callId, out _)) return Task.FromResult<VoiceResult>(VoiceError.CallNotFound(callId));
        IReadOnlyList<CallbackBody> body = [.. log.Find(request.Account, callId).Select(Describe)];
        return Task.FromResult(VoiceResult.Json(StatusCodes.Status200OK, body, VoiceJson.Api.IReadOnlyListCallbackBody));
    }

    private static CallbackBody Describe(WebhookExchange exchange) => new()
    {
        EventType = exchange.EventType, Attempt = exchange.Attempt.ToString().ToLowerInvariant(), Url = exchange.Url, Method = exchange.Method,
        StartedTime = ApiTime.Format(exchange.StartedAt), DurationMs = Math.Round(exchange.Duration.TotalMilliseconds, 1),
        Request = exchange.IsRequestTruncated ? null : JsonElement.Parse(exchange.Request.Span), Status = exchange.Status,
        Response = exchange.Response.IsEmpty ? null : Encoding.UTF8.GetString(exchange.Response.Span),
        ResponseTruncated = exchange.IsResponseTruncated ? true : null, Error = exchange.Error,
    };
}
