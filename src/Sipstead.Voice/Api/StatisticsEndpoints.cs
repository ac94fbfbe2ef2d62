using Microsoft.AspNetCore.Http;
using Sipstead.Voice.Calls;

namespace Sipstead.Voice.Api;

/// <summary>getStatistics (voice-api.md 8).</summary>
internal sealed class StatisticsEndpoints(CallTraffic traffic)
{
    public Task<VoiceResult> GetAsync(VoiceRequest request)
    {
        var body = new StatisticsBody(traffic.QueueSizeOf(request.Account), traffic.QueueCapacity);
        return Task.FromResult(VoiceResult.Json(StatusCodes.Status200OK, body, VoiceJson.Api.StatisticsBody));
    }
}
