using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Xml.Linq;

namespace Sipstead.Testing;

/// <summary>A realm as a test uses it.</summary>
public sealed record ApiRealm(long Id, string Fqdn);

/// <summary>An answer, read whole.</summary>
public sealed record ApiAnswer(HttpStatusCode Status, string Body, Uri? Location, string? ContentType)
{
    /// <summary>The body as XML; null when it is empty.</summary>
    public XElement? Xml => Body.Length == 0 ? null : XElement.Parse(Body);

    /// <summary>The text of the first element of this name without children; null when there is none.</summary>
    public string? this[string element] => Xml?.Descendants(element).FirstOrDefault(e => !e.HasElements)?.Value;

    public override string ToString() => $"{(int)Status} {Location} {Body}";
}

/// <summary>Speaks the XML API as a plain client does: no redirect is followed, every status is an answer.</summary>
public sealed class ApiClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly string _account;

    public ApiClient(Uri address, long account, string userName, string password)
    {
        _account = string.Create(CultureInfo.InvariantCulture, $"/api/accounts/{account}/");
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = address };
        _http.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{userName}:{password}")));
    }

    /// <summary>Sends a request. A path without a leading slash is one of the account.</summary>
    public async Task<ApiAnswer> SendAsync(HttpMethod method, string path, string? xml, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path.StartsWith('/') ? path : _account + path);
        if (xml is not null) request.Content = new StringContent(xml, Encoding.UTF8, "application/xml");
        using var response = await _http.SendAsync(request, cancellationToken);
        return new ApiAnswer(
            response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken), response.Headers.Location,
            response.Content.Headers.ContentType?.ToString());
    }

    public Task<ApiAnswer> GetAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, path, null, cancellationToken);

    public Task<ApiAnswer> PostAsync(string path, string xml, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, path, xml, cancellationToken);

    public Task<ApiAnswer> PutAsync(string path, string xml, CancellationToken cancellationToken) => SendAsync(HttpMethod.Put, path, xml, cancellationToken);

    public Task<ApiAnswer> DeleteAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Delete, path, null, cancellationToken);

    /// <summary>Makes a realm and waits until it is ACTIVE.</summary>
    public async Task<ApiRealm> CreateRealmAsync(string name, CancellationToken cancellationToken, string algorithms = "MD5")
    {
        var wish = $"<Realm><Realm>{name}</Realm><Default>false</Default><DigestAlgorithms>{algorithms}</DigestAlgorithms></Realm>";
        var created = await ExpectAsync(PostAsync("realms", wish, cancellationToken), HttpStatusCode.Created);
        var id = Number(created.Xml!.Element("Realm")!.Element("Id")!.Value);
        await Poll.UntilAsync(
            $"realm {name} to be ACTIVE", async () => (await GetAsync($"realms/{id}", cancellationToken))["Status"] == "ACTIVE", cancellationToken);
        return new ApiRealm(id, created.Xml!.Element("Realm")!.Element("Realm")!.Value);
    }

    /// <summary>Makes a credential from a password, with an application for its calls or without, and returns its id.</summary>
    public async Task<long> CreateCredentialAsync(
        ApiRealm realm, string userName, string password, CancellationToken cancellationToken, string? applicationId = null)
    {
        var created = await CreateCredentialsAsync(realm, [userName], password, cancellationToken, applicationId);
        return Number(created["Id"]!);
    }

    /// <summary>Makes many credentials with one password.</summary>
    public async Task<ApiAnswer> CreateCredentialsAsync(
        ApiRealm realm, IEnumerable<string> userNames, string password, CancellationToken cancellationToken, string? applicationId = null)
    {
        var entries = userNames.Select(name => new XElement(
            "SipCredential", new XElement("UserName", name),
            new XElement("Hash1", DigestHashes.Hash1(name, realm.Fqdn, password)),
            new XElement("Hash1b", DigestHashes.Hash1b(name, realm.Fqdn, password)),
            new XElement("Hash1Sha256", DigestHashes.Hash1Sha256(name, realm.Fqdn, password)),
            new XElement("Hash1bSha256", DigestHashes.Hash1bSha256(name, realm.Fqdn, password)),
            applicationId is null ? null : new XElement("HttpVoiceV2AppId", applicationId)));
        return await ExpectAsync(
            PostAsync($"realms/{realm.Id}/sipcredentials", new XElement("SipCredentials", entries).ToString(), cancellationToken), HttpStatusCode.Created);
    }

    /// <summary>Makes a voice application that hears of calls at these URLs, and returns its id.</summary>
    public async Task<string> CreateApplicationAsync(string name, Uri initiated, Uri status, CancellationToken cancellationToken)
    {
        var wish = new XElement(
            "Application", new XElement("ServiceType", "Voice-V2"), new XElement("AppName", name),
            new XElement("CallInitiatedCallbackUrl", initiated), new XElement("CallStatusCallbackUrl", status));
        var created = await ExpectAsync(PostAsync("applications", wish.ToString(), cancellationToken), HttpStatusCode.Created);
        return created["ApplicationId"]!;
    }

    /// <summary>The live registrations of a realm.</summary>
    public async Task<IReadOnlyList<XElement>> ListRegistrationsAsync(ApiRealm realm, CancellationToken cancellationToken)
    {
        var answer = await ExpectAsync(GetAsync($"realms/{realm.Id}/registrations?page=1&size=5000", cancellationToken), HttpStatusCode.OK);
        return [.. answer.Xml!.Descendants("Registration")];
    }

    public void Dispose() => _http.Dispose();

    private static async Task<ApiAnswer> ExpectAsync(Task<ApiAnswer> asking, HttpStatusCode status)
    {
        var answer = await asking;
        return answer.Status == status ? answer : throw new InvalidOperationException($"Expected {status}, got {answer}");
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
