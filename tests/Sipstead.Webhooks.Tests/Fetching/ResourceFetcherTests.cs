using System.Globalization;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Sipstead.Testing.Webhooks;

namespace Sipstead.Webhooks.Tests.Fetching;

public sealed class ResourceFetcherTests : IAsyncLifetime
{
    private static readonly BasicCredentials Alice = new("alice", "secret");

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(60));
    private readonly WebhookHarness _harness;
    private WebhookCatcher _catcher = null!;

    public ResourceFetcherTests() => _harness = new WebhookHarness(time: _time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static CatcherAnswer Wav { get; } = CatcherAnswer.File("RIFF"u8.ToArray(), "audio/wav");

    public async ValueTask InitializeAsync() => _catcher = await WebhookCatcher.StartAsync(Token);

    public async ValueTask DisposeAsync()
    {
        _harness.Dispose();
        await _catcher.DisposeAsync();
    }

    [Fact]
    public async Task Fetch_GivesOctetsTypeAndName()
    {
        _catcher.Answer("/audio/hello there.wav", Wav);
        var result = await _harness.FetchAsync(_catcher.Url("/audio/hello%20there.wav?v=1"), Alice);
        Assert.Null(result.Error);
        Assert.Equal("RIFF", Encoding.UTF8.GetString(result.Resource!.Octets.Span));
        Assert.Equal(("audio/wav", "hello there.wav"), (result.Resource.ContentType, result.Resource.Name));
        var request = Assert.Single(_catcher.Requests);
        Assert.Equal(("GET", "alice:secret", "1"), (request.Method, request.Basic, request.Query["v"]));
    }

    [Theory]
    [InlineData(204)]
    [InlineData(206)]
    [InlineData(301)]
    [InlineData(304)]
    [InlineData(404)]
    [InlineData(500)]
    public async Task OtherStatus_IsAnError(int status)
    {
        _catcher.Answer("/a.wav", CatcherAnswer.Of(status));
        var result = await _harness.FetchAsync(_catcher.Url("/a.wav?token=secret"));
        Assert.Equal((null, $"{_catcher.Url("/a.wav")} answered {status}."), (result.Resource, result.Error));
    }

    /// <summary>What a response must say so that the second fetch within its lifetime does not ask.</summary>
    [Theory]
    [InlineData("Cache-Control: max-age=60", true)]
    [InlineData("Cache-Control: public, max-age=60", true)]
    [InlineData("Cache-Control: max-age=60|Vary: Accept-Encoding, User-Agent", true)]
    [InlineData("Cache-Control: max-age=60|Age: 30", true)]
    [InlineData("Expires: +60|Date: +0", true)]
    [InlineData("Cache-Control: max-age=60|Expires: 0", true)]
    [InlineData("", false)]
    [InlineData("ETag: \"1\"", false)]
    [InlineData("Cache-Control: public", false)]
    [InlineData("Cache-Control: s-maxage=60", false)]
    [InlineData("Cache-Control: max-age=0", false)]
    [InlineData("Cache-Control: max-age=60|Age: 60", false)]
    [InlineData("Cache-Control: max-age=60|Date: -60", false)]
    [InlineData("Cache-Control: max-age=0|Expires: +60", false)]
    [InlineData("Cache-Control: no-store, max-age=60", false)]
    [InlineData("Cache-Control: private, max-age=60", false)]
    [InlineData("Cache-Control: no-cache, max-age=60|ETag: \"1\"", false)]
    [InlineData("Cache-Control: max-age=sixty|Expires: +60", false)]
    [InlineData("Cache-Control: max-age=60|Vary: *", false)]
    [InlineData("Expires: 0", false)]
    [InlineData("Expires: -1", false)]
    public async Task Cache_StoresOnlyWhatSaysHowLong(string headers, bool isStored)
    {
        var answer = headers.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(header => header.Split(": "))
            .Aggregate(Wav, (so, header) => so.With(header[0], Dated(header)));
        _catcher.Answer("/a.wav", headers.Contains("Date", StringComparison.Ordinal) ? answer : answer.With("Date", Dated(["Date", "+0"])));
        for (var i = 0; i < 2; i++) Assert.NotNull((await _harness.FetchAsync(_catcher.Url("/a.wav"))).Resource);
        Assert.Equal(isStored ? 1 : 2, _catcher.Requests.Count);
        Assert.Equal(isStored ? 1 : 0, _harness.Meters["sipstead.webhooks.fetches cached"]);
    }

    [Fact]
    public async Task Cache_PrivateIsStoredForItsCredentialsAlone()
    {
        _catcher.Answer("/a.wav", Now(Wav).With("Cache-Control", "private, max-age=60"));
        var url = _catcher.Url("/a.wav");
        BasicCredentials?[] askers = [Alice, Alice, Alice with { Password = "other" }, new("bob", "secret"), null, null];
        foreach (var asker in askers) await _harness.FetchAsync(url, asker);
        Assert.Equal(["alice:secret", "alice:other", "bob:secret", null, null], _catcher.Requests.Select(request => request.Basic));
    }

    [Theory]
    [InlineData("ETag", "\"v1\"", "If-None-Match")]
    [InlineData("ETag", "W/\"v1\"", "If-None-Match")]
    [InlineData("Last-Modified", "Tue, 01 Jan 2030 00:00:00 GMT", "If-Modified-Since")]
    public async Task Stale_IsRevalidated(string validator, string value, string condition)
    {
        _catcher.Answer("/a.wav", request => request.Headers.ContainsKey(condition)
            ? Now(CatcherAnswer.Of(304)).With("Cache-Control", "max-age=60")
            : Now(Wav).With("Cache-Control", "max-age=60").With(validator, value));
        var url = _catcher.Url("/a.wav");
        var first = await _harness.FetchAsync(url);
        _time.Advance(TimeSpan.FromSeconds(61));
        var second = await _harness.FetchAsync(url);
        Assert.Same(first.Resource, second.Resource);
        Assert.Equal(value, _catcher.Requests[1].Headers[condition]);
        await _harness.FetchAsync(url); // fresh again
        Assert.Equal(2, _catcher.Requests.Count);
        _time.Advance(TimeSpan.FromSeconds(61));
        await _harness.FetchAsync(url);
        Assert.Equal(3, _catcher.Requests.Count);
        Assert.Equal(2, _harness.Meters["sipstead.webhooks.fetches revalidated"]);
    }

    [Fact]
    public async Task Stale_Changed_IsReplaced()
    {
        var (old, changed) = (Now(Wav).With("Cache-Control", "max-age=0").With("ETag", "\"1\""), Now(CatcherAnswer.File("new"u8.ToArray(), "audio/mpeg")));
        _catcher.AnswerInTurn("/a", old, changed, CatcherAnswer.Of(500));
        await _harness.FetchAsync(_catcher.Url("/a"));
        Assert.Equal("audio/mpeg", (await _harness.FetchAsync(_catcher.Url("/a"))).Resource!.ContentType);
        Assert.NotNull((await _harness.FetchAsync(_catcher.Url("/a"))).Error);
        Assert.False(_catcher.Requests[2].Headers.ContainsKey("If-None-Match"));
        Assert.Equal(0, _harness.Meters["sipstead.webhooks.cache.octets"]);
    }

    [Fact]
    public async Task Cache_IsBounded_LeastUsedGoesFirst()
    {
        using var harness = new WebhookHarness(new WebhookOptions { AllowLoopback = true, CacheOctets = 250_000 }, time: _time);
        var answer = Now(CatcherAnswer.File(new byte[100_000], "audio/wav")).With("Cache-Control", "max-age=60");
        foreach (var path in new[] { "/a", "/b", "/c" }) _catcher.Answer(path, answer);
        foreach (var path in new[] { "/a", "/b", "/a", "/c", "/a", "/b" }) await harness.FetchAsync(_catcher.Url(path));
        Assert.Equal(["/a", "/b", "/c", "/b"], _catcher.Requests.Select(request => request.Path));
        Assert.Equal(2, harness.Meters["sipstead.webhooks.cache.dropped"]);
        Assert.InRange(harness.Meters["sipstead.webhooks.cache.octets"], 200_000, 250_000);
    }

    [Fact]
    public async Task EqualFetches_AreOne()
    {
        var released = new TaskCompletionSource();
        _catcher.Answer("/a.wav", Wav.After(released.Task));
        var url = _catcher.Url("/a.wav");
        var fetches = Enumerable.Range(0, 20).Select(_ => _harness.FetchAsync(url)).ToList();
        released.SetResult();
        var results = await Task.WhenAll(fetches);
        Assert.All(results, result => Assert.Same(results[0].Resource, result.Resource));
        Assert.Single(_catcher.Requests);
        await Task.WhenAll(_harness.FetchAsync(url), _harness.FetchAsync(url, Alice));
        Assert.Equal(3, _catcher.Requests.Count);
    }

    [Fact]
    public async Task OneOfTwoCancels_TheOtherStillGetsIt()
    {
        var released = new TaskCompletionSource();
        _catcher.Answer("/a.wav", Wav.After(released.Task));
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var first = _harness.Fetcher.FetchAsync(_catcher.Url("/a.wav"), null, 1000, cancel.Token);
        var second = _harness.Fetcher.FetchAsync(_catcher.Url("/a.wav"), null, 1000, Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        released.SetResult();
        Assert.NotNull((await second).Resource);
        Assert.Single(_catcher.Requests);
    }

    [Fact]
    public async Task AllCancel_TheFetchEnds_AndTheNextBeginsAnew()
    {
        _catcher.AnswerInTurn("/a.wav", Wav.After(WebhookHarness.Long), Wav);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var first = _harness.Fetcher.FetchAsync(_catcher.Url("/a.wav"), null, 1000, cancel.Token);
        await _catcher.ExpectAsync(_ => true, "a fetch", Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.NotNull((await _harness.Fetcher.FetchAsync(_catcher.Url("/a.wav"), null, 1000, Token)).Resource);
    }

    [Fact]
    public async Task Limits_Hold()
    {
        using var harness = new WebhookHarness(
            new WebhookOptions { AllowLoopback = true, MaxResourceOctets = 50_000, MaxFetchOctets = 30_000, MaxFetches = 1 });
        _catcher.Answer("/60k", CatcherAnswer.File(new byte[60_000], "audio/wav"));
        _catcher.Answer("/40k", CatcherAnswer.File(new byte[40_000], "audio/wav"));
        _catcher.Answer("/20k", CatcherAnswer.File(new byte[20_000], "audio/wav"));
        var released = new TaskCompletionSource();
        _catcher.Answer("/slow", Wav.After(released.Task));
        Assert.Equal($"{_catcher.Url("/60k")} sent more than 50000 octets.", (await harness.FetchAsync(_catcher.Url("/60k"))).Error);
        Assert.Equal($"{_catcher.Url("/20k")} sent more than 19999 octets.", (await harness.FetchAsync(_catcher.Url("/20k"), maxOctets: 19_999)).Error);
        Assert.Equal($"{_catcher.Url("/40k")} was not read: too much is being fetched at this time.", (await harness.FetchAsync(_catcher.Url("/40k"))).Error);
        Assert.Equal(20_000, (await harness.FetchAsync(_catcher.Url("/20k"), maxOctets: 20_000)).Resource!.Octets.Length);

        var slow = harness.FetchAsync(_catcher.Url("/slow"));
        Assert.Equal($"{_catcher.Url("/20k")} was not fetched: too many fetches are under way.", (await harness.FetchAsync(_catcher.Url("/20k"))).Error);
        Assert.Equal(1, harness.Meters["sipstead.webhooks.over_limit fetch"]);
        released.SetResult();
        Assert.NotNull((await slow).Resource);
    }

    private CatcherAnswer Now(CatcherAnswer answer) => answer.With("Date", Dated(["Date", "+0"]));

    /// <summary>"+60" as a date that lies 60 s ahead; anything else as it is.</summary>
    private string Dated(string[] header) =>
        header[0] is "Date" or "Expires" && header[1] is not ("0" or "-1")
            ? _time.GetUtcNow().AddSeconds(int.Parse(header[1], CultureInfo.InvariantCulture)).ToString("R")
            : header[1];
}
