using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sipstead.Testing;

namespace Sipstead.Voice.Tests.Streams;

/// <summary>An application that takes streams: a WebSocket server on loopback that keeps what it gets and says what a test tells it to.</summary>
internal sealed class SocketApplication : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly Lock _lock = new();
    private readonly List<string> _messages = [];
    private readonly TaskCompletionSource<WebSocket> _socket = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SocketApplication(WebApplication server) => _server = server;

    public Uri Url { get; private set; } = null!;

    /// <summary>Answers instead of a WebSocket; null for a WebSocket.</summary>
    public Action<HttpContext>? Refusal { get; set; }

    /// <summary>True to read nothing: the peer that takes no more.</summary>
    public bool IsDeaf { get; set; }

    public string? Authorization { get; private set; }

    /// <summary>How the server's end was closed; null while it is open.</summary>
    public WebSocketCloseStatus? Closing { get; private set; }

    public bool IsOver { get; private set; }

    public IReadOnlyList<JsonElement> Messages
    {
        get
        {
            lock (_lock) return [.. _messages.Select(text => JsonElement.Parse(text))];
        }
    }

    public IEnumerable<string> Kinds => Messages.Select(message => message.GetProperty("eventType").GetString()!);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<SocketApplication> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddLogging(logging => logging.ClearProviders());
        var server = builder.Build();
        var application = new SocketApplication(server);
        server.UseWebSockets();
        server.Run(application.HandleAsync);
        await server.StartAsync(Cancel);
        var addresses = server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        application.Url = new UriBuilder(addresses.Single()) { Scheme = "ws" }.Uri;
        return application;
    }

    public Task UntilAsync(string what, Func<SocketApplication, bool> condition) =>
        Poll.UntilAsync($"{what}, after {string.Join(' ', Kinds.Where(kind => kind != "media"))}", () => Task.FromResult(condition(this)), Cancel);

    /// <summary>Sends a message.</summary>
    public async Task SayAsync(string message, WebSocketMessageType type = WebSocketMessageType.Text) =>
        await (await _socket.Task.WaitAsync(Poll.DefaultDeadline, Cancel)).SendAsync(Encoding.UTF8.GetBytes(message), type, endOfMessage: true, Cancel);

    public async Task PlayAsync(string contentType, byte[] payload) => await SayAsync(
        $$$"""{"eventType":"playAudio","media":{"contentType":"{{{contentType}}}","payload":"{{{Convert.ToBase64String(payload)}}}"}}""");

    public async Task CloseAsync() => await (await _socket.Task).CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Cancel);

    /// <summary>Ends the connection as a crash does.</summary>
    public async Task AbortAsync() => (await _socket.Task).Abort();

    public async ValueTask DisposeAsync()
    {
        if (_socket.Task.IsCompletedSuccessfully) (await _socket.Task).Abort();
        await _server.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        Authorization = context.Request.Headers.Authorization;
        if (Refusal is not null)
        {
            Refusal(context);
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        _socket.TrySetResult(socket);
        try
        {
            if (IsDeaf) await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
            await ReadAsync(socket, context.RequestAborted);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // The test is over, or ended the connection.
        }

        IsOver = true;
    }

    private async Task ReadAsync(WebSocket socket, CancellationToken cancelled)
    {
        var buffer = new byte[16 * 1024];
        var length = 0;
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(length), cancelled);
            if (part.MessageType == WebSocketMessageType.Close) break;
            length += part.Count;
            if (!part.EndOfMessage) continue;
            lock (_lock) _messages.Add(Encoding.UTF8.GetString(buffer, 0, length));
            length = 0;
        }

        Closing = socket.CloseStatus;
        if (socket.State == WebSocketState.CloseReceived) await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancelled);
    }
}
