using System.Net;
using System.Text;
using System.Text.Json;
using Sipstead.Provisioning.Accounts;

namespace Sipstead.Provisioning.Tests.Api;

/// <summary>API users over HTTP: an admin makes, lists and revokes clients.</summary>
public sealed class UserEndpointTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private readonly ApiHost _host = fixture.Host;

    private static string Users(string more = "") => $"/api/v2/accounts/{ApiHost.Account}/users{more}";

    private Task<ApiHost.Answer> SendAsync(HttpMethod method, string path, string? json = null, HttpClient? client = null) =>
        _host.SendAsync(method, path, json is null ? null : new StringContent(json, Encoding.UTF8, "application/json"), client);

    private static JsonElement Json(ApiHost.Answer answer) => JsonDocument.Parse(answer.Body).RootElement;

    private static void ShouldBeError(ApiHost.Answer answer, int status, string type, string words)
    {
        Assert.Equal((status, "application/json;charset=UTF-8"), ((int)answer.Status, answer.ContentHeaders.ContentType!.ToString().Replace(" ", "", StringComparison.Ordinal)));
        Assert.Equal((type, JsonValueKind.Null), (Json(answer).GetProperty("type").GetString(), Json(answer).GetProperty("id").ValueKind));
        Assert.Contains(words, Json(answer).GetProperty("description").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/v2")]
    [InlineData("/v2")]
    public async Task Client_IsMadeListedAndRevoked(string prefix)
    {
        var users = $"{prefix}/accounts/{ApiHost.Account}/users";
        var created = await SendAsync(HttpMethod.Post, users, """{"userName":"ci robot","role":"Write"}""");
        Assert.Equal(HttpStatusCode.Created, created.Status);
        Assert.EndsWith("/users/ci%20robot", created.Location!.AbsoluteUri, StringComparison.Ordinal);
        Assert.Equal("write", Json(created).GetProperty("role").GetString());
        using var robot = _host.CreateClient("ci robot", Json(created).GetProperty("password").GetString()!);
        Assert.Equal(HttpStatusCode.OK, (await _host.SendAsync(HttpMethod.Get, ApiHost.Path("realms"), null, robot)).Status);

        var list = Json(await SendAsync(HttpMethod.Get, users)).EnumerateArray().ToList();
        var entry = list.Single(user => user.GetProperty("userName").GetString() == "ci robot");
        Assert.False(entry.TryGetProperty("password", out _));

        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Delete, created.Location.PathAndQuery)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _host.SendAsync(HttpMethod.Get, ApiHost.Path("realms"), null, robot)).Status);
        ShouldBeError(await SendAsync(HttpMethod.Delete, created.Location.PathAndQuery), 404, "validation", "has no user 'ci robot'");
    }

    [Theory]
    [InlineData("{", "not valid JSON")]
    [InlineData("[]", "not a JSON object")]
    [InlineData("{}", "userName is required")]
    [InlineData("""{"userName":1,"role":"read"}""", "Invalid userName")]
    [InlineData("""{"userName":"a:b","role":"read"}""", "colon")]
    [InlineData("""{"userName":"ok"}""", "Invalid role")]
    [InlineData("""{"userName":"ok","role":"owner"}""", "'owner' is none of")]
    [InlineData("""{"userName":"ok","role":"2"}""", "'2' is none of")]
    [InlineData("""{"userName":"ok","role":"read","password":"short"}""", "shorter than 8")]
    public async Task Create_WhatCannotBe_Is400(string body, string words) =>
        ShouldBeError(await SendAsync(HttpMethod.Post, Users(), body), 400, "validation", words);

    [Fact]
    public async Task Create_OfANameThatIsTaken_Is409() =>
        ShouldBeError(await SendAsync(HttpMethod.Post, Users(), """{"userName":"admin","role":"read"}"""), 409, "validation", "exists");

    [Fact]
    public async Task LastAdmin_Stays() =>
        ShouldBeError(await SendAsync(HttpMethod.Delete, Users("/admin")), 409, "validation", "last admin");

    [Fact]
    public async Task S_10_Writer_OtherAccount_AndNobody_SeeNothing()
    {
        using var writer = await _host.CreateUserAsync("users-writer", ApiRole.Write);
        using var nobody = _host.CreateClient("nobody", "wrong");
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post })
        {
            ShouldBeError(await SendAsync(method, Users(), "{}", writer), 403, "authorization-error", "Access Denied");
            ShouldBeError(await SendAsync(method, "/api/v2/accounts/1/users", "{}"), 403, "authorization-error", "Access Denied");
            ShouldBeError(await SendAsync(method, Users(), "{}", nobody), 401, "authentication-error", "missing or wrong");
        }
    }

    [Fact]
    public async Task OtherMethod_Is405()
    {
        var answer = await SendAsync(HttpMethod.Put, Users(), "{}");
        ShouldBeError(answer, 405, "validation", "GET, POST");
        Assert.Equal("GET, POST", string.Join(", ", answer.ContentHeaders.Allow));
    }
}
