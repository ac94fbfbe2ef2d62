using System.Net;
using Microsoft.Extensions.Logging;

namespace Sipstead.Webhooks;

/// <summary>
/// Log messages of outbound HTTP. Ids 7000 to 7099; an id is never used again for another meaning. URLs stand without their query, which may be secret.
/// </summary>
internal static partial class WebhooksLog
{
    [LoggerMessage(7000, LogLevel.Debug, "Webhook {EventType} of call {CallId}: {Url} answered {Status} after {Duration}")]
    public static partial void Answered(ILogger logger, string eventType, string callId, string url, int status, TimeSpan duration);

    [LoggerMessage(7001, LogLevel.Information, "Webhook {EventType} of call {CallId} failed: {Error}")]
    public static partial void Failed(ILogger logger, string eventType, string callId, string error);

    [LoggerMessage(7002, LogLevel.Information, "Did not connect to {Host}: its address {Address} is not allowed by Sipstead:Webhooks:AllowedNetworks")]
    public static partial void AddressRefused(ILogger logger, string host, IPAddress address);

    [LoggerMessage(7003, LogLevel.Information, "Fetch failed: {Error}")]
    public static partial void FetchFailed(ILogger logger, string error);
}
