using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Sipstead.Provisioning.Api;

namespace Sipstead.Provisioning.Tests.Api;

/// <summary>Contract 1, 3 and 10; ruling 22.</summary>
public sealed class RoutingTests(RoutingTests.Fixture fixture) : IClassFixture<RoutingTests.Fixture>
{
    private readonly ApiHost _host = fixture.Host;

    [Theory]
    [InlineData("/api/accounts/{0}/realms")]
    [InlineData("/api/v1/accounts/{0}/realms")]
    [InlineData("/api/v2/accounts/{0}/realms")]
    [InlineData("/v1.0/accounts/{0}/realms")]
    [InlineData("/iris/accounts/{0}/realms")]
    [InlineData("/API/V2/Accounts/{0}/Realms/")]
    public async Task EveryPrefix_InAnyCaseWithOrWithoutSlash_IsServed(string path)
    {
        var answer = await _host.SendAsync(HttpMethod.Get, string.Format(CultureInfo.InvariantCulture, path, ApiHost.Account));
        Assert.Equal((HttpStatusCode.OK, "RealmsResponse"), (answer.Status, answer.Root));
    }

    [Fact]
    public async Task Answer_Headers_AreWhatClientsExpect()
    {
        var answer = await _host.GetAsync("realms");
        Assert.Equal("application/xml", answer.ContentHeaders.ContentType!.ToString());
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        Assert.StartsWith("<?xml version=\"1.0\" encoding=\"utf-8\"?><RealmsResponse>", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PATCH", "realms", "GET, POST", "RealmsResponse")]
    [InlineData("OPTIONS", "realms", "GET, POST", "RealmsResponse")]
    [InlineData("POST", "realms/1", "GET, PUT, DELETE", "RealmResponse")]
    [InlineData("DELETE", "realms/1/sipcredentials", "GET, POST", "SipCredentialsResponse")]
    [InlineData("POST", "realms/1/sipcredentials/1", "GET, PUT, DELETE", "SipCredentialResponse")]
    public async Task OtherMethod_Is405WithAllow(string method, string path, string allowed, string root)
    {
        var answer = await _host.SendAsync(new HttpMethod(method), ApiHost.Path(path));
        answer.ShouldBeError(405, root, null);
        Assert.Equal(allowed, string.Join(", ", answer.ContentHeaders.Allow));
    }

    [Fact]
    public async Task Head_Is405() =>
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await _host.SendAsync(HttpMethod.Head, ApiHost.Path("realms"))).Status);

    [Theory]
    [InlineData("/api/nothing")]
    [InlineData("/api")]
    [InlineData("/api/v2/accounts/9900000/nothing/at/all")]
    [InlineData("/v1.0/accounts")]
    [InlineData("/iris/x")]
    public async Task UnknownPath_Is404InXmlOrJson(string path)
    {
        (await _host.SendAsync(HttpMethod.Get, path)).ShouldBeError(404, "ErrorResponse", null);
        using var json = new StringContent("{}", Encoding.UTF8, "application/json");
        var answer = await _host.SendAsync(HttpMethod.Post, path, json);
        Assert.Equal((HttpStatusCode.NotFound, "application/json"), (answer.Status, answer.ContentHeaders.ContentType!.MediaType));
        Assert.Equal("Not Found", System.Text.Json.JsonDocument.Parse(answer.Body).RootElement.GetProperty("description").GetString());
    }

    [Fact]
    public async Task UnexpectedFailure_Is1000WithoutDetail()
    {
        var answer = await _host.GetAsync("fails");
        answer.ShouldBeError(500, "FailsResponse", 1000);
        Assert.DoesNotContain("secret", answer.Body, StringComparison.Ordinal);
        Assert.Contains("secret detail", _host.Log.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a%40b", "a@b")]
    [InlineData("a@b", "a@b")]
    [InlineData("%01%1F%EF%BF%BE", "\uFFFD\uFFFD\uFFFD")]
    [InlineData("%3Cb%3E%26", "<b>&")]
    public async Task Argument_OfAnotherProjectsResource_IsDecodedAndWrittenWellFormed(string argument, string expected)
    {
        var answer = await _host.GetAsync($"things/{argument}");
        Assert.Equal(expected, answer.Value("Thing"));
    }

    /// <summary>A host that also serves resources which another project might map.</summary>
    public sealed class Fixture() : ApiFixture(MapOthers)
    {
        private static void MapOthers(WebApplication app)
        {
            AccountApi.Map(app, "fails", AccountMethod.Get("FailsResponse", _ => throw new InvalidOperationException("secret detail")));
            AccountApi.Map(
                app,
                "things/{thing}",
                AccountMethod.Get("ThingResponse", request => Task.FromResult(ApiResult.Xml(200, writer => writer.WriteText("Thing", request.Argument("thing"))))),
                AccountMethod.Delete("ThingResponse", _ => Task.FromResult(ApiResult.Empty(200))));
        }
    }
}
