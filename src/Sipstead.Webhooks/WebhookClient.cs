using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;
using Sipstead.Webhooks.Exchanges;
using Sipstead.Webhooks.Http;

namespace Sipstead.Webhooks;

/// <summary>Sends webhooks (webhooks.md 1). What the network does is a result, not an exception.</summary>
public sealed class WebhookClient(
    WebhookOptions options, OutboundHttp http, ExchangeLog exchanges, WebhookMetrics metrics, ILogger<WebhookClient> logger)
{
    /// <summary>Octets of an answer: as many as a BXML document may have.</summary>
    public const int MaxBody = 64 * 1024;

    private readonly AccountShares _accounts = new(options.MaxInFlightPerAccount);
    private int _inFlight;

    /// <summary>
    /// Sends a webhook. Synchronous: when the primary fails in whatever way, its fallback is tried once. Asynchronous: the same URL is tried once more when
    /// no connection came about. Throws <see cref="OperationCanceledException"/> when cancelled.
    /// </summary>
    public async Task<WebhookResult> SendAsync(WebhookMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (!TryBegin(message.AccountId))
        {
            metrics.OverLimit("webhook");
            return Failure(null, $"{UrlText.NameOf(message.Primary.Url)} was not asked: too many webhooks are under way");
        }

        metrics.Begun();
        try
        {
            var sending = message.IsSynchronous ? SendSynchronousAsync(message, cancellationToken) : SendAsynchronousAsync(message, cancellationToken);
            var result = await sending.ConfigureAwait(false);
            if (result.Error is not null) WebhooksLog.Failed(logger, message.EventType, message.CallId, result.Error);
            return result;
        }
        finally
        {
            _accounts.Return(message.AccountId);
            Interlocked.Decrement(ref _inFlight);
            metrics.Ended();
        }
    }

    private bool TryBegin(string accountId)
    {
        if (Interlocked.Increment(ref _inFlight) <= options.MaxInFlight && _accounts.TryTake(accountId)) return true;
        Interlocked.Decrement(ref _inFlight);
        return false;
    }

    private async Task<WebhookResult> SendSynchronousAsync(WebhookMessage message, CancellationToken cancellationToken)
    {
        var first = await TryAsync(message, message.Primary, WebhookAttempt.Primary, cancellationToken).ConfigureAwait(false);
        if (first.Error is null) return Success(first, first.Reply!.Body);
        if (message.Fallback is not { } fallback) return Failure(first.Reply, first.Error);
        var second = await TryAsync(message, fallback, WebhookAttempt.Fallback, cancellationToken).ConfigureAwait(false);
        return second.Error is null ? Success(second, second.Reply!.Body) : Failure(second.Reply, $"{first.Error}, and the fallback {second.Error}");
    }

    private async Task<WebhookResult> SendAsynchronousAsync(WebhookMessage message, CancellationToken cancellationToken)
    {
        var first = await TryAsync(message, message.Primary, WebhookAttempt.Primary, cancellationToken).ConfigureAwait(false);
        if (first.Error is null) return Success(first, default);
        if (first.Kind != FailureKind.Connection) return Failure(first.Reply, first.Error);
        var second = await TryAsync(message, message.Primary, WebhookAttempt.Retry, cancellationToken).ConfigureAwait(false);
        return second.Error is null ? Success(second, default) : Failure(second.Reply, $"{first.Error}, and on a second try {second.Error}");
    }

    private async Task<Try> TryAsync(WebhookMessage message, WebhookTarget target, WebhookAttempt attempt, CancellationToken cancellationToken)
    {
        var (startedAt, started) = (http.Time.GetUtcNow(), http.Time.GetTimestamp());
        var tried = new Try(target.Url, null, null, $"{UrlText.NameOf(target.Url)} was given up");
        try
        {
            tried = Judge(message, target.Url, await ExchangeAsync(message, target, cancellationToken).ConfigureAwait(false));
        }
        finally
        {
            Record(message, target, attempt, tried, startedAt, http.Time.GetElapsedTime(started));
        }

        return tried;
    }

    private async Task<HttpOutcome> ExchangeAsync(WebhookMessage message, WebhookTarget target, CancellationToken cancellationToken)
    {
        using var request = target.IsGet ? CreateGet(message, target) : CreatePost(message, target);
        return await http.SendAsync(request, MaxBody, budget: null, message.Timeout, cancellationToken).ConfigureAwait(false);
    }

    private static HttpRequestMessage CreateGet(WebhookMessage message, WebhookTarget target) =>
        OutboundHttp.CreateRequest(HttpMethod.Get, QueryParameters.Append(target.Url, message.Json), target.Credentials);

    private static HttpRequestMessage CreatePost(WebhookMessage message, WebhookTarget target)
    {
        var request = OutboundHttp.CreateRequest(HttpMethod.Post, target.Url, target.Credentials);
        request.Content = new ReadOnlyMemoryContent(message.Json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        return request;
    }

    private static Try Judge(WebhookMessage message, Uri url, HttpOutcome outcome)
    {
        var (reply, failure) = (outcome.Reply, outcome.Failure);
        var tried = new Try(url, reply, null, null) { IsTruncated = reply is not null && failure is not null };
        if (reply is { IsSuccess: false }) return tried with { Error = FormattableString.Invariant($"{UrlText.NameOf(url)} answered {reply.Status}") };
        if (failure is null || (reply is not null && !message.IsSynchronous)) return tried;
        return tried with { Kind = failure.Kind, Error = $"{UrlText.NameOf(url)} {failure.Words}" };
    }

    private void Record(WebhookMessage message, WebhookTarget target, WebhookAttempt attempt, Try tried, DateTimeOffset startedAt, TimeSpan duration)
    {
        metrics.Exchanged(tried.Outcome, message.EventType, duration);
        if (tried is { Error: null, Reply: not null })
            WebhooksLog.Answered(logger, message.EventType, message.CallId, UrlText.NameOf(target.Url), tried.Reply.Status, duration);
        exchanges.Add(new WebhookExchange
        {
            AccountId = message.AccountId,
            CallId = message.CallId,
            EventType = message.EventType,
            Attempt = attempt,
            Method = target.IsGet ? "GET" : "POST",
            Url = UrlText.WithoutUser(target.Url),
            Request = message.Json,
            Status = tried.Reply?.Status,
            Error = tried.Error,
            Response = tried.Reply?.Body ?? default,
            IsResponseTruncated = tried.IsTruncated,
            StartedAt = startedAt,
            Duration = duration,
        });
    }

    private static WebhookResult Success(Try tried, ReadOnlyMemory<byte> body) => new()
    {
        Succeeded = true,
        Status = tried.Reply!.Status,
        Body = body,
        ContentType = tried.Reply.ContentType,
        Url = tried.Url,
    };

    private static WebhookResult Failure(HttpReply? reply, string error) => new() { Succeeded = false, Status = reply?.Status, Error = error + "." };

    /// <summary>One try; it succeeded when it has no error.</summary>
    private sealed record Try(Uri Url, HttpReply? Reply, FailureKind? Kind, string? Error)
    {
        /// <summary>True when the answer's body is not whole.</summary>
        public bool IsTruncated { get; init; }

        /// <summary>One word, for counters.</summary>
        public string Outcome => this switch
        {
            { Error: null } => "success",
            { Kind: FailureKind.Refused } => "refused",
            { Kind: FailureKind.Connection } => "connection",
            { Kind: FailureKind.TimedOut } => "timeout",
            { Kind: not null } => "bad_answer",
            { Reply: not null } => "status",
            _ => "cancelled",
        };
    }
}
