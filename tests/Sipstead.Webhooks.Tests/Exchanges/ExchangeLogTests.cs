using Sipstead.Testing.Sip;
using Sipstead.Webhooks.Exchanges;

namespace Sipstead.Webhooks.Tests.Exchanges;

public sealed class ExchangeLogTests : IDisposable
{
    private readonly CountingMeters _meters = new();

    public void Dispose() => _meters.Dispose();

    [Fact]
    public void Find_GivesTheCallOfTheAccountInOrder()
    {
        var log = Create();
        foreach (var url in new[] { "u1", "u2" }) log.Add(Exchange("c1") with { Url = url });
        log.Add(Exchange("c2"));
        log.Add(Exchange("c1") with { AccountId = "other" });
        Assert.Equal(["u1", "u2"], log.Find("a", "c1").Select(exchange => exchange.Url));
        Assert.Single(log.Find("other", "c1"));
        Assert.Empty(log.Find("a", "c3"));
    }

    [Fact]
    public void Bodies_AreCopiedAndCut()
    {
        var log = Create();
        var body = new byte[ExchangeLog.MaxBody + 1];
        log.Add(Exchange("c1") with { Request = body.AsMemory(1), Response = body });
        body[1] = 1;
        var exchange = Assert.Single(log.Find("a", "c1"));
        Assert.Equal((ExchangeLog.MaxBody, false), (exchange.Request.Length, exchange.IsRequestTruncated));
        Assert.Equal((ExchangeLog.MaxBody, true), (exchange.Response.Length, exchange.IsResponseTruncated));
        Assert.Equal(0, exchange.Request.Span[0]);
    }

    [Fact]
    public void Call_KeepsItsNewest()
    {
        var log = Create(new WebhookOptions { ExchangesPerCall = 3 });
        for (var i = 0; i < 10; i++) log.Add(Exchange("c1") with { Status = i });
        Assert.Equal([7, 8, 9], log.Find("a", "c1").Select(exchange => exchange.Status));
        Assert.Equal(7, _meters["sipstead.webhooks.log.dropped call"]);
    }

    [Fact]
    public void Total_IsBounded_TheCallsSilentForLongestGo()
    {
        var log = Create(new WebhookOptions { ExchangeLogOctets = 100_000 });
        for (var i = 0; i < 50; i++)
        {
            log.Add(Exchange("busy") with { Status = i });
            log.Add(Exchange($"c{i}") with { Response = new byte[8000] });
            Assert.InRange(_meters["sipstead.webhooks.log.octets"], 1, 100_000);
        }

        Assert.Equal(50, log.Find("a", "busy").Count);
        Assert.Empty(log.Find("a", "c0"));
        Assert.Single(log.Find("a", "c49"));
        Assert.True(_meters["sipstead.webhooks.log.dropped octets"] > 30);
    }

    [Fact]
    public void Total_SmallerThanOneExchange_KeepsNothing()
    {
        var log = Create(new WebhookOptions { ExchangeLogOctets = 100 });
        log.Add(Exchange("c1"));
        Assert.Empty(log.Find("a", "c1"));
        Assert.Equal(0, _meters["sipstead.webhooks.log.octets"]);
    }

    private ExchangeLog Create(WebhookOptions? options = null) => new(options ?? new WebhookOptions(), new WebhookMetrics(_meters));

    private static WebhookExchange Exchange(string callId) => new()
    {
        AccountId = "a",
        CallId = callId,
        EventType = "answer",
        Attempt = WebhookAttempt.Primary,
        Method = "POST",
        Url = "https://example.com/",
        Request = default,
        StartedAt = DateTimeOffset.UnixEpoch,
        Duration = TimeSpan.Zero,
    };
}
