using System.Text;
using Microsoft.Extensions.Time.Testing;
using Sipstead.Testing;
using Sipstead.Testing.Webhooks;

namespace Sipstead.Webhooks.Tests.Http;

/// <summary>Servers that answer badly: each is a failure in words, and sends a synchronous webhook to its fallback.</summary>
public sealed class BadAnswerTests : IAsyncLifetime
{
    private readonly WebhookHarness _harness = new();
    private WebhookCatcher _fallback = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _fallback = await WebhookCatcher.StartAsync(Token);

    public async ValueTask DisposeAsync()
    {
        _harness.Dispose();
        await _fallback.DisposeAsync();
    }

    [Theory]
    [InlineData("", "closed the connection without an answer")]
    [InlineData("HTTP/1.1 200", "closed the connection without an answer", "sent an answer that is not HTTP")]
    [InlineData("220 mail.example ESMTP\r\n", "sent an answer that is not HTTP")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", "broke off its answer")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "broke off its answer")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 65537\r\n\r\n", "sent more than 65536 octets")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 9000000000000\r\n\r\n", "sent more than 65536 octets")]
    [InlineData("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"a\"\r\nContent-Length: 0\r\n\r\n", "answered 401")]
    [InlineData("HTTP/1.1 500 Oops\r\nContent-Length: 10\r\n\r\nabc", "answered 500")]
    public async Task Synchronous_GoesToTheFallback(string answer, params string[] words)
    {
        await using var server = new RawServer((stream, token) => RawServer.WriteAsync(stream, answer, token).AsTask());
        var alone = await _harness.PostAsync(server.Url);
        Assert.Contains(alone.Error, words.Select(so => $"{server.Url} {so}."));
        var message = WebhookHarness.Message(WebhookHarness.Post(server.Url)) with { Fallback = WebhookHarness.Post(_fallback.Url("/")) };
        Assert.Equal(_fallback.Url("/"), (await _harness.SendAsync(message)).Url);
    }

    [Fact]
    public async Task EndlessHeaders_AreCut()
    {
        await using var server = new RawServer(async (stream, token) =>
        {
            await RawServer.WriteAsync(stream, "HTTP/1.1 200 OK\r\n", token);
            var line = $"X-More: {new string('a', 1000)}\r\n";
            while (true) await RawServer.WriteAsync(stream, line, token);
        });
        Assert.Equal($"{server.Url} sent headers that are too long.", (await _harness.PostAsync(server.Url)).Error);
    }

    [Fact]
    public async Task SlowBody_TimesOutToTheLastOctet()
    {
        await using var server = new RawServer(DripBodyAsync);
        var result = await _harness.SendAsync(WebhookHarness.Message(WebhookHarness.Post(server.Url)) with { Timeout = WebhookHarness.Ample });
        Assert.Equal((200, $"{server.Url} did not answer within 5 s."), (result.Status, result.Error));
        var exchange = Assert.Single(_harness.Logged());
        Assert.True(exchange.IsResponseTruncated);
        Assert.StartsWith("a", Encoding.UTF8.GetString(exchange.Response.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asynchronous_TheBodyDoesNotCount()
    {
        await using var slow = new RawServer(DripBodyAsync);
        var message = WebhookHarness.Message(WebhookHarness.Post(slow.Url), isSynchronous: false) with { Timeout = WebhookHarness.Ample };
        Assert.True((await _harness.SendAsync(message)).Succeeded);
        await using var broken = new RawServer((stream, token) =>
            RawServer.WriteAsync(stream, "HTTP/1.1 201 Created\r\nContent-Length: 10\r\n\r\nabc", token).AsTask());
        Assert.Equal(201, (await _harness.PostAsync(broken.Url, isSynchronous: false)).Status);
        await using var endless = new RawServer(async (stream, token) =>
        {
            await RawServer.WriteAsync(stream, "HTTP/1.1 200 OK\r\n\r\n", token);
            while (true) await RawServer.WriteAsync(stream, "aaaaaaaaaaaaaaaa", token);
        });
        Assert.True((await _harness.PostAsync(endless.Url, isSynchronous: false)).Succeeded);
        Assert.Equal((1, 1, 1), (slow.Connections, broken.Connections, endless.Connections));
    }

    [Fact]
    public async Task Silent_Asynchronous_TimesOutOnce()
    {
        var time = new FakeTimeProvider();
        using var harness = new WebhookHarness(time: time);
        await using var server = new RawServer((_, token) => Task.Delay(Timeout.Infinite, token));
        var sending = harness.PostAsync(server.Url, isSynchronous: false);
        await Poll.UntilAsync("the request", () => Task.FromResult(server.Connections == 1), Token);
        time.Advance(WebhookHarness.Long);
        Assert.Equal($"{server.Url} did not answer within 20 s.", (await sending).Error);
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task NoSuchName_IsSaid()
    {
        var result = await _harness.PostAsync(new Uri("http://nowhere.test/a"));
        Assert.Equal("http://nowhere.test/a has a name that does not resolve.", result.Error);
    }

    private static async Task DripBodyAsync(Stream stream, CancellationToken cancellationToken)
    {
        await RawServer.WriteAsync(stream, "HTTP/1.1 200 OK\r\n\r\n", cancellationToken);
        while (true)
        {
            await RawServer.WriteAsync(stream, "a", cancellationToken);
            await Task.Delay(50, cancellationToken);
        }
    }
}
