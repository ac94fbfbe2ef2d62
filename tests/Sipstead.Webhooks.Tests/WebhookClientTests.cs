using System.Text;
using Microsoft.Extensions.Time.Testing;
using Sipstead.Testing.Webhooks;
using Sipstead.Webhooks.Exchanges;

namespace Sipstead.Webhooks.Tests;

public sealed class WebhookClientTests : IAsyncLifetime
{
    private readonly WebhookHarness _harness = new();
    private WebhookCatcher _catcher = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _catcher = await WebhookCatcher.StartAsync(Token);

    public async ValueTask DisposeAsync()
    {
        _harness.Dispose();
        await _catcher.DisposeAsync();
    }

    [Fact]
    public async Task Post_CarriesTheJsonAsItIs()
    {
        _catcher.AnswerBxml("/answer", "<Response/>");
        var result = await _harness.PostAsync(_catcher.Url("/answer?tenant=7"));
        Assert.Null(result.Error);
        Assert.True(result.Succeeded);
        Assert.Equal((200, "<Response/>", "application/xml; charset=utf-8"), (result.Status, Encoding.UTF8.GetString(result.Body.Span), result.ContentType));
        Assert.Equal(_catcher.Url("/answer?tenant=7"), result.Url);

        var request = await _catcher.ExpectAsync("answer", Token);
        Assert.Equal(("POST", "/answer", "7"), (request.Method, request.Path, request.Query["tenant"]));
        Assert.Equal("""{"eventType":"answer","callId":"c-1"}""", request.Text);
        Assert.Equal("application/json", request.Headers["Content-Type"]);
        Assert.Equal("37", request.Headers["Content-Length"]);
        Assert.StartsWith("Sipstead/", request.Headers["User-Agent"], StringComparison.Ordinal);
        Assert.Equal(["Content-Length", "Content-Type", "Host", "User-Agent"], request.Headers.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Get_CarriesThePropertiesAsParameters()
    {
        var target = new WebhookTarget(_catcher.Url("/answer?tenant=7#part"), IsGet: true, null);
        const string Json = """{"eventType":"initiate","to":"+1 2&3","privacy":false,"channels":2,"tag":null,"diversion":{"reason":"a b"},"tracks":["x"]}""";
        var result = await _harness.SendAsync(WebhookHarness.Message(target, json: Json));
        Assert.True(result.Succeeded, result.Error);
        Assert.Equal(target.Url, result.Url);
        var request = await _catcher.ExpectAsync("initiate", Token);
        Assert.Equal(("GET", 0), (request.Method, request.Body.Length));
        Assert.False(request.Headers.ContainsKey("Content-Type"));
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["tenant"] = "7",
                ["eventType"] = "initiate",
                ["to"] = "+1 2&3",
                ["privacy"] = "false",
                ["channels"] = "2",
                ["diversion"] = """{"reason":"a b"}""",
                ["tracks"] = """["x"]""",
            },
            request.Query);
    }

    [Fact]
    public async Task Credentials_AreSentAtOnce()
    {
        await _harness.SendAsync(WebhookHarness.Message(new WebhookTarget(_catcher.Url("/"), IsGet: false, new BasicCredentials("jürgen", "a:b\r\nX-Evil: 1"))));
        Assert.Equal("jürgen:a:b\r\nX-Evil: 1", Assert.Single(_catcher.Requests).Basic);
        Assert.False(_catcher.Requests[0].Headers.ContainsKey("X-Evil"));
    }

    [Theory]
    [InlineData(300)]
    [InlineData(302)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Synchronous_NoSuccess_GoesToTheFallback(int status)
    {
        _catcher.Answer("/primary", CatcherAnswer.Of(status).With("Location", _catcher.Url("/elsewhere").ToString()));
        _catcher.AnswerBxml("/fallback", "<Response/>");
        var message = WebhookHarness.Message(new WebhookTarget(_catcher.Url("/primary"), IsGet: false, new BasicCredentials("u1", "p1"))) with
        {
            Fallback = new WebhookTarget(_catcher.Url("/fallback"), IsGet: true, new BasicCredentials("u2", "p2")),
        };
        var result = await _harness.SendAsync(message);
        Assert.True(result.Succeeded, result.Error);
        Assert.Equal(_catcher.Url("/fallback"), result.Url);
        Assert.Equal([("POST", "/primary", "u1:p1"), ("GET", "/fallback", "u2:p2")], _catcher.Requests.Select(r => (r.Method, r.Path, r.Basic!)));
    }

    [Fact]
    public async Task Synchronous_ConnectionDropped_GoesToTheFallback()
    {
        _catcher.Answer("/primary", CatcherAnswer.Drop);
        var message = WebhookHarness.Message(WebhookHarness.Post(_catcher.Url("/primary"))) with { Fallback = WebhookHarness.Post(_catcher.Url("/fallback")) };
        Assert.Equal(204, (await _harness.SendAsync(message)).Status);
        Assert.Equal(["/primary", "/fallback"], _catcher.Requests.Select(r => r.Path));
    }

    [Fact]
    public async Task Synchronous_AllFailed_NamesBoth()
    {
        var time = new FakeTimeProvider();
        using var harness = new WebhookHarness(time: time);
        _catcher.Answer("/primary", CatcherAnswer.NoContent.After(new TaskCompletionSource().Task));
        _catcher.Answer("/fallback", CatcherAnswer.Of(503));
        var message = WebhookHarness.Message(WebhookHarness.Post(_catcher.Url("/primary?key=secret"))) with
        {
            Fallback = WebhookHarness.Post(_catcher.Url("/fallback?key=secret")),
        };
        var sending = harness.SendAsync(message);
        await _catcher.ExpectAsync("answer", Token);
        time.Advance(WebhookHarness.Long);
        var result = await sending;
        Assert.Equal((false, 503, null), (result.Succeeded, result.Status, result.Url));
        Assert.Equal(
            $"{_catcher.Url("/primary")} did not answer within 20 s, and the fallback {_catcher.Url("/fallback")} answered 503.", result.Error);
    }

    [Fact]
    public async Task Asynchronous_ConnectionRefused_IsTriedOnceMore()
    {
        var url = new Uri($"http://127.0.0.1:{WebhookHarness.FreePort()}/gone");
        var message = WebhookHarness.Message(WebhookHarness.Post(url), isSynchronous: false) with { Fallback = WebhookHarness.Post(_catcher.Url("/fallback")) };
        var result = await _harness.SendAsync(message);
        Assert.Equal($"{url} refused the connection, and on a second try {url} refused the connection.", result.Error);
        Assert.Empty(_catcher.Requests);
        Assert.Equal([WebhookAttempt.Primary, WebhookAttempt.Retry], _harness.Logged().Select(e => e.Attempt));
    }

    [Fact]
    public async Task Asynchronous_ConnectionDropped_IsTriedOnceMore()
    {
        _catcher.AnswerInTurn("/", CatcherAnswer.Drop, CatcherAnswer.Bxml("<Response/>"));
        var result = await _harness.PostAsync(_catcher.Url("/"), isSynchronous: false);
        Assert.Equal((true, 200, 0), (result.Succeeded, result.Status, result.Body.Length));
        Assert.Equal(2, _catcher.Requests.Count);
    }

    [Fact]
    public async Task Asynchronous_ErrorStatus_IsNotTriedAgain()
    {
        _catcher.Answer("/", CatcherAnswer.Of(500));
        var result = await _harness.PostAsync(_catcher.Url("/"), isSynchronous: false);
        Assert.Equal((false, 500, $"{_catcher.Url("/")} answered 500."), (result.Succeeded, result.Status, result.Error));
        Assert.Single(_catcher.Requests);
    }

    [Fact]
    public async Task Connections_AreReused()
    {
        for (var i = 0; i < 5; i++) Assert.True((await _harness.PostAsync(_catcher.Url("/"), isSynchronous: i % 2 == 0)).Succeeded);
        Assert.Single(_catcher.Requests.Select(r => r.Connection).Distinct());
    }

    [Fact]
    public async Task Cancelled_Throws_AndIsLogged()
    {
        _catcher.Answer("/", CatcherAnswer.NoContent.After(WebhookHarness.Long));
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var sending = _harness.Client.SendAsync(WebhookHarness.Message(WebhookHarness.Post(_catcher.Url("/"))), cancel.Token);
        await _catcher.ExpectAsync("answer", Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.Equal($"{_catcher.Url("/")} was given up", Assert.Single(_harness.Logged()).Error);
        Assert.Equal(0, _harness.Meters["sipstead.webhooks.in_flight"]);
        Assert.Equal(1, _harness.Meters["sipstead.webhooks.exchanges cancelled"]);
    }

    [Fact]
    public async Task BeyondTheLimit_FailsAtOnce()
    {
        using var harness = new WebhookHarness(new WebhookOptions { AllowLoopback = true, MaxInFlight = 1 });
        var released = new TaskCompletionSource();
        _catcher.Answer("/slow", CatcherAnswer.NoContent.After(released.Task));
        var first = harness.PostAsync(_catcher.Url("/slow"));
        await _catcher.ExpectAsync("answer", Token);
        var second = await harness.PostAsync(_catcher.Url("/other"));
        Assert.Equal($"{_catcher.Url("/other")} was not asked: too many webhooks are under way.", second.Error);
        Assert.Equal(1, harness.Meters["sipstead.webhooks.over_limit webhook"]);
        released.SetResult();
        Assert.True((await first).Succeeded);
        Assert.True((await harness.PostAsync(_catcher.Url("/other"))).Succeeded);
    }
}
