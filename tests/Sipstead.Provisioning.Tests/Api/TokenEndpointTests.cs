using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Sipstead.Provisioning.Accounts;

namespace Sipstead.Provisioning.Tests.Api;

/// <summary>Contract 2.2 and 2.3, over HTTP.</summary>
public sealed class TokenEndpointTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private const string Grant = "grant_type=client_credentials";

    private readonly ApiHost _host = fixture.Host;

    private Task<ApiHost.Answer> AskAsync(string form, HttpClient client, string path = "/api/v1/oauth2/token") =>
        _host.SendAsync(HttpMethod.Post, path, new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded"), client);

    private HttpClient Anonymous() => new() { BaseAddress = _host.Address };

    private HttpClient WithToken(string token)
    {
        var client = Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    private static string Text(ApiHost.Answer answer, string name) => JsonDocument.Parse(answer.Body).RootElement.GetProperty(name).GetString()!;

    private static void ShouldBeError(ApiHost.Answer answer, int status, string error)
    {
        Assert.Equal((status, error), ((int)answer.Status, Text(answer, "error")));
        Assert.NotEmpty(Text(answer, "error_description"));
        Assert.Equal("application/json", answer.ContentHeaders.ContentType!.ToString());
    }

    [Theory]
    [InlineData("/api/v1/oauth2/token")]
    [InlineData("/api/oauth2/token")]
    [InlineData("/api/v2/oauth2/token/")]
    [InlineData("/v1.0/OAuth2/Token")]
    public async Task Token_ForARightSecret_IsTakenByTheApi(string path)
    {
        var answer = await AskAsync(Grant, _host.Client, path);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("application/json", answer.ContentHeaders.ContentType!.ToString());
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        var body = JsonDocument.Parse(answer.Body).RootElement;
        Assert.Equal(("Bearer", 3600), (body.GetProperty("token_type").GetString(), body.GetProperty("expires_in").GetInt32()));

        using var client = WithToken(body.GetProperty("access_token").GetString()!);
        Assert.Equal(HttpStatusCode.OK, (await _host.SendAsync(HttpMethod.Get, ApiHost.Path("realms"), null, client)).Status);
        (await _host.SendAsync(HttpMethod.Get, "/api/accounts/1/realms", null, client)).ShouldBeError(404, "RealmsResponse", 4022);
    }

    [Fact]
    public async Task Secret_InTheBody_IsTaken()
    {
        using var client = Anonymous();
        var answer = await AskAsync($"{Grant}&client_id=admin&client_secret={Uri.EscapeDataString(ApiHost.Password)}&scope=any", client);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Theory]
    [InlineData("", 400, "invalid_request")]
    [InlineData("grant_type=", 400, "invalid_request")]
    [InlineData("grant_type=client_credentials&grant_type=client_credentials", 400, "invalid_request")]
    [InlineData("grant_type=client_credentials&client_id=admin&client_id=admin", 400, "invalid_request")]
    [InlineData("grant_type=client_credentials&client_id=admin&client_secret=x", 400, "invalid_request")]
    [InlineData("grant_type=client_credentials&client_id=somebody", 400, "invalid_request")]
    [InlineData("grant_type=password&username=a&password=b", 400, "unsupported_grant_type")]
    [InlineData("grant_type=CLIENT_CREDENTIALS", 400, "unsupported_grant_type")]
    public async Task Request_OfAnotherForm_IsRefused(string form, int status, string error) =>
        ShouldBeError(await AskAsync(form, _host.Client), status, error);

    [Fact]
    public async Task Request_TooLargeOrOfAnotherType_IsRefused()
    {
        ShouldBeError(await AskAsync(Grant + "&x=" + new string('x', 10_000), _host.Client), 400, "invalid_request");
        ShouldBeError(await AskAsync(Grant + string.Concat(Enumerable.Range(0, 50).Select(i => $"&x{i}=1")), _host.Client), 400, "invalid_request");
        using var json = new StringContent("{}", Encoding.UTF8, "application/json");
        ShouldBeError(await _host.SendAsync(HttpMethod.Post, "/api/v1/oauth2/token", json), 400, "invalid_request");
        var get = await _host.SendAsync(HttpMethod.Get, "/api/v1/oauth2/token");
        ShouldBeError(get, 405, "invalid_request");
        Assert.Equal(["POST"], get.ContentHeaders.Allow);
    }

    /// <summary>The client shows the text of an unknown client; that of a wrong secret is the same.</summary>
    [Fact]
    public async Task Client_UnknownWrongOrMissing_Is401WithOneBody()
    {
        using var wrong = _host.CreateClient("admin", "wrong");
        using var unknown = _host.CreateClient("nobody", "wrong");
        using var none = Anonymous();
        var answers = new[] { await AskAsync(Grant, wrong), await AskAsync(Grant, unknown), await AskAsync(Grant, none) };
        Assert.All(answers, answer =>
        {
            ShouldBeError(answer, 401, "invalid_client");
            Assert.Equal(answers[0].Body, answer.Body);
            Assert.Equal("Basic realm=\"Bandwidth API\"", Assert.Single(answer.Headers.WwwAuthenticate).ToString());
        });
    }

    [Fact]
    public async Task Token_OfAReader_Is403With1001WhereTheRoleLacks()
    {
        using var user = await _host.CreateUserAsync("token-reader", ApiRole.Read);
        using var client = WithToken(Text(await AskAsync(Grant, user), "access_token"));
        Assert.Equal(HttpStatusCode.OK, (await _host.SendAsync(HttpMethod.Get, ApiHost.Path("realms"), null, client)).Status);
        (await _host.SendAsync(HttpMethod.Post, ApiHost.Path("realms"), null, client)).ShouldBeError(403, "RealmResponse", 1001);
    }

    /// <summary>The challenge for Basic stays the first: some clients send nothing without it. Nobody is named in the log.</summary>
    [Theory]
    [InlineData("abc.def.ghi")]
    [InlineData("")]
    public async Task Token_OfNobody_Is401WithBothChallenges(string token)
    {
        using var client = Anonymous();
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer " + token);
        var answer = await _host.SendAsync(HttpMethod.Get, ApiHost.Path("realms"), null, client);
        answer.ShouldBeError(401, "RealmsResponse", null);
        Assert.Equal(
            token.Length > 0 ? ["Basic realm=\"Bandwidth API\"", "Bearer realm=\"Bandwidth API\", error=\"invalid_token\""] : ["Basic realm=\"Bandwidth API\""],
            answer.Headers.WwwAuthenticate.Select(challenge => challenge.ToString()));
    }

    [Fact]
    public async Task Token_OfAChangedUser_IsRefused()
    {
        using var user = await _host.CreateUserAsync("token-changed", ApiRole.Read);
        var token = Text(await AskAsync(Grant, user), "access_token");
        using var client = WithToken(token);
        Assert.Equal(HttpStatusCode.OK, (await _host.SendAsync(HttpMethod.Get, ApiHost.Path("realms"), null, client)).Status);
        await _host.Services.GetRequiredService<AccountService>()
            .ChangePasswordAsync("token-changed", "another password", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _host.SendAsync(HttpMethod.Get, ApiHost.Path("realms"), null, client)).Status);
        Assert.DoesNotContain(token, _host.Log.Text, StringComparison.Ordinal);
    }

    /// <summary>Guesses of secrets are slowed as guesses of passwords are, and both count together.</summary>
    [Fact]
    public async Task S_09_GuessedSecrets_AreSlowed_AndSoIsThePassword()
    {
        await using var host = await ApiHost.StartAsync();
        for (var i = 0; i < 11; i++)
        {
            using var guess = host.CreateClient("admin", $"guess {i}");
            using var form = new StringContent(Grant, Encoding.UTF8, "application/x-www-form-urlencoded");
            var answer = await host.SendAsync(HttpMethod.Post, "/api/v1/oauth2/token", form, guess);
            if (i < 10)
            {
                ShouldBeError(answer, 401, "invalid_client");
                continue;
            }

            ShouldBeError(answer, 429, "temporarily_unavailable");
            Assert.NotNull(answer.Headers.RetryAfter);
            Assert.Equal(HttpStatusCode.TooManyRequests, (await host.SendAsync(HttpMethod.Get, ApiHost.Path("realms"), null, guess)).Status);
        }
    }
}
