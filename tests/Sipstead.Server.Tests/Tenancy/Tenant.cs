using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Sipstead.Testing;

namespace Sipstead.Server.Tests.Tenancy;

/// <summary>An account with one of each thing, and its admin. The things are called as the arguments of the routes are.</summary>
internal sealed class Tenant : IDisposable
{
    public const string Hash = "1be6abcaa8e9956021d30f33a3925b99";
    private const string Password = "wonderland";

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    private Tenant(Uri server, long account)
    {
        Account = account;
        _http.BaseAddress = server;
    }

    public long Account { get; }

    /// <summary>The Authorization header of its admin.</summary>
    public string Authorization => _http.DefaultRequestHeaders.Authorization!.ToString();

    /// <summary>Its things by the names of the arguments.</summary>
    public Dictionary<string, string> Things { get; } = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _http.Dispose();

    /// <param name="setup">A server that runs.</param>
    /// <param name="account">An account that exists.</param>
    /// <param name="user">An admin of it.</param>
    /// <param name="password">The admin's password.</param>
    public static async Task<Tenant> SettleAsync(ServerSetup setup, long account, string user, string password)
    {
        var tenant = new Tenant(setup.HttpAddress, account);
        await tenant.SignInAsync(user, password);
        using var client = setup.CreateClient(account, user, password);
        var realm = await client.CreateRealmAsync($"tenant{account}", Cancel);
        tenant.Things["realm"] = Text(realm.Id);
        tenant.Things["fqdn"] = realm.Fqdn;
        tenant.Things["application"] = await tenant.CreateAsync("applications", Bodies.Of("POST applications"), "ApplicationId");
        tenant.Things["credential"] = Text(await client.CreateCredentialAsync(realm, $"alice{account}", Password, Cancel));
        tenant.Things["name"] = $"alice{account}";
        tenant.Things["site"] = await tenant.CreateAsync("sites", Bodies.Of("POST sites"), "Id");
        await tenant.SendAsync("POST", $"sites/{tenant.Things["site"]}/sippeers", Bodies.Of("POST sites/{site}/sippeers"));
        tenant.Things["location"] = XElement.Parse((await tenant.SendAsync("GET", $"sites/{tenant.Things["site"]}/sippeers")).Body).Descendants("PeerId").Single().Value;
        tenant.Things["number"] = $"+1202{account}";
        await tenant.SendAsync("POST", "numbers", Bodies.Of("POST numbers"));
        var trunk = await tenant.SendAsync("POST", "trunks", Bodies.Of("POST trunks"));
        tenant.Things["trunk"] = JsonDocument.Parse(trunk.Body).RootElement.GetProperty("id").ToString();
        tenant.Things["user"] = $"reader{account}";
        await tenant.SendAsync("POST", "users", $$"""{"userName":"{{tenant.Things["user"]}}","role":"read","password":"{{Password}}"}""");
        await tenant.UseAsync(setup, realm);
        return tenant;
    }

    /// <summary>Sends a request in the name of its admin.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">A path of its account, or a whole one.</param>
    /// <param name="body">XML or JSON, with the names of things in braces; null for none.</param>
    /// <param name="things">Others to speak of than its own.</param>
    public Task<TenantAnswer> SendAsync(string method, string path, string? body = null, IReadOnlyDictionary<string, string>? things = null) =>
        SendAsync(method, path, body is null ? null : Encoding.UTF8.GetBytes(Bodies.Fill(body, things ?? Things)), IsJson(body));

    public async Task<TenantAnswer> SendAsync(string method, string path, byte[]? body, bool isJson)
    {
        var whole = path.StartsWith('/') ? path : $"/api/v2/accounts/{Account}/{path}";
        using var request = new HttpRequestMessage(new HttpMethod(method), whole);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Headers.ExpectContinue = body.Length > 1 << 20; // else the answer may come, and the connection go, while the body is still sent
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(isJson ? "application/json" : "application/xml");
        }

        using var response = await _http.SendAsync(request, Cancel);
        var headers = response.Headers.Concat(response.Content.Headers).Select(header => header.Key).Where(name => name is not ("Content-Length" or "Date"));
        return new TenantAnswer(
            response.StatusCode, await response.Content.ReadAsStringAsync(Cancel), string.Join(' ', headers), string.Join(", ", response.Content.Headers.Allow));
    }

    private static bool IsJson(string? body) => body?.StartsWith('{') == true;

    /// <summary>A token: passwords cost more than what is tested here.</summary>
    private async Task SignInAsync(string user, string password)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/oauth2/token")
        {
            Content = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("client_id", user), new("client_secret", password)]),
        };
        using var response = await _http.SendAsync(request, Cancel);
        using var token = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel));
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.RootElement.GetProperty("access_token").GetString());
    }

    private async Task<string> CreateAsync(string path, string body, string id)
    {
        var created = await SendAsync("POST", path, body);
        Assert.Equal(HttpStatusCode.Created, created.Status);
        return XElement.Parse(created.Body).Descendants(id).Single().Value;
    }

    /// <summary>A registration, and a call to it.</summary>
    private async Task UseAsync(ServerSetup setup, ApiRealm realm)
    {
        using var device = await SipDevice.ConnectAsync("udp", setup.SipPort, Cancel);
        Assert.Equal(200, (await device.RegisterAsync(realm.Fqdn, Things["name"], Password, Cancel)).Status);
        var registrations = await SendAsync("GET", $"realms/{realm.Id}/registrations?page=1");
        Things["registration"] = XElement.Parse(registrations.Body).Descendants("Registration").Single().Element("Id")!.Value;
        var call = await SendAsync("POST", "calls", Bodies.Of("POST calls"));
        Things["callId"] = JsonDocument.Parse(call.Body).RootElement.GetProperty("callId").GetString()!;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>An answer, with the names of its headers and the methods that it allows.</summary>
internal sealed record TenantAnswer(HttpStatusCode Status, string Body, string Headers, string Allow);
