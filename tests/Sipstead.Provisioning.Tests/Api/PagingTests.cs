using System.Net;

namespace Sipstead.Provisioning.Tests.Api;

/// <summary>Contract 5.3.</summary>
public sealed class PagingTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private readonly ApiHost _host = fixture.Host;

    private async Task<string> RealmWithAsync(params string[] names)
    {
        var realm = await _host.CreateActiveRealmAsync($"p{Guid.NewGuid():N}"[..30]);
        var path = $"realms/{realm}/sipcredentials";
        if (names.Length > 0)
        {
            var entries = names.Select(n => $"<SipCredential><UserName>{n}</UserName><Hash1>h</Hash1></SipCredential>");
            Assert.Equal(HttpStatusCode.Created, (await _host.PostAsync(path, $"<SipCredentials>{string.Concat(entries)}</SipCredentials>")).Status);
        }

        return path;
    }

    [Fact]
    public async Task List_EmptyRealm_Is200AndEmpty()
    {
        var answer = await _host.GetAsync($"{await RealmWithAsync()}?page=1&size=500");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Contains("<SipCredentials />", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_FollowingNext_GivesEveryCredentialOnce()
    {
        var names = Enumerable.Range(0, 25).Select(i => $"user{i}").ToArray();
        var path = await RealmWithAsync(names);
        var seen = new List<string>();
        var url = ApiHost.Path(path) + "?size=10&page=1&userNamefragment=user";
        for (var pages = 0; url is not null; pages++)
        {
            Assert.InRange(pages, 0, 2);
            var page = await _host.SendAsync(HttpMethod.Get, url);
            seen.AddRange(page.Values("UserName"));
            var links = page.Xml!.Element("Links")!;
            Assert.Equal(
                $"Link=<{new Uri(_host.Address, ApiHost.Path(path))}?page=1&size=10&userNamefragment=user>;rel=\"first\";", links.Element("first")!.Value);
            var next = links.Element("next")?.Value;
            url = next?["Link=<".Length..next.IndexOf('>', StringComparison.Ordinal)];
        }

        Assert.Equal(names, seen);
    }

    [Fact]
    public async Task List_PageIsAnIdOrAName_BeginsThere()
    {
        var path = await RealmWithAsync("alice", "Bob@example.com", "carol");
        var ids = (await _host.GetAsync($"{path}?page=1")).Values("Id");
        Assert.Equal(["Bob@example.com", "carol"], (await _host.GetAsync($"{path}?page={ids[1]}")).Values("UserName"));
        Assert.Equal(["Bob@example.com"], (await _host.GetAsync($"{path}?page=bob%40example.com&size=1")).Values("UserName"));
        Assert.Equal(["Bob@example.com", "carol"], (await _host.GetAsync($"{path}?PAGE=bob@example.com")).Values("UserName"));
    }

    [Theory]
    [InlineData("page=0")]
    [InlineData("page=-1")]
    [InlineData("page=x")]
    [InlineData("page=no@body")]
    [InlineData("page=99999999999999999999")]
    [InlineData("page=1&size=0")]
    [InlineData("page=1&size=5001")]
    [InlineData("page=1&size=x")]
    [InlineData("page=1&size=99999999999")]
    [InlineData("size=x")]
    public async Task List_BadPageOrSize_Is400With23012(string query) =>
        (await _host.GetAsync($"{await RealmWithAsync()}?{query}")).ShouldBeError(400, "SipCredentialsResponse", 23012);

    [Theory]
    [InlineData("userNamefragment=LIC", new[] { "alice" })]
    [InlineData("usernamefragment=ali", new[] { "alice" })]
    [InlineData("userNameFragment=%25%25%25", new string[0])]
    [InlineData("realmFragment=SIPSTEAD", new[] { "alice", "bobby" })]
    [InlineData("realmFragment=elsewhere", new string[0])]
    [InlineData("applicationNameFragment=any", new string[0])]
    public async Task List_Fragment_Filters(string query, string[] expected)
    {
        var path = await RealmWithAsync("alice", "bobby");
        Assert.Equal(expected, (await _host.GetAsync($"{path}?page=1&{query}")).Values("UserName"));
    }

    [Theory]
    [InlineData("userNamefragment", 2, 1012)]
    [InlineData("realmFragment", 2, 1012)]
    [InlineData("applicationNameFragment", 2, 1012)]
    [InlineData("userNamefragment", 65, 1011)]
    public async Task List_BadFragment_Is400(string parameter, int length, int code) =>
        (await _host.GetAsync($"{await RealmWithAsync()}?page=1&{parameter}={new string('x', length)}"))
            .ShouldBeError(400, "SipCredentialsResponse", code);

    [Theory]
    [InlineData("/api/accounts/{0}/", "", "?page=1&size=500")]
    [InlineData("/v1.0/Accounts/{0}/", "?size=7&userNameFragment=a%20%26b", "?page=1&size=7&userNameFragment=a%20%26b")]
    [InlineData("/iris/accounts/{0}/", "?page=", "?page=1&size=500")]
    public async Task List_WithoutPage_RedirectsToTheAbsoluteUrlOfTheCaller(string prefix, string query, string expected)
    {
        var path = string.Format(System.Globalization.CultureInfo.InvariantCulture, prefix, ApiHost.Account) + await RealmWithAsync();
        var answer = await _host.SendAsync(HttpMethod.Get, path + query);
        Assert.Equal(HttpStatusCode.SeeOther, answer.Status);
        Assert.Equal(new Uri(_host.Address, path) + expected, answer.Location!.AbsoluteUri);
    }

    [Theory]
    [InlineData("https", "api.example.net", "https://api.example.net")]
    [InlineData("http, https", "evil.example, api.example.net:8443", "https://api.example.net:8443")]
    [InlineData("gopher", "ba d/host", null)]
    public async Task List_BehindAProxyOnLoopback_RedirectsToTheOriginOfTheClient(string proto, string host, string? expected)
    {
        var path = ApiHost.Path(await RealmWithAsync());
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("X-Forwarded-Proto", proto);
        request.Headers.TryAddWithoutValidation("X-Forwarded-Host", host);
        using var response = await _host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal($"{expected ?? _host.Address.GetLeftPart(UriPartial.Authority)}{path}?page=1&size=500", response.Headers.Location!.AbsoluteUri);
    }

    [Fact]
    public async Task List_RedirectSwitchedOff_AnswersTheFirstPage()
    {
        await using var host = await ApiHost.StartAsync(new ProvisioningOptions { RedirectFirstPage = false });
        var realm = await host.CreateActiveRealmAsync("direct");
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync($"realms/{realm}/sipcredentials")).Status);
    }
}
