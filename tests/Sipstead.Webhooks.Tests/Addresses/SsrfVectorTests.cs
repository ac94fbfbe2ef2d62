using System.Net;
using Sipstead.Testing;
using Sipstead.Testing.Webhooks;

namespace Sipstead.Webhooks.Tests.Addresses;

/// <summary>Each line of vectors/ssrf-urls.txt, sent as a webhook and fetched as a resource. Names end in .test where the line is a scene and not a URL alone.</summary>
public sealed class SsrfVectorTests
{
    private const string Public = "127.0.0.2"; // stands for a public address: the options allow it, and 127.0.0.1 is refused

    private static readonly WebhookOptions Options = new() { AllowedNetworks = [Public] };

    private static readonly string[] Scenes = ["rebind.test", "redirect.test", "slow.test", "big.test"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task S_44_EachUrl_IsRefusedBeforeAnyConnection()
    {
        var lines = File.ReadLines(SharedFiles.Path("vectors", "ssrf-urls.txt")).Where(line => !Array.Exists(Scenes, line.Contains)).ToList();
        Assert.True(lines.Count > 35);
        using var harness = new WebhookHarness(new WebhookOptions());
        var disguised = new Uri("http://①②⑦.0.0.1/").IdnHost; // what it is turned into depends on the runtime's tables; a resolver may well find loopback
        harness.Resolver.Answer(disguised, ["127.0.0.1"]);
        foreach (var (line, url) in lines.SelectMany(ReadAs))
        {
            foreach (var isGet in new[] { true, false })
            {
                var result = await harness.SendAsync(WebhookHarness.Message(new WebhookTarget(url, isGet, null)));
                Assert.True(IsRefusal(result.Error), $"{line}: {result.Error}");
            }

            Assert.True(IsRefusal((await harness.FetchAsync(url)).Error), line);
        }

        Assert.All(harness.Resolver.Asked, name => Assert.True(name == disguised || name.Contains("localhost", StringComparison.Ordinal), name));
        var reasons = new[] { "scheme", "credentials", "port", "address" };
        Assert.Equal(2 * 3 * lines.Count, reasons.Sum(reason => harness.Meters[$"sipstead.webhooks.refused {reason}"]));
    }

    /// <summary>A line as both kinds of reader take it: some of them differ.</summary>
    private static IEnumerable<(string Line, Uri Url)> ReadAs(string line) =>
        [(line, new Uri(line, UriKind.Absolute)), (line, new Uri(line, UriKind.RelativeOrAbsolute))];

    [Fact]
    public void Scenes_AreThoseOfTheFile()
    {
        var names = File.ReadLines(SharedFiles.Path("vectors", "ssrf-urls.txt")).Where(line => line.Contains(".test/", StringComparison.Ordinal));
        Assert.Equal(Scenes, names.Select(line => new Uri(line.Split(' ')[0]).Host));
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("inside.test")]
    [InlineData("127.0.0.1")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("2130706433")]
    public async Task S_44_Refused_NoConnectionArrives(string host)
    {
        await using var inner = new RawServer((_, _) => Task.CompletedTask);
        using var harness = new WebhookHarness(Options);
        harness.Resolver.Answer("inside.test", ["127.0.0.1", "::1", "10.0.0.1"]);
        var result = await harness.PostAsync(new Uri($"http://{host}:{inner.Port}/"));
        Assert.True(IsRefusal(result.Error), result.Error);
        Assert.Equal(0, inner.Connections);
        Assert.Equal(1, harness.Meters["sipstead.webhooks.refused address"]);
    }

    [Fact]
    public async Task S_44_Rebind_ConnectsToTheAddressThatWasJudged()
    {
        var port = WebhookHarness.FreePort();
        await using var outer = new RawServer(AnswerAsync, IPAddress.Parse(Public), port);
        await using var inner = new RawServer(AnswerAsync, IPAddress.Loopback, port);
        using var harness = new WebhookHarness(Options);
        harness.Resolver.Answer("rebind.test", [Public], ["127.0.0.1"]);
        var url = new Uri($"http://rebind.test:{outer.Port}/");
        Assert.True((await harness.PostAsync(url)).Succeeded);
        Assert.True(IsRefusal((await harness.PostAsync(url)).Error));
        Assert.Equal(["rebind.test", "rebind.test"], harness.Resolver.Asked);
        Assert.Equal((1, 0), (outer.Connections, inner.Connections));
    }

    [Fact]
    public async Task S_44_RefusedAddressesAmongOthers_AreLeftOut()
    {
        var port = WebhookHarness.FreePort();
        await using var outer = new RawServer(AnswerAsync, IPAddress.Parse(Public), port);
        await using var inner = new RawServer(AnswerAsync, IPAddress.Loopback, port);
        using var harness = new WebhookHarness(Options);
        harness.Resolver.Answer("mixed.test", ["127.0.0.1", Public]);
        Assert.True((await harness.PostAsync(new Uri($"http://mixed.test:{outer.Port}/"))).Succeeded);
        Assert.Equal((1, 0), (outer.Connections, inner.Connections));
    }

    [Fact]
    public async Task DeadAddress_TheNextIsTried()
    {
        await using var outer = new RawServer(AnswerAsync, IPAddress.Parse(Public));
        using var harness = new WebhookHarness(Options with { AllowedNetworks = [Public, "127.0.0.3"] });
        harness.Resolver.Answer("two.test", ["127.0.0.3", Public]);
        Assert.True((await harness.PostAsync(new Uri($"http://two.test:{outer.Port}/"))).Succeeded);
    }

    [Fact]
    public async Task S_44_Redirect_IsNotFollowed()
    {
        await using var inner = await WebhookCatcher.StartAsync(Token);
        await using var outer = new RawServer(
            (stream, token) => RawServer.WriteAsync(
                stream, $"HTTP/1.1 302 Found\r\nLocation: {inner.Url("/")}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", token).AsTask(),
            IPAddress.Parse(Public));
        using var harness = new WebhookHarness(Options);
        harness.Resolver.Answer("redirect.test", [Public]);
        var url = new Uri($"http://redirect.test:{outer.Port}/");
        Assert.Equal($"{url} answered 302.", (await harness.PostAsync(url)).Error);
        Assert.Equal($"{url} answered 302.", (await harness.FetchAsync(url)).Error);
        Assert.Empty(inner.Requests);
    }

    [Fact]
    public async Task Slow_TheTimeIsOverForHeadersToo()
    {
        await using var outer = new RawServer(DripHeadersAsync, IPAddress.Parse(Public));
        using var harness = new WebhookHarness(Options with { FetchTimeout = WebhookHarness.Short });
        harness.Resolver.Answer("slow.test", [Public]);
        var url = new Uri($"http://slow.test:{outer.Port}/");
        var result = await harness.SendAsync(WebhookHarness.Message(WebhookHarness.Post(url)) with { Timeout = WebhookHarness.Short });
        Assert.Equal($"{url} did not answer within 0.5 s.", result.Error);
        Assert.Equal($"{url} did not answer within 0.5 s.", (await harness.FetchAsync(url)).Error);
    }

    [Fact]
    public async Task Big_TheSizeIsBounded()
    {
        await using var outer = new RawServer(FloodBodyAsync, IPAddress.Parse(Public));
        using var harness = new WebhookHarness(Options);
        harness.Resolver.Answer("big.test", [Public]);
        var url = new Uri($"http://big.test:{outer.Port}/");
        Assert.Equal($"{url} sent more than 65536 octets.", (await harness.PostAsync(url)).Error);
        Assert.Equal($"{url} sent more than 100000 octets.", (await harness.FetchAsync(url, maxOctets: 100_000)).Error);
    }

    private static bool IsRefusal(string? error) =>
        error is not null && (error.Contains("not allowed", StringComparison.Ordinal) || error.Contains("is not an absolute http", StringComparison.Ordinal)
            || error.Contains("holds a user name", StringComparison.Ordinal));

    private static Task AnswerAsync(Stream stream, CancellationToken cancellationToken) =>
        RawServer.WriteAsync(stream, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n", cancellationToken).AsTask();

    private static async Task DripHeadersAsync(Stream stream, CancellationToken cancellationToken)
    {
        await RawServer.WriteAsync(stream, "HTTP/1.1 200 OK\r\n", cancellationToken);
        while (true)
        {
            await RawServer.WriteAsync(stream, "X-More: 1\r\n", cancellationToken);
            await Task.Delay(50, cancellationToken);
        }
    }

    private static async Task FloodBodyAsync(Stream stream, CancellationToken cancellationToken)
    {
        await RawServer.WriteAsync(stream, "HTTP/1.1 200 OK\r\n\r\n", cancellationToken);
        var piece = new string('a', 8192);
        while (true) await RawServer.WriteAsync(stream, piece, cancellationToken);
    }
}
