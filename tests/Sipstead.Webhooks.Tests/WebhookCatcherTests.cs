using Sipstead.Testing.Webhooks;

namespace Sipstead.Webhooks.Tests;

/// <summary>The catcher is a tool of many tests: what it promises is tested here.</summary>
public sealed class WebhookCatcherTests : IAsyncLifetime
{
    private static readonly TimeSpan SoonOver = TimeSpan.FromMilliseconds(100);

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
    public async Task Expect_HandsOutEachRequestOnce()
    {
        var target = WebhookHarness.Post(_catcher.Url("/"));
        foreach (var digits in new[] { "1", "2" })
            await _harness.SendAsync(WebhookHarness.Message(target, json: $$"""{"eventType":"gather","callId":"c-1","digits":"{{digits}}","count":3}"""));
        var (first, second) = (await _catcher.ExpectAsync("gather", Token), await _catcher.ExpectAsync("gather", Token));
        Assert.Equal((1, "1", "c-1", "3", null), (first.Order, first["digits"], first.CallId, first["count"], first["absent"]));
        Assert.Equal((2, "2"), (second.Order, second["digits"]));
        await Assert.ThrowsAsync<TimeoutException>(() => _catcher.ExpectAsync("gather", Token, SoonOver));
        Assert.Equal(2, _catcher.Requests.Count);
    }

    [Fact]
    public async Task Expect_WaitsForWhatComesLater()
    {
        var expecting = _catcher.ExpectAsync(request => request.Path == "/late", "a late webhook", Token);
        Assert.False(expecting.IsCompleted);
        await _harness.PostAsync(_catcher.Url("/late"));
        Assert.Equal("/late", (await expecting).Path);
    }

    [Fact]
    public async Task Answers_ByRule()
    {
        _catcher.AnswerInTurn("/turn", CatcherAnswer.Of(201), CatcherAnswer.Of(202));
        var statuses = new List<int?>();
        for (var i = 0; i < 3; i++) statuses.Add((await _harness.PostAsync(_catcher.Url("/turn"))).Status);
        Assert.Equal([201, 202, 202], statuses);
        _catcher.Answer("/turn", request => CatcherAnswer.Of(request.EventType == "answer" ? 203 : 400));
        Assert.Equal(203, (await _harness.PostAsync(_catcher.Url("/turn"))).Status);
        Assert.Equal(204, (await _harness.PostAsync(_catcher.Url("/without/rule"))).Status);
    }
}
