using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Sipstead.CallLoad;

/// <summary>
/// Creates calls over the Voice API at a steady rate, is the application that their webhooks ask (it answers <c>answer</c> with Hangup), and measures each
/// from createCall to its <c>disconnect</c>.
/// </summary>
internal sealed class Load(double rate, TimeSpan duration, int webhookPort, Uri server, string account, string credentials, string application, string[] targets)
{
    private static readonly byte[] Bxml = "<Response><Hangup/></Response>"u8.ToArray();
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly ConcurrentDictionary<string, long> _started = new();
    private readonly ConcurrentDictionary<string, int> _causes = new();
    private readonly ConcurrentBag<double> _durations = [];
    private readonly ConcurrentDictionary<string, string> _early = new();
    private int _created;
    private int _refused;

    /// <summary>True when every call was created, answered and hung up.</summary>
    public async Task<bool> RunAsync()
    {
        await using var webhooks = await ListenAsync();
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { BaseAddress = server };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
        var start = TimeProvider.System.GetTimestamp();
        var total = (int)(rate * duration.TotalSeconds);
        var creating = new List<Task>(total);
        for (var i = 0; i < total; i++)
        {
            var due = TimeSpan.FromSeconds(i / rate) - TimeProvider.System.GetElapsedTime(start);
            if (due > TimeSpan.FromMilliseconds(1)) await Task.Delay(due);
            creating.Add(CreateAsync(http, targets[i % targets.Length]));
        }

        await Task.WhenAll(creating);
        var created = TimeProvider.System.GetElapsedTime(start);
        while (_durations.Count < _created && TimeProvider.System.GetElapsedTime(start) < created + Patience) await Task.Delay(50);
        return Report(total, created, TimeProvider.System.GetElapsedTime(start));
    }

    private async Task<WebApplication> ListenAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{webhookPort}"));
        var app = builder.Build();
        app.MapPost("/answer", () => Results.Bytes(Bxml, "application/xml"));
        app.MapPost("/disconnect", async (HttpRequest request) => Ended(await JsonDocument.ParseAsync(request.Body)));
        await app.StartAsync();
        return app;
    }

    private async Task CreateAsync(HttpClient http, string target)
    {
        var began = TimeProvider.System.GetTimestamp();
        var body = $$"""
            {"from":"+12025550100","to":"{{target}}","applicationId":"{{application}}","answerUrl":"http://127.0.0.1:{{webhookPort}}/answer",
            "disconnectUrl":"http://127.0.0.1:{{webhookPort}}/disconnect"}
            """;
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(new Uri($"/api/v2/accounts/{account}/calls", UriKind.Relative), content);
        if (!response.IsSuccessStatusCode)
        {
            Interlocked.Increment(ref _refused);
            return;
        }

        Interlocked.Increment(ref _created);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        var callId = answer.RootElement.GetProperty("callId").GetString()!;
        _started[callId] = began;
        if (_early.TryRemove(callId, out var cause)) Count(callId, cause); // its disconnect was here before its 201
    }

    private IResult Ended(JsonDocument body)
    {
        using (body)
        {
            var callId = body.RootElement.GetProperty("callId").GetString()!;
            var cause = body.RootElement.GetProperty("cause").GetString()!;
            _early[callId] = cause;
            if (_started.ContainsKey(callId) && _early.TryRemove(callId, out _)) Count(callId, cause);
        }

        return Results.NoContent();
    }

    private void Count(string callId, string cause)
    {
        if (!_started.TryRemove(callId, out var began)) return;
        _causes.AddOrUpdate(cause, 1, (_, count) => count + 1);
        _durations.Add(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
    }

    private bool Report(int total, TimeSpan creating, TimeSpan whole)
    {
        var sorted = _durations.Order().ToArray();
        double Percentile(double part) => sorted.Length == 0 ? 0 : sorted[Math.Min(sorted.Length - 1, (int)(part * sorted.Length))];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"created {_created} of {total} calls in {creating.TotalSeconds:0.0} s ({_created / creating.TotalSeconds:0} a second), refused {_refused}; all ended after {whole.TotalSeconds:0.0} s"));
        Console.WriteLine($"ended: {string.Join(", ", _causes.Select(cause => $"{cause.Value} {cause.Key}"))}; missing {_created - sorted.Length}");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"createCall to disconnect: p50 {Percentile(0.5):0} ms, p99 {Percentile(0.99):0} ms, longest {Percentile(1):0} ms"));
        return _refused == 0 && _causes.GetValueOrDefault("hangup") == total;
    }
}
