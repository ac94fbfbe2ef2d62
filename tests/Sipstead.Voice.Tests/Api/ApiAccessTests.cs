using System.Net;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Api;

/// <summary>Who may do what, and that it is decided before anything is looked up (voice-api.md 1, 2; ruling 22).</summary>
public sealed class ApiAccessTests(ApiHarness api) : IClassFixture<ApiHarness>
{
    private const string Unknown = "c-00000000-00000000-0000-0000-0000-000000000000";

    public static TheoryData<string, string> Resources => new()
    {
        { "GET", "calls" }, { "POST", "calls" }, { "GET", $"calls/{Unknown}" }, { "POST", $"calls/{Unknown}" }, { "PUT", $"calls/{Unknown}/bxml" },
        { "GET", $"calls/{Unknown}/callbacks" }, { "GET", "statistics" }, { "POST", "bxml/validate" }, { "DELETE", $"calls/{Unknown}" },
    };

    [Theory]
    [MemberData(nameof(Resources))]
    public async Task WithoutOrWithWrongCredentials_Is401BeforeAllElse(string method, string path)
    {
        foreach (var client in new[] { api.Nobody, api.Client("admin", "wrong"), api.Client("nobody") })
        {
            var answer = await api.SendAsync(new HttpMethod(method), ApiHarness.Path(path), "{", "text/plain", client);
            answer.ShouldBe(401, "authentication-error", "The credentials provided were invalid");
            Assert.Equal("Basic", answer.Headers.WwwAuthenticate.Single().Scheme);
        }
    }

    [Theory]
    [MemberData(nameof(Resources))]
    public async Task AnotherAccountOrNone_Is403BeforeAllElse(string method, string path)
    {
        foreach (var (account, client) in new[] { ("9900000", api.Stranger), ("9900001", api.Admin), ("1", api.Admin), ("none", api.Admin) })
        {
            (await api.SendAsync(new HttpMethod(method), ApiHarness.Path(path, account), "{", "text/plain", client))
                .ShouldBe(403, "authorization-error", "Access is denied");
        }
    }

    [Fact]
    public async Task Reader_MayReadAndValidateOnly()
    {
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("calls", api.Reader)).Status);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("statistics", api.Reader)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync($"calls/{Unknown}", api.Reader)).Status);
        Assert.Equal(HttpStatusCode.OK, (await api.SendAsync(HttpMethod.Post, ApiHarness.Path("bxml/validate"), "<Bxml/>", "application/xml", api.Reader)).Status);
        (await api.PostAsync("calls", api.NewCall(), api.Reader)).ShouldBe(403, "authorization-error", "Access is denied");
        (await api.PostAsync($"calls/{Unknown}", "{}", api.Reader)).ShouldBe(403, "authorization-error", "Access is denied");
        (await api.PutAsync($"calls/{Unknown}/bxml", "<Bxml/>", api.Reader)).ShouldBe(403, "authorization-error", "Access is denied");
    }

    [Theory]
    [InlineData("DELETE", "calls", "GET, POST")]
    [InlineData("PATCH", "calls/" + Unknown, "GET, POST")]
    [InlineData("POST", "calls/" + Unknown + "/bxml", "PUT")]
    [InlineData("GET", "bxml/validate", "POST")]
    [InlineData("POST", "statistics", "GET")]
    public async Task UnknownMethod_Is405WithAllow(string method, string path, string allowed)
    {
        var answer = await api.SendAsync(new HttpMethod(method), ApiHarness.Path(path), (string?)null, null);
        answer.ShouldBe(405, "validation", "Method Not Allowed");
        Assert.Equal(allowed, string.Join(", ", answer.ContentHeaders.Allow));
    }

    [Theory]
    [InlineData("call")]
    [InlineData("calls/" + Unknown + "/nothing")]
    [InlineData("calls/" + Unknown + "/bxml/more")]
    public async Task UnknownPath_Is404InJson(string path)
    {
        var answer = await api.PostAsync(path, "{}");
        Assert.Equal((HttpStatusCode.NotFound, "validation", "Not Found"), (answer.Status, answer["type"], answer["description"]));
    }

    [Fact]
    public async Task Answers_AreNotStored()
    {
        Assert.True((await api.GetAsync("calls")).Headers.CacheControl?.NoStore);
        Assert.True((await api.GetAsync($"calls/{Unknown}")).Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task S_10_CallOfAnotherAccount_IsNotFound()
    {
        var id = await api.CreateAsync();
        var path = ApiHarness.Path($"calls/{id}", "9900001");
        (await api.SendAsync(HttpMethod.Get, path, (string?)null, null, api.Stranger)).ShouldBe(404, "validation", $"Call [{id}] not found");
        (await api.SendAsync(HttpMethod.Post, path, "{\"state\":\"completed\"}", "application/json", api.Stranger))
            .ShouldBe(404, "validation", $"Call [{id}] not found");
        (await api.SendAsync(HttpMethod.Get, path + "/callbacks", (string?)null, null, api.Stranger)).ShouldBe(404, "validation", $"Call [{id}] not found");
    }
}
