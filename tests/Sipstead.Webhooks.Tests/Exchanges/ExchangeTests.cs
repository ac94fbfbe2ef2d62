using System.Text;
using Sipstead.Testing.Webhooks;
using Sipstead.Webhooks.Exchanges;

namespace Sipstead.Webhooks.Tests.Exchanges;

/// <summary>What the client writes into the log.</summary>
public sealed class ExchangeTests : IAsyncLifetime
{
    private readonly WebhookHarness _harness = new();
    private WebhookCatcher _catcher = null!;

    public async ValueTask InitializeAsync() => _catcher = await WebhookCatcher.StartAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        _harness.Dispose();
        await _catcher.DisposeAsync();
    }

    [Fact]
    public async Task EachTry_IsLogged_WithoutPasswords()
    {
        _catcher.Answer("/primary", CatcherAnswer.Of(500) with { Body = "no database"u8.ToArray(), ContentType = "text/plain" });
        _catcher.AnswerBxml("/fallback", "<Response/>");
        var started = TimeProvider.System.GetUtcNow();
        var message = WebhookHarness.Message(new WebhookTarget(_catcher.Url("/primary?a=1"), IsGet: false, new BasicCredentials("u", "p4ssword"))) with
        {
            Fallback = new WebhookTarget(_catcher.Url("/fallback"), IsGet: true, new BasicCredentials("u", "p4ssword")),
        };
        await _harness.SendAsync(message);

        var log = _harness.Logged();
        Assert.Equal(2, log.Count);
        Assert.Equal(
            (WebhookAttempt.Primary, "POST", _catcher.Url("/primary?a=1").ToString(), (int?)500, (string?)$"{_catcher.Url("/primary")} answered 500"),
            (log[0].Attempt, log[0].Method, log[0].Url, log[0].Status, log[0].Error));
        Assert.Equal(
            (WebhookAttempt.Fallback, "GET", _catcher.Url("/fallback").ToString(), (int?)200, (string?)null),
            (log[1].Attempt, log[1].Method, log[1].Url, log[1].Status, log[1].Error));
        Assert.Equal(["no database", "<Response/>"], log.Select(exchange => Encoding.UTF8.GetString(exchange.Response.Span)));
        Assert.All(log, exchange => Assert.Equal(message.Json.ToArray(), exchange.Request.ToArray()));
        Assert.All(log, exchange => Assert.InRange(exchange.StartedAt, started, TimeProvider.System.GetUtcNow()));
        Assert.All(log, exchange => Assert.True(exchange.Duration > TimeSpan.Zero));
        Assert.All(log, exchange => Assert.DoesNotContain("p4ssword", exchange.ToString(), StringComparison.Ordinal));
        Assert.Equal(1, _harness.Meters["sipstead.webhooks.exchanges status"]);
        Assert.Equal(1, _harness.Meters["sipstead.webhooks.exchanges success"]);
    }

    [Theory]
    [InlineData(200, 16 * 1024, false)]
    [InlineData(200, (16 * 1024) + 1, true)]
    [InlineData(200, 65536, true)]
    [InlineData(200, 65537, true)]
    [InlineData(500, 16 * 1024, false)]
    [InlineData(500, 100_000, true)]
    public async Task LongAnswers_AreCut(int status, int length, bool isTruncated)
    {
        _catcher.Answer("/", CatcherAnswer.Of(status) with { Body = new byte[length] });
        await _harness.PostAsync(_catcher.Url("/"));
        Assert.Equal(isTruncated, Assert.Single(_harness.Logged()).IsResponseTruncated);
    }

    [Fact]
    public async Task UserNameInTheUrl_IsRefusedAndNotLogged()
    {
        var result = await _harness.PostAsync(new Uri("http://user:p4ssword@example.com/a"));
        Assert.Equal("http://example.com/a holds a user name; give user name and password beside the URL.", result.Error);
        var exchange = Assert.Single(_harness.Logged());
        Assert.Equal("http://example.com/a", exchange.Url);
        Assert.DoesNotContain("p4ssword", exchange.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Credentials_HideThePasswordInText() =>
        Assert.DoesNotContain("p4ssword", new WebhookTarget(new Uri("http://a/"), false, new BasicCredentials("u", "p4ssword")).ToString(), StringComparison.Ordinal);
}
