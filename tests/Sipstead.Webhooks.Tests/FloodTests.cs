using System.IO.Compression;
using Microsoft.Extensions.Time.Testing;
using Sipstead.Testing.Webhooks;
using Sipstead.Webhooks.Http;

namespace Sipstead.Webhooks.Tests;

/// <summary>What webhooks may do to others, and answers to us (S-45, S-47).</summary>
public sealed class FloodTests : IAsyncLifetime
{
    private WebhookCatcher _catcher = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _catcher = await WebhookCatcher.StartAsync(Token);

    public ValueTask DisposeAsync() => _catcher.DisposeAsync();

    [Fact]
    public async Task S_45_AHost_GetsSoManyRequestsAtOneTime_AndOthersGoOn()
    {
        using var harness = Create(new WebhookOptions { AllowLoopback = true, MaxInFlightPerHost = 2 });
        var released = new TaskCompletionSource();
        _catcher.Answer("/slow", CatcherAnswer.NoContent.After(released.Task));
        var begun = new[] { harness.PostAsync(Url("one.test", "/slow")), harness.PostAsync(Url("one.test", "/slow")) };
        await _catcher.ExpectAsync("answer", Token);
        await _catcher.ExpectAsync("answer", Token);

        var third = await harness.PostAsync(Url("ONE.test", "/other"));
        Assert.Equal(
            $"{Url("one.test", "/other")} was not asked: too many requests to its host (Sipstead__Limits__WebhooksPerHost).", third.Error);
        Assert.False((await harness.FetchAsync(Url("one.test", "/audio"))).Resource is not null);
        Assert.Equal(2, harness.Meters["sipstead.webhooks.over_limit host"]);
        Assert.True((await harness.PostAsync(Url("two.test", "/other"))).Succeeded);
        Assert.True((await harness.PostAsync(_catcher.Url("/other"))).Succeeded); // this machine itself

        released.SetResult();
        Assert.All(await Task.WhenAll(begun), result => Assert.True(result.Succeeded));
        Assert.True((await harness.PostAsync(Url("one.test", "/other"))).Succeeded);
    }

    [Fact]
    public async Task S_45_AHost_GetsSoManyRequestsASecond()
    {
        var time = new FakeTimeProvider();
        using var harness = Create(new WebhookOptions { AllowLoopback = true, HostBurst = 5, HostRequestsPerSecond = 2 }, time);
        Assert.Equal(5, await SucceededAsync(harness, 8));
        Assert.Equal(3, harness.Meters["sipstead.webhooks.over_limit host_rate"]);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, await SucceededAsync(harness, 8));
        Assert.Equal(7, _catcher.Requests.Count);
    }

    [Fact]
    public async Task S_45_AnAccount_TakesNoMoreThanItsShare()
    {
        using var harness = Create(new WebhookOptions { AllowLoopback = true, MaxInFlightPerAccount = 1 });
        var released = new TaskCompletionSource();
        _catcher.Answer("/slow", CatcherAnswer.NoContent.After(released.Task));
        var first = harness.PostAsync(_catcher.Url("/slow"));
        await _catcher.ExpectAsync("answer", Token);
        Assert.False((await harness.PostAsync(_catcher.Url("/other"))).Succeeded);
        Assert.True((await harness.SendAsync(WebhookHarness.Message(WebhookHarness.Post(_catcher.Url("/other"))) with { AccountId = "9900001" })).Succeeded);
        released.SetResult();
        Assert.True((await first).Succeeded);
        Assert.True((await harness.PostAsync(_catcher.Url("/other"))).Succeeded);
    }

    [Fact]
    public async Task S_45_AFailingTarget_IsAskedOnceAndItsFallbackOnce()
    {
        using var harness = Create(new WebhookOptions { AllowLoopback = true });
        _catcher.Answer("/bad", CatcherAnswer.Of(500));
        var message = WebhookHarness.Message(WebhookHarness.Post(_catcher.Url("/bad"))) with { Fallback = WebhookHarness.Post(_catcher.Url("/bad")) };
        Assert.False((await harness.SendAsync(message)).Succeeded);
        Assert.Equal(2, _catcher.Requests.Count);
    }

    [Fact]
    public void S_45_HostsRemembered_AreBounded_AndABusyOneIsNotForgotten()
    {
        var time = new FakeTimeProvider();
        var limits = new HostLimits(new WebhookOptions(), time);
        Assert.Null(limits.Begin(new Uri("http://busy.test/")));
        for (var i = 0; i < 3 * HostLimits.MaxHosts; i++)
        {
            var url = new Uri($"http://host{i}.test/");
            if (limits.Begin(url) is null) limits.End(url);
            if (i % 1_000 == 0) time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(limits.HostCount, 1, HostLimits.MaxHosts);
        limits.End(new Uri("http://busy.test/"));
    }

    [Fact]
    public async Task S_47_AGzipBomb_StaysPacked()
    {
        var bomb = new MemoryStream();
        await using (var gzip = new GZipStream(bomb, CompressionLevel.SmallestSize, leaveOpen: true)) await gzip.WriteAsync(new byte[20 << 20], Token);
        await using var server = new RawServer(async (stream, cancellationToken) =>
        {
            await RawServer.WriteAsync(
                stream, $"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Encoding: gzip\r\nContent-Length: {bomb.Length}\r\n\r\n", cancellationToken);
            await stream.WriteAsync(bomb.ToArray(), cancellationToken);
        });
        using var harness = Create(new WebhookOptions { AllowLoopback = true });
        var result = await harness.PostAsync(server.Url);
        Assert.True(result.Succeeded, result.Error);
        Assert.Equal(bomb.ToArray(), result.Body.ToArray()); // nobody asked for gzip, and what comes is no BXML
        Assert.True(result.Body.Length < WebhookClient.MaxBody);
    }

    private static Uri UrlOf(string host, int port, string path) => new($"http://{host}:{port}{path}");

    private static WebhookHarness Create(WebhookOptions options, TimeProvider? time = null)
    {
        var harness = new WebhookHarness(options, time: time);
        foreach (var host in new[] { "one.test", "two.test" }) harness.Resolver.Answer(host, ["127.0.0.1"]);
        return harness;
    }

    private Uri Url(string host, string path) => UrlOf(host, _catcher.Address.Port, path);

    private async Task<int> SucceededAsync(WebhookHarness harness, int times)
    {
        var succeeded = 0;
        for (var i = 0; i < times; i++)
        {
            if ((await harness.PostAsync(Url("one.test", "/"))).Succeeded) succeeded++;
        }

        return succeeded;
    }
}
