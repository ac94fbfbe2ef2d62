using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Sipstead.MediaLoad;

/// <summary>What it takes to reach a Sipstead.</summary>
internal sealed record ServerAddress(Uri Http, IPEndPoint Sip, string Account, string Credentials, string Application, string Realm);

/// <summary>
/// Calls that the API makes to the phone a. Their application transfers each to the phone b, or puts several into a conference.
/// </summary>
internal sealed class SipsteadCalls : ICallServer
{
    private const string Password = "load";

    /// <summary>Calls that are made at a time.</summary>
    private const int AtOnce = 16;

    private readonly ServerAddress _server;
    private readonly int _members;
    private readonly Phone _first;
    private readonly Phone _second;
    private readonly HttpClient _http;
    private readonly ConcurrentBag<string> _calls = [];
    private WebApplication? _application;

    /// <param name="members">Parties of a conference; 0 for calls of two.</param>
    public SipsteadCalls(MediaStreams streams, ServerAddress server, int members)
    {
        (_server, _members) = (server, members);
        (_first, _second) = (new Phone(streams, 0, "a", server.Realm), new Phone(streams, 1, "b", server.Realm));
        _http = new HttpClient { BaseAddress = server.Http };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(server.Credentials)));
    }

    public bool IsMixing => _members > 0;

    private string Calls => $"/api/v2/accounts/{_server.Account}/calls";

    public int LegsOf(int calls) => calls * (IsMixing ? _members : 2);

    public async Task ConnectAsync(int calls, CancellationToken cancellation)
    {
        var url = await ListenAsync(cancellation);
        await _first.RegisterAsync(_server.Sip, Password);
        await _second.RegisterAsync(_server.Sip, Password);
        var parties = Enumerable.Range(0, IsMixing ? calls * _members : calls);
        await Parallel.ForEachAsync(
            parties, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
            async (party, stop) => await CallAsync($"{url}/answer?conference={(IsMixing ? party / _members : 0)}", stop));
    }

    public async Task DisconnectAsync(CancellationToken cancellation)
    {
        foreach (var call in _calls)
        {
            using var content = new StringContent("""{"state":"completed"}""", Encoding.UTF8, "application/json");
            using var response = await _http.PostAsync(new Uri($"{Calls}/{call}", UriKind.Relative), content, cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_application is not null) await _application.DisposeAsync();
        _http.Dispose();
        _first.Dispose();
        _second.Dispose();
    }

    private async Task<string> ListenAsync(CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _application = builder.Build();
        _application.MapPost("/answer", (string conference) => Results.Bytes(Encoding.UTF8.GetBytes(BxmlOf(conference)), "application/xml"));
        await _application.StartAsync(cancellation);
        return _application.Urls.First();
    }

    private string BxmlOf(string conference) => IsMixing
        ? $"<Response><Conference>load-{conference}</Conference></Response>"
        : $"<Response><Transfer><SipUri>sip:b@{_server.Realm}</SipUri></Transfer></Response>";

    private async Task CallAsync(string answerUrl, CancellationToken cancellation)
    {
        var body = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"from":"+12025550100","to":"sip:a@{{_server.Realm}}","applicationId":"{{_server.Application}}","answerUrl":"{{answerUrl}}"}""");
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync(new Uri(Calls, UriKind.Relative), content, cancellation);
        var answer = await response.Content.ReadAsByteArrayAsync(cancellation);
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException($"createCall: {(int)response.StatusCode} {Encoding.UTF8.GetString(answer)}");
        using var json = JsonDocument.Parse(answer);
        _calls.Add(json.RootElement.GetProperty("callId").GetString()!);
    }
}
