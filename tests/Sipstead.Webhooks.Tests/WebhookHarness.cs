using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Sipstead.Testing.Sip;
using Sipstead.Webhooks.Addresses;
using Sipstead.Webhooks.Exchanges;
using Sipstead.Webhooks.Fetching;
using Sipstead.Webhooks.Http;

namespace Sipstead.Webhooks.Tests;

/// <summary>A client with all that it needs. Loopback is allowed unless the options say otherwise.</summary>
internal sealed class WebhookHarness : IDisposable
{
    public static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    /// <summary>For what must time out, after its answer has begun: on a busy machine that takes its time.</summary>
    public static readonly TimeSpan Ample = TimeSpan.FromSeconds(5);

    /// <summary>For what must time out, however far it came.</summary>
    public static readonly TimeSpan Short = TimeSpan.FromMilliseconds(500);

    public WebhookHarness(WebhookOptions? options = null, RemoteCertificateValidationCallback? trust = null, TimeProvider? time = null)
    {
        Options = options ?? new WebhookOptions { AllowLoopback = true };
        Metrics = new WebhookMetrics(Meters);
        Http = new OutboundHttp(Options, Resolver, Metrics, time ?? TimeProvider.System, NullLogger<OutboundHttp>.Instance, trust);
        Log = new ExchangeLog(Options, Metrics);
        Client = new WebhookClient(Options, Http, Log, Metrics, NullLogger<WebhookClient>.Instance);
        Fetcher = new ResourceFetcher(Options, Http, Metrics, NullLogger<ResourceFetcher>.Instance);
    }

    public WebhookOptions Options { get; }

    public CountingMeters Meters { get; } = new();

    public WebhookMetrics Metrics { get; }

    public FakeResolver Resolver { get; } = new();

    public OutboundHttp Http { get; }

    public ExchangeLog Log { get; }

    public WebhookClient Client { get; }

    public ResourceFetcher Fetcher { get; }

    /// <summary>A port that nobody uses on any address, and that the policy does not refuse.</summary>
    public static int FreePort() => Sipstead.Testing.FreePort.Take() is var port && DeniedPorts.Contains(port) ? FreePort() : port;

    public static WebhookTarget Post(Uri url) => new(url, IsGet: false, null);

    public static WebhookMessage Message(WebhookTarget primary, bool isSynchronous = true, string json = """{"eventType":"answer","callId":"c-1"}""") => new()
    {
        AccountId = "9900000",
        CallId = "c-1",
        EventType = "answer",
        Json = Encoding.UTF8.GetBytes(json),
        Primary = primary,
        Timeout = Long,
        IsSynchronous = isSynchronous,
    };

    public Task<WebhookResult> SendAsync(WebhookMessage message) => Client.SendAsync(message, TestContext.Current.CancellationToken);

    public Task<WebhookResult> PostAsync(Uri url, bool isSynchronous = true) => SendAsync(Message(Post(url), isSynchronous));

    public Task<FetchResult> FetchAsync(Uri url, BasicCredentials? credentials = null, long maxOctets = 1 << 20) =>
        Fetcher.FetchAsync(url, credentials, maxOctets, TestContext.Current.CancellationToken);

    public IReadOnlyList<WebhookExchange> Logged() => Log.Find("9900000", "c-1");

    public void Dispose()
    {
        Http.Dispose();
        Meters.Dispose();
    }
}

/// <summary>Answers from a script, one answer after the other, the last again and again; localhost as the system does.</summary>
internal sealed class FakeResolver : IHostResolver
{
    private readonly Dictionary<string, Queue<IPAddress[]>> _answers = [];

    /// <summary>The names asked for, in order.</summary>
    public List<string> Asked { get; } = [];

    public void Answer(string host, params string[][] answers) =>
        _answers[host] = new Queue<IPAddress[]>(answers.Select(texts => texts.Select(IPAddress.Parse).ToArray()));

    public ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        lock (_answers)
        {
            Asked.Add(host);
            if (_answers.TryGetValue(host, out var queue)) return new(queue.Count > 1 ? queue.Dequeue() : queue.Peek());
        }

        return host.TrimEnd('.').EndsWith("localhost", StringComparison.Ordinal)
            ? new SystemHostResolver().ResolveAsync(host, cancellationToken)
            : throw new SocketException((int)SocketError.HostNotFound);
    }
}
