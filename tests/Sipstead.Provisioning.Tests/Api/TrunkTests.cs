using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.Trunks;

namespace Sipstead.Provisioning.Tests.Api;

/// <summary>Ruling 27: trunks over HTTP, and what the voice side sees of them.</summary>
public sealed class TrunkTests : IAsyncLifetime
{
    private const string Secret = "carrier horse battery";

    private readonly TemporaryFolder _folder = new();
    private ApiHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await ApiHost.StartAsync(folder: _folder);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    private static string Trunks(string more = "", long account = ApiHost.Account) => $"/api/v2/accounts/{account}/trunks{more}";

    private Task<ApiHost.Answer> SendAsync(HttpMethod method, string path, JsonObject? body = null, HttpClient? client = null) =>
        _host.SendAsync(method, path, body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"), client);

    private static JsonObject Body(string? more = null)
    {
        var body = new JsonObject { ["name"] = "carrier", ["host"] = "sip.carrier.example" };
        foreach (var (name, value) in more is null ? [] : JsonNode.Parse(more)!.AsObject()) body[name] = value?.DeepClone();
        return body;
    }

    private static JsonElement Json(ApiHost.Answer answer) => JsonDocument.Parse(answer.Body).RootElement;

    private async Task<long> CreateAsync(string more)
    {
        var created = await SendAsync(HttpMethod.Post, Trunks(), Body(more));
        Assert.True(created.Status == HttpStatusCode.Created, created.Body);
        return Json(created).GetProperty("id").GetInt64();
    }

    [Fact]
    public async Task Trunk_IsMadeShownChangedAndRemoved_InTheViewAtOnce()
    {
        var application = await _host.CreateApplicationAsync("ivr");
        var created = await SendAsync(HttpMethod.Post, Trunks(), Body(
            $$"""
            {"id":4711,"accountId":1,"priority":7,"port":5061,"transport":"TLS","userName":"u","password":"{{Secret}}","sources":["192.0.2.0/24","2001:db8::1"],
             "outbound":["+1*"],"callerIds":["+4930*"],"routes":[{"pattern":"+1202*","applicationId":"{{application}}"}]}
            """));
        Assert.Equal(HttpStatusCode.Created, created.Status);
        var id = Json(created).GetProperty("id").GetInt64();
        Assert.NotEqual(4711, id);
        Assert.EndsWith($"/trunks/{id}", created.Location!.AbsoluteUri, StringComparison.Ordinal);
        Assert.Equal(created.Body, (await SendAsync(HttpMethod.Get, Trunks($"/{id}"))).Body);
        Assert.Equal("tls", Json(created).GetProperty("transport").GetString());
        Assert.DoesNotContain(Secret, created.Body, StringComparison.Ordinal);

        Assert.True(_host.View.Trunks.TryFind(id, out var entry));
        Assert.Equal((ApiHost.Account, "u", Secret), (entry.AccountId, entry.Credentials!.UserId, entry.Credentials.Password));
        Assert.Equal(id, Assert.Single(_host.View.Trunks.From(IPAddress.Parse("192.0.2.9"))).Id);
        Assert.Equal(id, Assert.Single(_host.View.Trunks.To(ApiHost.Account, "+12025550100")).Id);
        Assert.True(entry.TryFindApplication("+12025550100", _host.View.Numbers, out var found) && found.ToString() == application);
        (await _host.DeleteAsync($"applications/{application}")).ShouldBeError(409, "ApplicationProvisioningResponse", 12107);

        var updated = await SendAsync(HttpMethod.Put, Trunks($"/{id}"), Body("""{"name":"other","enabled":false,"userName":"u"}"""));
        Assert.Equal(HttpStatusCode.OK, updated.Status);
        Assert.Equal(("other", 100, 0), (Json(updated).GetProperty("name").GetString(), Json(updated).GetProperty("priority").GetInt32(), Json(updated).GetProperty("routes").GetArrayLength()));
        Assert.False(Json(updated).TryGetProperty("port", out _));
        Assert.True(_host.View.Trunks.TryFind(id, out entry) && entry.Credentials!.Password == Secret && !entry.IsEnabled);
        Assert.Single(Json(await SendAsync(HttpMethod.Get, Trunks())).EnumerateArray());

        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Delete, Trunks($"/{id}"))).Status);
        Assert.False(_host.View.Trunks.TryFind(id, out _));
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Get, Trunks($"/{id}"))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Delete, Trunks($"/{id}"))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Put, Trunks("/x"), Body())).Status);
        Assert.Equal(HttpStatusCode.OK, (await _host.DeleteAsync($"applications/{application}")).Status);
    }

    [Fact]
    public async Task Health_IsShownWithTheTrunk_AndMissingWhileItIsNotKnown()
    {
        await _host.DisposeAsync();
        var health = new ScriptedHealth();
        _host = await ApiHost.StartAsync(folder: _folder, services: services => services.AddSingleton<ITrunkHealth>(health));
        var id = await CreateAsync("{}");
        var other = await CreateAsync("""{"name":"other"}""");
        Assert.False(Json(await SendAsync(HttpMethod.Get, Trunks($"/{id}"))).TryGetProperty("health", out _));

        var start = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);
        health.Known[id] = new TrunkHealth(TrunkState.Down, start, start.AddSeconds(8), 503, TimeSpan.FromMilliseconds(12.34), "192.0.2.1:5060 over UDP answered 503");
        health.Known[other] = new TrunkHealth(TrunkState.Unknown, start);
        const string Down =
            """{"state":"down","since":"2026-01-02T03:04:05.678Z","checkedAt":"2026-01-02T03:04:13.678Z","answer":503,"roundTrip":12.3,"reason":"192.0.2.1:5060 over UDP answered 503"}""";
        Assert.Equal(Down, Json(await SendAsync(HttpMethod.Get, Trunks($"/{id}"))).GetProperty("health").GetRawText());
        Assert.Equal(
            [Down, """{"state":"unknown","since":"2026-01-02T03:04:05.678Z"}"""],
            Json(await SendAsync(HttpMethod.Get, Trunks())).EnumerateArray().Select(trunk => trunk.GetProperty("health").GetRawText()));
    }

    /// <summary>S-46: passwords of trunks are sealed as those of callbacks are.</summary>
    [Fact]
    public async Task S_46_TrunkPasswords_StandNowhereInTheDataFolderOrLog_AndOutliveARestart()
    {
        var id = await CreateAsync($$"""{"userName":"u","password":"{{Secret}}"}""");
        Assert.False(_folder.Holds(Secret));
        Assert.DoesNotContain(Secret, _host.Log.Text, StringComparison.Ordinal);
        await _host.DisposeAsync();
        _host = await ApiHost.StartAsync(folder: _folder);
        Assert.True(_host.View.Trunks.TryFind(id, out var entry));
        Assert.Equal(Secret, entry.Credentials!.Password);

        // With another key the trunk is there, and signs in no more.
        await _host.DisposeAsync();
        File.Delete(Path.Combine(_folder.Path, "secrets.key"));
        _host = await ApiHost.StartAsync(folder: _folder);
        Assert.True(_host.View.Trunks.TryFind(id, out entry) && entry.Credentials is null);
        Assert.Contains("passwords of 1 trunks", _host.Log.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(HttpMethod.Put, Trunks($"/{id}"), Body("""{"userName":"u"}"""))).Status);
    }

    [Theory]
    [InlineData("""{"name":null}""", "name is required")]
    [InlineData("""{"host":""}""", "host is required")]
    [InlineData("""{"host":"sip:carrier"}""", "Invalid host")]
    [InlineData("""{"host":"carrier.example/x"}""", "Invalid host")]
    [InlineData("""{"port":0}""", "port must be within")]
    [InlineData("""{"port":1.5}""", "Invalid port")]
    [InlineData("""{"priority":1001}""", "priority must be within")]
    [InlineData("""{"transport":"ws"}""", "'ws' is none of")]
    [InlineData("""{"enabled":"yes"}""", "Invalid enabled")]
    [InlineData("""{"password":"p"}""", "needs a userName")]
    [InlineData("""{"userName":"u"}""", "password is required")]
    [InlineData("""{"sources":["192.0.2.0/33"]}""", "neither an address nor a network")]
    [InlineData("""{"sources":["carrier.example"]}""", "neither an address nor a network")]
    [InlineData("""{"sources":["fe80::1%1"]}""", "neither an address nor a network")]
    [InlineData("""{"sources":["192.0.0.0/15"]}""", "too large")]
    [InlineData("""{"sources":["::/0"]}""", "too large")]
    [InlineData("""{"outbound":["+1x"]}""", "Invalid outbound: '+1x'")]
    [InlineData("""{"callerIds":["**"]}""", "Invalid callerIds: '**'")]
    [InlineData("""{"routes":[1]}""", "must be a list of objects")]
    [InlineData("""{"routes":[{"applicationId":"68092813-741b-4afe-b198-91f425bce81e"}]}""", "Invalid routes: ''")]
    [InlineData("""{"routes":[{"pattern":"*"}]}""", "one of the two")]
    [InlineData("""{"routes":[{"pattern":"*","applicationId":"x"}]}""", "not a valid UUID")]
    [InlineData("""{"routes":[{"pattern":"*","applicationId":"68092813-741b-4afe-b198-91f425bce81e"}]}""", "not found")]
    [InlineData("""{"routes":[{"pattern":"*","sipPeerId":4711}]}""", "'4711' does not exist")]
    [InlineData("""{"routes":[{"pattern":"*","sipPeerId":"1"}]}""", "Invalid sipPeerId")]
    [InlineData("""{"routes":[{"pattern":"*","sipPeerId":1},{"pattern":"*","sipPeerId":2}]}""", "is there twice")]
    public async Task Create_WhatCannotBe_Is400_AndNothingIsStored(string more, string words)
    {
        var answer = await SendAsync(HttpMethod.Post, Trunks(), Body(more));
        Assert.Equal((HttpStatusCode.BadRequest, "validation"), (answer.Status, Json(answer).GetProperty("type").GetString()));
        Assert.Contains(words, Json(answer).GetProperty("description").GetString(), StringComparison.Ordinal);
        Assert.Empty(_host.View.Trunks.All);
    }

    [Fact]
    public async Task Location_ThatATrunkLeadsTo_Stays()
    {
        var site = (await _host.PostAsync("sites", "<Site><Name>s</Name></Site>")).Value("Id");
        var location = (await _host.PostAsync($"sites/{site}/sippeers", "<SipPeer><PeerName>p</PeerName></SipPeer>")).Location!.Segments[^1];
        var id = await CreateAsync($$"""{"routes":[{"pattern":"*","sipPeerId":{{location}}}]}""");
        (await _host.DeleteAsync($"sites/{site}/sippeers/{location}")).ShouldBeError(409, "SipPeerResponse", null);
        await SendAsync(HttpMethod.Delete, Trunks($"/{id}"));
        Assert.Equal(HttpStatusCode.OK, (await _host.DeleteAsync($"sites/{site}/sippeers/{location}")).Status);
    }

    /// <summary>
    /// S-10: a trunk of one account names nothing of another, and nobody claims the addresses that another account's calls come from. S-48:
    /// only admins change trunks.
    /// </summary>
    [Fact]
    public async Task S_10_TrunksOfAnotherAccount_AreOutOfReach_AndSoAreItsSources()
    {
        await _host.Services.GetRequiredService<AccountService>().CreateAccountAsync(31, TestContext.Current.CancellationToken);
        using var stranger = await _host.CreateUserAsync("stranger", ApiRole.Admin, account: 31);
        using var writer = await _host.CreateUserAsync("writer", ApiRole.Write);
        var application = await _host.CreateApplicationAsync("theirs");
        var id = await CreateAsync("""{"sources":["192.0.2.0/24"]}""");

        foreach (var source in new[] { "192.0.2.7", "192.0.0.0/16" })
        {
            var taken = await SendAsync(HttpMethod.Post, Trunks(account: 31), Body($$"""{"sources":["198.51.100.1","{{source}}"]}"""), stranger);
            Assert.Equal(HttpStatusCode.Conflict, taken.Status);
        }

        var foreign = Body($$"""{"routes":[{"pattern":"*","applicationId":"{{application}}"}]}""");
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(HttpMethod.Post, Trunks(account: 31), foreign, stranger)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Put, Trunks($"/{id}", 31), Body(), stranger)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Delete, Trunks($"/{id}", 31), null, stranger)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(HttpMethod.Get, Trunks(), null, stranger)).Status);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Get, Trunks(), null, writer)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(HttpMethod.Post, Trunks(), Body(), writer)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(HttpMethod.Delete, Trunks($"/{id}"), null, writer)).Status);

        await CreateAsync("""{"sources":["192.0.2.7"]}"""); // the same account may
        await SendAsync(HttpMethod.Post, Trunks(account: 31), Body("""{"sources":["198.51.100.1"]}"""), stranger);
        Assert.Equal([31L], _host.View.Trunks.From(IPAddress.Parse("198.51.100.1")).Select(t => t.AccountId));
    }

    private sealed class ScriptedHealth : ITrunkHealth
    {
        public event Action<long>? Checked
        {
            add { }
            remove { }
        }

        public Dictionary<long, TrunkHealth> Known { get; } = [];

        public TrunkHealth? Of(long trunkId) => Known.GetValueOrDefault(trunkId);
    }
}
