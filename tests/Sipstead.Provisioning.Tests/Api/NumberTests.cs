using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Sipstead.Provisioning.Accounts;

namespace Sipstead.Provisioning.Tests.Api;

/// <summary>Telephone numbers: each is at a location, whose application takes its calls.</summary>
public sealed class NumberTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private ApiHost _host = null!;
    private string _site = "";

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync(folder: _folder);
        _site = $"sites/{(await _host.PostAsync("sites", "<Site><Name>site</Name></Site>")).Value("Id")}";
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    private static string Path(string path, long account = ApiHost.Account) => $"/api/v2/accounts/{account}/{path}";

    private Task<ApiHost.Answer> SendAsync(HttpMethod method, string path, string? json = null, HttpClient? client = null) =>
        _host.SendAsync(method, path, json is null ? null : new StringContent(json, Encoding.UTF8, "application/json"), client);

    private static JsonElement Json(ApiHost.Answer answer) => JsonDocument.Parse(answer.Body).RootElement;

    private static string[] Numbers(ApiHost.Answer answer) =>
        [.. Json(answer).GetProperty("numbers").EnumerateArray().Select(n => n.GetProperty("number").GetString()!)];

    private async Task<long> CreateLocationAsync(string? application = null)
    {
        var created = await _host.PostAsync($"{_site}/sippeers", "<SipPeer><PeerName>x</PeerName></SipPeer>");
        var id = long.Parse(created.Location!.Segments[^1], System.Globalization.CultureInfo.InvariantCulture);
        if (application is not null) await BindAsync(id, application);
        return id;
    }

    private async Task BindAsync(long location, string application) => Assert.Equal(HttpStatusCode.OK, (await _host.PutAsync(
        $"{_site}/sippeers/{location}/products/origination/settings",
        $"<SipPeerOriginationSettings><HttpSettings><HttpVoiceV2AppId>{application}</HttpVoiceV2AppId></HttpSettings></SipPeerOriginationSettings>")).Status);

    private Task<ApiHost.Answer> PutAsync(long location, params string[] numbers) => SendAsync(
        HttpMethod.Post, Path("numbers"), $$"""{"sipPeerId":{{location}},"numbers":{{JsonSerializer.Serialize(numbers)}}}""");

    private string? ApplicationOf(string number, long account = ApiHost.Account) =>
        _host.View.Numbers.TryFindApplication(account, number, out var application) ? application.ToString() : null;

    [Fact]
    public async Task Number_FindsTheApplicationOfItsLocation_AtOnceAndAfterARestart()
    {
        var (first, second) = (await _host.CreateApplicationAsync("first"), await _host.CreateApplicationAsync("second"));
        var (here, there) = (await CreateLocationAsync(first), await CreateLocationAsync());
        var put = await PutAsync(here, "+12025550100", "+12025550101", "+12025550100");
        Assert.Equal(HttpStatusCode.OK, put.Status);
        Assert.Equal(["+12025550100", "+12025550101"], Numbers(put));
        Assert.Equal(first, ApplicationOf("+12025550100"));

        await PutAsync(there, "+12025550101");
        Assert.Null(ApplicationOf("+12025550101"));
        Assert.True(_host.View.Numbers.Has(ApiHost.Account, "+12025550101"));
        await BindAsync(there, second);
        Assert.Equal((first, second), (ApplicationOf("+12025550100"), ApplicationOf("+12025550101")));
        Assert.Null(ApplicationOf("+12025550102"));
        Assert.Null(ApplicationOf("+12025550100", account: 1));

        await _host.DisposeAsync();
        _host = await ApiHost.StartAsync(folder: _folder);
        Assert.Equal((first, second, 2), (ApplicationOf("+12025550100"), ApplicationOf("+12025550101"), _host.View.Numbers.Count));
        await BindAsync(there, "");
        Assert.Null(ApplicationOf("+12025550101"));
    }

    [Fact]
    public async Task Numbers_AreListedInPages_ByLocationToo_AndRemoved()
    {
        var (here, there) = (await CreateLocationAsync(), await CreateLocationAsync());
        await PutAsync(here, "+12025550103", "+12025550101");
        await PutAsync(there, "+12025550102");
        var page = await SendAsync(HttpMethod.Get, Path("numbers?size=2"));
        Assert.Equal(["+12025550101", "+12025550102"], Numbers(page));
        var next = Json(page).GetProperty("nextPage").GetString()!;
        Assert.Equal(["+12025550103"], Numbers(await SendAsync(HttpMethod.Get, Path($"numbers?page={next}"))));
        Assert.Equal(["+12025550101", "+12025550103"], Numbers(await SendAsync(HttpMethod.Get, Path($"numbers?sipPeerId={here}"))));

        var one = Json(await SendAsync(HttpMethod.Get, Path("numbers/12025550102")));
        Assert.Equal(("+12025550102", there), (one.GetProperty("number").GetString(), one.GetProperty("sipPeerId").GetInt64()));
        (await _host.DeleteAsync($"{_site}/sippeers/{there}")).ShouldBeError(409, "SipPeerResponse", null);
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Delete, Path("numbers/%2B12025550102"))).Status);
        Assert.False(_host.View.Numbers.Has(ApiHost.Account, "+12025550102"));
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Get, Path("numbers/+12025550102"))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Delete, Path("numbers/+12025550102"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await _host.DeleteAsync($"{_site}/sippeers/{there}")).Status);
    }

    [Theory]
    [InlineData("{}", "sipPeerId is required")]
    [InlineData("""{"sipPeerId":"1","numbers":[]}""", "Invalid sipPeerId")]
    [InlineData("""{"sipPeerId":1}""", "numbers is required")]
    [InlineData("""{"sipPeerId":1,"numbers":"+12025550100"}""", "must be a list")]
    [InlineData("""{"sipPeerId":1,"numbers":[1]}""", "must be a list of strings")]
    [InlineData("""{"sipPeerId":1,"numbers":[]}""", "Give 1 to 1000")]
    [InlineData("""{"sipPeerId":1,"numbers":["2025550100"]}""", "'2025550100' is no E164")]
    [InlineData("""{"sipPeerId":4711,"numbers":["+12025550100"]}""", "'4711' does not exist")]
    public async Task Put_WhatCannotBe_Is400_AndNothingIsStored(string body, string words)
    {
        var answer = await SendAsync(HttpMethod.Post, Path("numbers"), body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(words, Json(answer).GetProperty("description").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, _host.View.Numbers.Count);
    }

    [Theory]
    [InlineData("size=0")]
    [InlineData("size=5001")]
    [InlineData("sipPeerId=x")]
    public async Task List_BadQuery_Is400(string query) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(HttpMethod.Get, Path($"numbers?{query}"))).Status);

    /// <summary>S-10: two accounts may have one number; neither sees or moves the other's.</summary>
    [Fact]
    public async Task S_10_NumbersAndLocationsOfAnotherAccount_AreOutOfReach()
    {
        await _host.Services.GetRequiredService<AccountService>().CreateAccountAsync(31, TestContext.Current.CancellationToken);
        using var stranger = await _host.CreateUserAsync("stranger", ApiRole.Admin, account: 31);
        using var reader = await _host.CreateUserAsync("reader", ApiRole.Read);
        var application = await _host.CreateApplicationAsync("app");
        var location = await CreateLocationAsync(application);
        await PutAsync(location, "+12025550100");
        var body = $$"""{"sipPeerId":{{location}},"numbers":["+12025550100"]}""";
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(HttpMethod.Post, Path("numbers", 31), body, stranger)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Delete, Path("numbers/+12025550100", 31), null, stranger)).Status);
        Assert.Empty(Numbers(await SendAsync(HttpMethod.Get, Path("numbers", 31), null, stranger)));
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(HttpMethod.Get, Path("numbers"), null, stranger)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(HttpMethod.Post, Path("numbers"), body, reader)).Status);
        Assert.Equal(application, ApplicationOf("+12025550100"));
    }

    /// <summary>The client then advises to use applications and locations.</summary>
    [Theory]
    [InlineData("GET", "/v2/accounts/{0}/voiceConfigurationPackages")]
    [InlineData("POST", "/v2/accounts/{0}/voiceConfigurationPackages")]
    [InlineData("PATCH", "/api/v2/accounts/{0}/voiceConfigurationPackages/1/phoneNumbers")]
    public async Task VoiceConfigurationPackages_Are403(string method, string path)
    {
        var url = string.Format(System.Globalization.CultureInfo.InvariantCulture, path, ApiHost.Account);
        var answer = await SendAsync(new HttpMethod(method), url);
        Assert.Equal((HttpStatusCode.Forbidden, "authorization-error"), (answer.Status, Json(answer).GetProperty("type").GetString()));
        using var nobody = _host.CreateClient("nobody", "wrong");
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(new HttpMethod(method), url, null, nobody)).Status);
    }
}
