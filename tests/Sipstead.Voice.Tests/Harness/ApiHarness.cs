using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Sipstead.Provisioning;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.Recordings;
using Sipstead.Testing;

namespace Sipstead.Voice.Tests.Harness;

/// <summary>The Voice API on a real listener over a call engine, with users of several accounts and roles. One for the tests of a class.</summary>
public class ApiHarness : IAsyncLifetime
{
    public const string Password = "correct horse battery";

    private readonly TemporaryFolder _folder = new();
    private readonly List<HttpClient> _clients = [];
    private WebApplication _app = null!;
    private int _users;

    internal VoiceHarness Voice { get; private set; } = null!;

    /// <summary>Speaks as a user who may do everything in the account.</summary>
    public HttpClient Admin { get; private set; } = null!;

    /// <summary>May only read.</summary>
    public HttpClient Reader { get; private set; } = null!;

    /// <summary>A user of another account.</summary>
    public HttpClient Stranger { get; private set; } = null!;

    /// <summary>Without credentials.</summary>
    public HttpClient Nobody { get; private set; } = null!;

    public Uri Address => new(_app.Urls.First());

    /// <summary>Begins the paths of the account.</summary>
    public static string Path(string path, string account = "9900000") => $"/api/v2/accounts/{account}/{path}";

    private protected virtual VoiceOptions Options => new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Voice = await VoiceHarness.StartAsync(Options, build: BuildAsync);
        _app.MapVoice();
        _app.MapProvisioning();
        await _app.StartAsync(Cancel);
        Voice.AddPhone(); // alice, who lets it ring
        Voice.Catcher.AnswerBxml("/answer", VoiceTest.Waiting);
        var accounts = _app.Services.GetRequiredService<AccountService>();
        Assert.True((await accounts.CreateAccountAsync(VoiceHarness.OtherAccount, Cancel)).IsSuccess);
        Assert.True((await accounts.CreateUserAsync("reader", Password, VoiceHarness.Account, ApiRole.Read, Cancel)).IsSuccess);
        Assert.True((await accounts.CreateUserAsync("stranger", Password, VoiceHarness.OtherAccount, ApiRole.Admin, Cancel)).IsSuccess);
        (Admin, Reader, Stranger, Nobody) = (Client("admin"), Client("reader"), Client("stranger"), Client(null));
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _clients.ForEach(client => client.Dispose());
        await _app.StopAsync(CancellationToken.None);
        await Voice.DisposeAsync();
        _folder.Dispose();
    }

    public HttpClient Client(string? userName, string password = Password)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Address };
        if (userName is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{userName}:{password}")));
        }

        _clients.Add(client);
        return client;
    }

    public Task<VoiceAnswer> GetAsync(string path, HttpClient? client = null) => SendAsync(HttpMethod.Get, Path(path), (string?)null, null, client);

    public Task<VoiceAnswer> PostAsync(string path, string json, HttpClient? client = null) =>
        SendAsync(HttpMethod.Post, Path(path), json, "application/json", client);

    public Task<VoiceAnswer> PutAsync(string path, string bxml, HttpClient? client = null) =>
        SendAsync(HttpMethod.Put, Path(path), bxml, "application/xml; charset=utf-8", client);

    public Task<VoiceAnswer> SendAsync(HttpMethod method, string path, string? body, string? contentType, HttpClient? client = null) =>
        SendAsync(method, path, body is null ? null : Encoding.UTF8.GetBytes(body), contentType, client);

    public async Task<VoiceAnswer> SendAsync(HttpMethod method, string path, byte[]? body, string? contentType, HttpClient? client = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new ByteArrayContent(body);
        if (contentType is not null) request.Content!.Headers.TryAddWithoutValidation("Content-Type", contentType);
        using var response = await (client ?? Admin).SendAsync(request, Cancel);
        return new VoiceAnswer(response.StatusCode, await response.Content.ReadAsStringAsync(Cancel), response.Headers, response.Content.Headers);
    }

    /// <summary>The smallest body of createCall, with more properties behind it.</summary>
    public string NewCall(string more = "", string? to = null) =>
        $$"""{"from":"+12025550100","to":"{{to ?? $"sip:alice@{Voice.Realm}"}}","applicationId":"{{Voice.Application.Id}}","answerUrl":"{{Voice.Catcher.Url("/answer")}}"{{more}}}""";

    /// <summary>Makes a call and returns its id.</summary>
    public async Task<string> CreateAsync(string more = "", string? to = null)
    {
        var created = await PostAsync("calls", NewCall(more, to));
        Assert.Equal(HttpStatusCode.Created, created.Status);
        return created.Json.GetProperty("callId").GetString()!;
    }

    /// <summary>Makes a call that a new phone answers and returns its id.</summary>
    public async Task<string> EstablishAsync(string more = "")
    {
        var user = $"user{Interlocked.Increment(ref _users)}";
        var phone = Voice.AddPhone(user);
        var id = await CreateAsync(more, $"sip:{user}@{Voice.Realm}");
        await phone.AcceptAsync(await phone.ExpectAsync("INVITE"));
        await Voice.Catcher.ExpectAsync(request => request.CallId == id && request.EventType == "answer", "answer", Cancel);
        await VoiceHarness.RunsAsync(Voice.Registry.Live().Single(call => call.Id == id));
        return id;
    }

    /// <summary>Waits for a call's end and returns what the API tells of it.</summary>
    public Task<VoiceAnswer> EndOfAsync(string callId) => Poll.ForAsync("the end of the call", async () =>
    {
        var answer = await GetAsync($"calls/{callId}");
        return answer.Json.GetProperty("state").GetString() == "disconnected" ? answer : null;
    }, Cancel);

    private async Task<IServiceProvider> BuildAsync(IServiceCollection services)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddProvisioning(new ProvisioningOptions { DataDirectory = _folder.Path, BootstrapPassword = Password });
        foreach (var service in services.Where(one => one.ServiceType != typeof(IRecordingCatalog))) builder.Services.Add(service); // the database's own
        _app = builder.Build();
        await _app.Services.OpenProvisioningAsync(Cancel);
        return _app.Services;
    }
}

/// <summary>An answer of the API, read whole.</summary>
public sealed record VoiceAnswer(HttpStatusCode Status, string Body, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders)
{
    public JsonElement Json => JsonElement.Parse(Body);

    public string? this[string property] => Json.TryGetProperty(property, out var value) ? value.ToString() : null;

    /// <summary>Checks that it is an error with this body and nothing else.</summary>
    public void ShouldBe(int status, string type, string description)
    {
        Assert.Equal(status, (int)Status);
        Assert.Equal("application/json;charset=UTF-8", ContentHeaders.ContentType?.ToString().Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal((type, description), (this["type"], this["description"]));
        Assert.Equal(status is 409 or 429 ? "\"\"" : "null", Json.GetProperty("id").GetRawText());
        Assert.Equal(3, Json.EnumerateObject().Count());
    }
}
