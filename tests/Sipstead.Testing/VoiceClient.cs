using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sipstead.Testing;

/// <summary>An answer of the Voice API, read whole.</summary>
public sealed record VoiceAnswer(HttpStatusCode Status, string Body, Uri? Location)
{
    /// <summary>The body; throws <see cref="JsonException"/> when it is no JSON.</summary>
    public JsonElement Json => JsonElement.Parse(Body);

    /// <summary>A property of the body as text; null when it is absent.</summary>
    public string? this[string property] => Json.TryGetProperty(property, out var value) ? value.ToString() : null;

    public override string ToString() => $"{(int)Status} {Location} {Body}";
}

/// <summary>Speaks the JSON API of calls as a plain client does: every status is an answer.</summary>
public sealed class VoiceClient : IDisposable
{
    private readonly HttpClient _http;

    public VoiceClient(ServerSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        _http = new HttpClient { BaseAddress = new Uri(setup.HttpAddress, $"/api/v2/accounts/{ServerSetup.Account}/") };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{ServerSetup.UserName}:{ServerSetup.Password}")));
    }

    /// <summary>createCall.</summary>
    public Task<VoiceAnswer> CreateCallAsync(JsonObject body, CancellationToken cancellationToken) => PostAsync("calls", body, cancellationToken);

    /// <summary>getCallState.</summary>
    public Task<VoiceAnswer> GetCallAsync(string callId, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, $"calls/{callId}", null, cancellationToken);

    /// <summary>updateCall.</summary>
    public Task<VoiceAnswer> UpdateCallAsync(string callId, JsonObject body, CancellationToken cancellationToken) =>
        PostAsync($"calls/{callId}", body, cancellationToken);

    /// <summary>Any request of the account's JSON APIs.</summary>
    public async Task<VoiceAnswer> SendAsync(HttpMethod method, string path, string? json, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await _http.SendAsync(request, cancellationToken);
        return new VoiceAnswer(response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken), response.Headers.Location);
    }

    /// <summary>A file of the account's, such as the media of a recording.</summary>
    public Task<byte[]> DownloadAsync(Uri url, CancellationToken cancellationToken) => _http.GetByteArrayAsync(url, cancellationToken);

    public void Dispose() => _http.Dispose();

    private Task<VoiceAnswer> PostAsync(string path, JsonObject body, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(body);
        return SendAsync(HttpMethod.Post, path, body.ToJsonString(), cancellationToken);
    }
}
