using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Microsoft.Extensions.Logging;
using Sipstead.Webhooks.Addresses;

namespace Sipstead.Webhooks.Http;

/// <summary>
/// The one way out for requests to users' URLs: addresses are guarded, no redirect is followed, no proxy and no cookie is used, every answer is bounded in
/// octets and time. HTTP/1.1, and HTTP/2 where TLS negotiates it. What the network does is a value, not an exception.
/// </summary>
public sealed class OutboundHttp : IDisposable
{
    /// <summary>What is read of an answer that is no success: enough to show why.</summary>
    internal const int MaxErrorBody = 16 * 1024;

    private const int MaxHeaderKilobytes = 32;

    /// <summary>After this a name is resolved anew.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    /// <summary>Under the 5 s after which common servers close an idle connection: a POST that crosses the closing would be lost.</summary>
    private static readonly TimeSpan ConnectionIdle = TimeSpan.FromSeconds(4);

    /// <summary>From one ping of a WebSocket to the next, and from a ping to the end of a peer that does not answer it.</summary>
    private static readonly TimeSpan SocketPing = TimeSpan.FromSeconds(15);

    private static readonly ProductInfoHeaderValue UserAgent =
        new("Sipstead", typeof(OutboundHttp).Assembly.GetName().Version?.ToString(3) ?? "0");

    private readonly AddressPolicy _policy;
    private readonly WebhookMetrics _metrics;
    private readonly HostLimits _hosts;
    private readonly HttpMessageInvoker _invoker;

    public OutboundHttp(
        WebhookOptions options, IHostResolver resolver, WebhookMetrics metrics, TimeProvider time, ILogger<OutboundHttp> logger)
        : this(options, resolver, metrics, time, logger, trust: null)
    {
    }

    /// <param name="trust">Judges certificates in place of the system; null for the system.</param>
    internal OutboundHttp(
        WebhookOptions options, IHostResolver resolver, WebhookMetrics metrics, TimeProvider time, ILogger<OutboundHttp> logger,
        RemoteCertificateValidationCallback? trust)
    {
        ArgumentNullException.ThrowIfNull(options);
        _policy = new AddressPolicy(options);
        _metrics = metrics;
        _hosts = new HostLimits(options, time);
        Time = time;
        var connector = new GuardedConnector(_policy, resolver, metrics, time, logger);
        _invoker = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = connector.ConnectAsync,
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            MaxResponseHeadersLength = MaxHeaderKilobytes,
            MaxResponseDrainSize = 0,
            ConnectTimeout = TimeSpan.FromSeconds(30), // longer than requests wait: their own time is over first
            PooledConnectionLifetime = ConnectionLifetime,
            PooledConnectionIdleTimeout = ConnectionIdle,
            EnableMultipleHttp2Connections = true,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests, // else a dead HTTP/2 connection takes one request after the other with it
            KeepAlivePingDelay = TimeSpan.FromSeconds(10),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(5),
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = trust },
        });
    }

    internal TimeProvider Time { get; }

    /// <summary>
    /// Opens a WebSocket to a user's ws or wss URL, under the same rules. Dead peers are found by pings. Throws
    /// <see cref="OperationCanceledException"/> when the caller cancels, and nothing else.
    /// </summary>
    public async Task<SocketOpening> OpenSocketAsync(Uri url, BasicCredentials? credentials, TimeSpan timeout, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (SocketOpening.HttpUrlOf(url) is not { } http) return SocketOpening.Failed(url, "is not an absolute ws or wss URL");
        if (Begin(http) is { } refused) return SocketOpening.Failed(url, refused.Words);
        using var deadline = new CancellationTokenSource(timeout, Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var socket = new ClientWebSocket();
        try
        {
            Prepare(socket.Options, credentials);
            await socket.ConnectAsync(url, _invoker, either.Token).ConfigureAwait(false);
            return new SocketOpening(socket, null);
        }
        catch (Exception e) when (e is WebSocketException or HttpRequestException or IOException or OperationCanceledException)
        {
            var status = (int)socket.HttpStatusCode;
            socket.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            var cause = e is WebSocketException { InnerException: { } inner } ? inner : e;
            return SocketOpening.Failed(
                url, status > 0 ? FormattableString.Invariant($"answered {status}, and opened no WebSocket") : FailureOf(cause, hasReply: false, timeout).Words);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        finally
        {
            _hosts.End(http);
        }
    }

    /// <summary>A request, with Basic credentials when there are any.</summary>
    internal static HttpRequestMessage CreateRequest(HttpMethod method, Uri url, BasicCredentials? credentials)
    {
        var request = new HttpRequestMessage(method, url) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionOrLower };
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue(UserAgent.Product!));
        if (credentials is not null) request.Headers.Authorization = BasicOf(credentials);
        return request;
    }

    /// <summary>Sends a request and reads the answer. Throws <see cref="OperationCanceledException"/> when the caller cancels, and nothing else.</summary>
    /// <param name="request">The request.</param>
    /// <param name="limit">Octets of a success at most; other answers are cut at <see cref="MaxErrorBody"/>.</param>
    /// <param name="budget">Octets shared with others; null for none.</param>
    /// <param name="timeout">From now to the last octet.</param>
    /// <param name="cancellationToken">The caller's.</param>
    internal async Task<HttpOutcome> SendAsync(
        HttpRequestMessage request, long limit, OctetBudget? budget, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var url = request.RequestUri!;
        if (Begin(url) is { } refused) return new HttpOutcome(null, refused);
        try
        {
            return await ExchangeAsync(request, limit, budget, timeout, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _hosts.End(url);
        }
    }

    /// <summary>Closes all connections.</summary>
    public void Dispose() => _invoker.Dispose();

    private static AuthenticationHeaderValue BasicOf(BasicCredentials credentials) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credentials.UserName}:{credentials.Password}")));

    private static void Prepare(ClientWebSocketOptions options, BasicCredentials? credentials)
    {
        options.CollectHttpResponseDetails = true;
        options.KeepAliveInterval = SocketPing;
        options.KeepAliveTimeout = SocketPing;
        options.SetRequestHeader("User-Agent", UserAgent.ToString());
        if (credentials is not null) options.SetRequestHeader("Authorization", BasicOf(credentials).ToString());
    }

    /// <summary>Begins a request, to be ended with <see cref="HostLimits.End"/>. Otherwise says why it may not be sent.</summary>
    private HttpFailure? Begin(Uri url)
    {
        if (_policy.RefusalOf(url) is { } refusal)
        {
            _metrics.Refused(refusal);
            return new HttpFailure(FailureKind.Refused, refusal.Words);
        }

        if (_hosts.Begin(url) is not { } reached) return null;
        _metrics.OverLimit(reached);
        return new HttpFailure(FailureKind.Refused, "was not asked: too many requests to its host (Sipstead__Limits__WebhooksPerHost)");
    }

    private async Task<HttpOutcome> ExchangeAsync(
        HttpRequestMessage request, long limit, OctetBudget? budget, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeout, Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        HttpReply? reply = null;
        try
        {
            using var response = await _invoker.SendAsync(request, either.Token).ConfigureAwait(false);
            reply = ReplyOf(response);
            using var body = new BoundedBody(reply.IsSuccess ? limit : Math.Min(limit, MaxErrorBody), budget);
            try
            {
                var stream = await response.Content.ReadAsStreamAsync(either.Token).ConfigureAwait(false);
                await using (stream.ConfigureAwait(false))
                {
                    await body.FillAsync(stream, response.Content.Headers.ContentLength, either.Token).ConfigureAwait(false);
                }
            }
            finally
            {
                reply = reply with { Body = body.Octets };
            }

            return new HttpOutcome(reply, body.Failure);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new HttpOutcome(reply, FailureOf(e, reply is not null, timeout));
        }
    }

    private static HttpReply ReplyOf(HttpResponseMessage response) => new()
    {
        Status = (int)response.StatusCode,
        Body = default,
        Headers = response.Headers,
        ContentHeaders = response.Content.Headers,
    };

    private static HttpFailure FailureOf(Exception exception, bool hasReply, TimeSpan timeout)
    {
        if (exception is OperationCanceledException)
            return new HttpFailure(FailureKind.TimedOut, FormattableString.Invariant($"did not answer within {timeout.TotalSeconds:0.###} s"));
        if (hasReply) return new HttpFailure(FailureKind.Broken, "broke off its answer");
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is AddressRefusedException) return new HttpFailure(FailureKind.Refused, AddressPolicy.Address.Words);
        }

        return (exception as HttpRequestException)?.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => new HttpFailure(FailureKind.Connection, "has a name that does not resolve"),
            HttpRequestError.SecureConnectionError => new HttpFailure(FailureKind.Connection, "has no TLS connection or certificate that can be trusted"),
            HttpRequestError.ConfigurationLimitExceeded => new HttpFailure(FailureKind.Malformed, "sent headers that are too long"),
            HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError =>
                new HttpFailure(FailureKind.Malformed, "sent an answer that is not HTTP"),
            HttpRequestError.ConnectionError => new HttpFailure(FailureKind.Connection, WordsOf(exception.InnerException as SocketException)),
            _ => new HttpFailure(FailureKind.Connection, "closed the connection without an answer"),
        };
    }

    private static string WordsOf(SocketException? exception) => exception?.SocketErrorCode switch
    {
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain or SocketError.NoRecovery => "has a name that does not resolve",
        SocketError.ConnectionRefused => "refused the connection",
        _ => "cannot be reached",
    };
}
