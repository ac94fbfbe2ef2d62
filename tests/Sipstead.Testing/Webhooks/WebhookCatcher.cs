using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Sipstead.Testing.Webhooks;

/// <summary>
/// A user's application as tests play it: a web server on a free port of loopback that keeps what it gets and answers by a rule for each path. A path
/// without a rule answers 204.
/// </summary>
public sealed class WebhookCatcher : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly ConcurrentDictionary<string, Func<CaughtRequest, CatcherAnswer>> _rules = new();
    private readonly Lock _lock = new();
    private readonly List<CaughtRequest> _requests = [];
    private readonly HashSet<int> _expected = [];

    private WebhookCatcher(WebApplication server) => _server = server;

    /// <summary>Of the server, such as http://127.0.0.1:40001/.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>All requests so far, in order.</summary>
    public IReadOnlyList<CaughtRequest> Requests
    {
        get
        {
            lock (_lock) return [.. _requests];
        }
    }

    /// <summary>Starts a server. <paramref name="listen"/> can ask for TLS.</summary>
    public static async Task<WebhookCatcher> StartAsync(CancellationToken cancellationToken, Action<ListenOptions>? listen = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        if (listen is not null) builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen ?? (_ => { })));
        builder.Services.AddLogging(logging => logging.ClearProviders());
        var server = builder.Build();
        var catcher = new WebhookCatcher(server);
        server.UseWebSockets();
        server.Run(catcher.HandleAsync);
        try
        {
            await server.StartAsync(cancellationToken);
            var addresses = server.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
            catcher.Address = new Uri(addresses.Single());
            return catcher;
        }
        catch
        {
            await catcher.DisposeAsync();
            throw;
        }
    }

    /// <summary>The URL of a path.</summary>
    public Uri Url(string path) => new(Address, path);

    /// <summary>From now on the path answers so.</summary>
    public void Answer(string path, CatcherAnswer answer) => Answer(path, _ => answer);

    /// <summary>From now on the path answers what the rule says for each request.</summary>
    public void Answer(string path, Func<CaughtRequest, CatcherAnswer> rule) => _rules[path] = rule;

    /// <summary>From now on the path answers with these, one after the other, then with the last again and again.</summary>
    public void AnswerInTurn(string path, params CatcherAnswer[] answers)
    {
        var next = -1;
        Answer(path, _ => answers[Math.Min(Interlocked.Increment(ref next), answers.Length - 1)]);
    }

    /// <summary>From now on the path answers with BXML.</summary>
    public void AnswerBxml(string path, string bxml) => Answer(path, CatcherAnswer.Bxml(bxml));

    /// <summary>Waits for an event. Each request is handed out once, so that a second call waits for a second event of the type.</summary>
    public Task<CaughtRequest> ExpectAsync(string eventType, CancellationToken cancellationToken, TimeSpan? deadline = null) =>
        ExpectAsync(request => request.EventType == eventType, $"webhook {eventType}", cancellationToken, deadline);

    /// <summary>Waits for a request that fits and was not handed out before. Throws <see cref="TimeoutException"/> naming <paramref name="what"/>.</summary>
    public Task<CaughtRequest> ExpectAsync(
        Func<CaughtRequest, bool> fits, string what, CancellationToken cancellationToken, TimeSpan? deadline = null) =>
        Poll.ForAsync(what, () => Task.FromResult(Take(fits)), cancellationToken, deadline);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private CaughtRequest? Take(Func<CaughtRequest, bool> fits)
    {
        lock (_lock)
        {
            var found = _requests.Find(request => !_expected.Contains(request.Order) && fits(request));
            if (found is not null) _expected.Add(found.Order);
            return found;
        }
    }

    private async Task HandleAsync(HttpContext context)
    {
        var answer = AnswerFor(await CatchAsync(context));
        await Task.Delay(answer.Delay, context.RequestAborted);
        await answer.Until.WaitAsync(context.RequestAborted);
        if (answer.DropsConnection)
        {
            Drop(context);
            return;
        }

        if (answer.TakesSocket)
        {
            await ReadSocketAsync(context);
            return;
        }

        context.Response.StatusCode = answer.Status;
        if (answer.ContentType is not null) context.Response.ContentType = answer.ContentType;
        foreach (var (name, value) in answer.Headers) context.Response.Headers[name] = value;
        if (answer.Body.IsEmpty) return;
        context.Response.ContentLength = answer.Body.Length;
        await context.Response.BodyWriter.WriteAsync(answer.Body, context.RequestAborted);
    }

    private CatcherAnswer AnswerFor(CaughtRequest request) => _rules.TryGetValue(request.Path, out var rule) ? rule(request) : CatcherAnswer.NoContent;

    private async Task<CaughtRequest> CatchAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        lock (_lock)
        {
            var request = new CaughtRequest
            {
                Order = _requests.Count + 1,
                Method = context.Request.Method,
                Path = context.Request.Path.Value ?? "",
                Protocol = context.Request.Protocol,
                Connection = context.Connection.Id,
                Query = context.Request.Query.ToDictionary(pair => pair.Key, pair => pair.Value[^1] ?? ""),
                Headers = context.Request.Headers.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                Body = body.ToArray(),
            };
            _requests.Add(request);
            return request;
        }
    }

    private static async Task ReadSocketAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[4096];
        while ((await socket.ReceiveAsync(buffer, context.RequestAborted)).MessageType != WebSocketMessageType.Close)
        {
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
    }

    /// <summary>Ends the connection as a crash does: with a reset, or the closing of the stream on HTTP/2.</summary>
    private static void Drop(HttpContext context)
    {
        if (context.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket) socket.Close(timeout: 0);
        context.Abort();
    }
}
