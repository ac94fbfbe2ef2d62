using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.View;

namespace Sipstead.Provisioning.Tests;

/// <summary>The API on a real listener with a real database in a folder of its own.</summary>
internal sealed class ApiHost : IAsyncDisposable
{
    public const long Account = 9_900_000;
    public const string Password = "correct horse battery";

    private readonly WebApplication _app;
    private readonly TemporaryFolder? _ownFolder;

    private ApiHost(WebApplication app, TemporaryFolder? ownFolder, CapturedLog log)
    {
        _app = app;
        _ownFolder = ownFolder;
        Log = log;
        Client = CreateClient("admin", Password);
    }

    public HttpClient Client { get; }

    public CapturedLog Log { get; }

    public IServiceProvider Services => _app.Services;

    public ProvisioningView View => _app.Services.GetRequiredService<ProvisioningView>();

    public Uri Address => new(_app.Urls.First());

    public static async Task<ApiHost> StartAsync(
        ProvisioningOptions? options = null, TemporaryFolder? folder = null, TimeProvider? time = null, Action<WebApplication>? map = null,
        Action<IServiceCollection>? services = null)
    {
        var ownFolder = folder is null ? new TemporaryFolder() : null;
        var log = new CapturedLog();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(log);
        if (time is not null) builder.Services.AddSingleton(time);
        builder.Services.AddProvisioning(
            await TestDatabase.InAsync((folder ?? ownFolder)!, (options ?? new ProvisioningOptions()) with { BootstrapPassword = Password }));
        services?.Invoke(builder.Services);
        var app = builder.Build();
        app.MapProvisioning();
        map?.Invoke(app);
        await app.Services.OpenProvisioningAsync(TestContext.Current.CancellationToken);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new ApiHost(app, ownFolder, log);
    }

    public static string Path(string path) => $"/api/accounts/{Account}/{path}";

    public HttpClient CreateClient(string userName, string password)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{userName}:{password}")));
        return client;
    }

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, Path(path));

    public Task<Answer> PostAsync(string path, string xml) => SendAsync(HttpMethod.Post, Path(path), xml);

    public Task<Answer> PutAsync(string path, string xml) => SendAsync(HttpMethod.Put, Path(path), xml);

    public Task<Answer> PatchAsync(string path, string xml) => SendAsync(HttpMethod.Patch, Path(path), xml);

    public Task<Answer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, Path(path));

    public Task<Answer> SendAsync(HttpMethod method, string path, string? xml = null) =>
        SendAsync(method, path, xml is null ? null : new StringContent(xml, Encoding.UTF8, "application/xml"));

    public async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content, HttpClient? client = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using var response = await (client ?? Client).SendAsync(request, TestContext.Current.CancellationToken);
        return await Answer.ReadAsync(response);
    }

    /// <summary>Makes an API user with a role in an account and a client that speaks as that user.</summary>
    public async Task<HttpClient> CreateUserAsync(string name, ApiRole role, long account = Account)
    {
        var accounts = Services.GetRequiredService<AccountService>();
        Assert.True((await accounts.CreateUserAsync(name, Password, account, role, TestContext.Current.CancellationToken)).IsSuccess);
        return CreateClient(name, Password);
    }

    /// <summary>Makes a realm and waits until it is ACTIVE; returns its id.</summary>
    public async Task<long> CreateActiveRealmAsync(string name, bool isDefault = false)
    {
        var created = await PostAsync(
            "realms", $"<Realm><Realm>{name}</Realm><Default>{(isDefault ? "true" : "false")}</Default></Realm>");
        Assert.Equal(HttpStatusCode.Created, created.Status);
        var id = long.Parse(created.Value("Id")!, System.Globalization.CultureInfo.InvariantCulture);
        await Poll.UntilAsync(async () => (await GetAsync($"realms/{id}")).Value("Status") == "ACTIVE");
        return id;
    }

    /// <summary>Makes a voice application; returns its id.</summary>
    public async Task<string> CreateApplicationAsync(string name)
    {
        var created = await PostAsync(
            "applications",
            $"<Application><ServiceType>Voice-V2</ServiceType><AppName>{name}</AppName><CallInitiatedCallbackUrl>http://localhost/voice</CallInitiatedCallbackUrl></Application>");
        Assert.Equal(HttpStatusCode.Created, created.Status);
        return created.Value("ApplicationId")!;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _ownFolder?.Dispose();
    }

    /// <summary>An answer, read whole.</summary>
    internal sealed record Answer(HttpStatusCode Status, string Body, Uri? Location, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders)
    {
        private readonly Lazy<XElement?> _xml = new(() => Body.Length == 0 ? null : XElement.Parse(Body));

        public XElement? Xml => _xml.Value;

        public string? Root => Xml?.Name.ToString();

        public string? ErrorCode => Xml?.Element("ResponseStatus")?.Element("ErrorCode")?.Value;

        public string? Description => Xml?.Element("ResponseStatus")?.Element("Description")?.Value;

        public static async Task<Answer> ReadAsync(HttpResponseMessage response) => new(
            response.StatusCode,
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            response.Headers.Location,
            response.Headers,
            response.Content.Headers);

        /// <summary>The text of the first element of this name that has no children.</summary>
        public string? Value(string name) => Xml?.Descendants(name).FirstOrDefault(e => !e.HasElements)?.Value;

        public IReadOnlyList<string> Values(string name) => [.. Xml!.Descendants(name).Where(e => !e.HasElements).Select(e => e.Value)];

        public void ShouldBeError(int status, string root, int? code)
        {
            Assert.Equal(status, (int)Status);
            Assert.Equal(root, Root);
            Assert.Equal(code?.ToString(System.Globalization.CultureInfo.InvariantCulture), ErrorCode);
            Assert.False(string.IsNullOrEmpty(Description));
        }
    }
}
