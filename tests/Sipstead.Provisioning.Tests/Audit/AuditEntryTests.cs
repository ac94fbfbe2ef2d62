using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.Api;

namespace Sipstead.Provisioning.Tests.Audit;

/// <summary>Each way to change an account leaves its entry; what is refused or changes nothing leaves none.</summary>
public sealed class AuditEntryTests : IAsyncLifetime
{
    private const string Hash1 = "1be6abcaa8e9956021d30f33a3925b99";
    private const string Hash2 = "2be6abcaa8e9956021d30f33a3925b99";

    private readonly Dictionary<string, string> _ids = [];
    private ApiHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await ApiHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    /// <summary>
    /// Every endpoint that changes something, in an order in which each can; names in braces are ids that came before. A new endpoint
    /// fails the test until it stands here.
    /// </summary>
    private static readonly (string Verb, string Pattern, string Body, string Action, string Kind, string Fields)[] Changes =
    [
        ("POST", "realms", "<Realm><Realm>office</Realm><Default>true</Default><Description>first</Description></Realm>", "create", "realm", "fqdn description isDefault"),
        ("POST", "realms", "<Realm><Realm>other</Realm><Default>false</Default></Realm>", "create", "realm", ""),
        ("PUT", "realms/{realm}", "<Realm><Description>second</Description></Realm>", "update", "realm", "description"),
        ("POST", "applications", "<Application><ServiceType>Voice-V2</ServiceType><AppName>ivr</AppName><CallInitiatedCallbackUrl>http://localhost/a</CallInitiatedCallbackUrl>"
            + "<CallbackCreds><UserId>u</UserId><Password>callback secret</Password></CallbackCreds></Application>", "create", "application", "voice.password voice.callInitiatedUrl"),
        ("POST", "applications", "<Application><ServiceType>Voice-V2</ServiceType><AppName>fax</AppName><CallInitiatedCallbackUrl>http://localhost/b</CallInitiatedCallbackUrl></Application>",
            "create", "application", "voice.callInitiatedUrl"),
        ("PUT", "applications/{application}", "<Application><ServiceType>Voice-V2</ServiceType><AppName>menu</AppName><CallInitiatedCallbackUrl>http://localhost/a</CallInitiatedCallbackUrl></Application>",
            "update", "application", "name voice.password voice.userId"),
        ("PATCH", "applications/{application}", "<Application><AppName>desk</AppName></Application>", "update", "application", "name"),
        ("POST", "realms/{realm}/sipcredentials", $"<SipCredentials><SipCredential><UserName>alice</UserName><Hash1>{Hash1}</Hash1></SipCredential></SipCredentials>",
            "create", "credential", "hash1 realmId"),
        ("PUT", "realms/{realm}/sipcredentials/{credential}", $"<SipCredential><RealmId>{{realm}}</RealmId><Hash1>{Hash2}</Hash1></SipCredential>", "update", "credential", "hash1"),
        ("DELETE", "realms/{realm}/sipcredentials/{credential}", "", "delete", "credential", "realmId"),
        ("POST", "sipcredentials", $"<SipCredentials><SipCredential><UserName>bob</UserName><Hash1>{Hash1}</Hash1></SipCredential></SipCredentials>", "create", "credential", "hash1"),
        ("PUT", "sipcredentials/{name}", $"<SipCredential><Hash1>{Hash2}</Hash1></SipCredential>", "update", "credential", "hash1"),
        ("DELETE", "sipcredentials/{name}", "", "delete", "credential", ""),
        ("POST", "sites", "<Site><Name>site</Name></Site>", "create", "site", "name"),
        ("PUT", "sites/{site}", "<Site><Name>renamed</Name></Site>", "update", "site", "name"),
        ("POST", "sites/{site}/sippeers", "<SipPeer><PeerName>location</PeerName></SipPeer>", "create", "location", "name"),
        ("PUT", "sites/{site}/sippeers/{location}", "<SipPeer><PeerName>moved</PeerName></SipPeer>", "update", "location", "name"),
        ("POST", "sites/{site}/sippeers/{location}/products/origination/settings", Settings("{application}"), "update", "location", "applicationId"),
        ("PUT", "sites/{site}/sippeers/{location}/products/origination/settings", Settings("{other application}"), "update", "location", "applicationId"),
        ("POST", "numbers", """{"sipPeerId":{location},"numbers":["+12025550100"]}""", "create", "number", "locationId"),
        ("DELETE", "numbers/{number}", "", "delete", "number", "locationId"),
        ("POST", "trunks", """{"name":"carrier","host":"sip.example.com","userName":"u","password":"trunk secret","routes":[{"pattern":"+1*","applicationId":"{application}"}]}""",
            "create", "trunk", "name host password routes"),
        ("PUT", "trunks/{trunk}", """{"name":"carrier","host":"sip.example.com","userName":"u","routes":[{"pattern":"+2*","applicationId":"{application}"}]}""", "update", "trunk", "routes"),
        ("DELETE", "trunks/{trunk}", "", "delete", "trunk", "name"),
        ("POST", "users", """{"userName":"robot","role":"write"}""", "create", "user", "role password"),
        ("DELETE", "users/{user}", "", "delete", "user", "role"),
        ("DELETE", "sites/{site}/sippeers/{location}", "", "delete", "location", ""),
        ("DELETE", "sites/{site}", "", "delete", "site", ""),
        ("DELETE", "applications/{application}", "", "delete", "application", ""),
        ("DELETE", "realms/{realm}", "", "delete", "realm", "fqdn"),
    ];

    [Fact]
    public async Task S_72_EveryChangingEndpoint_LeavesItsEntry()
    {
        foreach (var (verb, pattern, body, action, kind, fields) in Changes)
        {
            if (verb == "DELETE" && pattern == "realms/{realm}") _ids["realm"] = _ids["other realm"]; // the default one stays
            var before = (await EntriesAsync())[0].GetProperty("id").GetInt64();
            var answer = await SendAsync(verb, pattern, body);
            Assert.True((int)answer.Status is >= 200 and < 300, $"{verb} {pattern}: {answer.Status} {answer.Body}");
            Keep(pattern, answer);

            var entry = Assert.Single(await EntriesAsync(), e => e.GetProperty("id").GetInt64() > before && e.GetProperty("actor").GetString() == "admin");
            Assert.Equal((verb, pattern, action, kind, "basic", "127.0.0.1"), (verb, pattern, Text(entry, "action"), Text(entry, "kind"), Text(entry, "via"), Text(entry, "source")));
            var changed = Changed(entry);
            Assert.All(fields.Split(' ', StringSplitOptions.RemoveEmptyEntries), field => Assert.Contains(field, changed));
            if (action == "update") Assert.Equal(fields, string.Join(' ', changed));
            Assert.True(entry.TryGetProperty("resourceId", out _), $"{verb} {pattern}: {entry}");
            Assert.True(entry.TryGetProperty("name", out _), $"{verb} {pattern}: {entry}");
        }

        var mapped = _host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(e => e.Metadata.GetOrderedMetadata<AccountMethod>(), (e, method) => $"{method.Verb} {After(e.RoutePattern.RawText!)}")
            .Where(one => !one.StartsWith("GET ", StringComparison.Ordinal) && !one.Contains("voiceConfigurationPackages", StringComparison.Ordinal));
        Assert.Equal(mapped.Distinct().Order(), Changes.Select(c => $"{c.Verb} {c.Pattern}").Distinct().Order());
    }

    [Fact]
    public async Task WhatIsRefusedOrChangesNothing_LeavesNone()
    {
        var realm = await _host.CreateActiveRealmAsync("office", isDefault: true);
        var application = await _host.CreateApplicationAsync("ivr");
        var before = (await EntriesAsync()).Count;
        await _host.PostAsync("realms", "<Realm><Realm>office</Realm><Default>false</Default></Realm>");
        await _host.PutAsync($"realms/{realm}", "<Realm><Default>false</Default></Realm>");
        await _host.PutAsync($"realms/{realm}", "<Realm><Realm>office</Realm></Realm>"); // as it is
        await _host.PatchAsync($"applications/{application}", "<Application><AppName>ivr</AppName></Application>"); // as it is
        await _host.DeleteAsync($"realms/{realm}");
        await _host.PostAsync($"realms/{realm}/sipcredentials", "<SipCredentials><SipCredential><UserName>x</UserName></SipCredential></SipCredentials>");
        await _host.DeleteAsync("applications/68092813-741b-4afe-b198-91f425bce81e");
        Assert.Equal(before, (await EntriesAsync()).Count);
    }

    [Fact]
    public async Task SamePasswordAgain_IsNoChange()
    {
        const string Fields = "<CallInitiatedCallbackUrl>http://localhost/a</CallInitiatedCallbackUrl><CallbackCreds><UserId>u</UserId><Password>callback secret</Password></CallbackCreds>";
        var created = await _host.PostAsync("applications", $"<Application><ServiceType>Voice-V2</ServiceType><AppName>ivr</AppName>{Fields}</Application>");
        var path = $"applications/{created.Value("ApplicationId")}";
        var before = (await EntriesAsync()).Count;

        Assert.Equal(HttpStatusCode.OK, (await _host.PatchAsync(path, $"<Application>{Fields}</Application>")).Status);
        Assert.Equal(before, (await EntriesAsync()).Count);
        Assert.Equal(HttpStatusCode.OK, (await _host.PatchAsync(path, $"<Application>{Fields.Replace("secret", "other", StringComparison.Ordinal)}</Application>")).Status);
        Assert.Equal(["voice.password"], Changed((await EntriesAsync())[0]));
    }

    [Fact]
    public async Task ManyCredentials_ShareOneEntry_FoundByEachId()
    {
        var realm = await _host.CreateActiveRealmAsync("office");
        var entries = string.Concat(Enumerable.Range(0, 1000).Select(i => $"<SipCredential><UserName>user{i}</UserName><Hash1>{Hash1}</Hash1></SipCredential>"));
        var created = await _host.PostAsync($"realms/{realm}/sipcredentials", $"<SipCredentials>{entries}</SipCredentials>");
        var ids = created.Xml!.Descendants("SipCredential").Select(c => c.Element("Id")!.Value).ToList();
        Assert.Equal(1000, ids.Count);

        var entry = (await EntriesAsync())[0];
        Assert.Equal((1000, ids[0], long.Parse(ids[^1], CultureInfo.InvariantCulture)),
            (entry.GetProperty("count").GetInt32(), Text(entry, "resourceId"), entry.GetProperty("lastResourceId").GetInt64()));
        Assert.Equal("user0", entry.GetProperty("names")[0].GetString());
        Assert.InRange(entry.GetRawText().Length, 1, 1000);
        Assert.Single(await EntriesAsync($"?kind=credential&id={ids[567]}"));
        Assert.Empty(await EntriesAsync($"?kind=credential&id={ids[^1]}9"));
    }

    [Fact]
    public async Task ManyNumbers_ShareOneEntry()
    {
        var site = (await _host.PostAsync("sites", "<Site><Name>site</Name></Site>")).Value("Id");
        var location = (await _host.PostAsync($"sites/{site}/sippeers", "<SipPeer><PeerName>location</PeerName></SipPeer>")).Location!.Segments[^1];
        var numbers = string.Join(',', Enumerable.Range(0, 500).Select(i => $"\"+1202555{i:0000}\""));
        var before = (await EntriesAsync()).Count;
        var set = await SendAsync("POST", "numbers", $$"""{"sipPeerId":{{location}},"numbers":[{{numbers}}]}""");
        Assert.True(set.Status == HttpStatusCode.OK, set.Body);
        var entries = await EntriesAsync();
        Assert.Equal((before + 1, 500), (entries.Count, entries[0].GetProperty("count").GetInt32()));
    }

    [Fact]
    public async Task AnotherDefaultRealm_TellsOfBoth()
    {
        await _host.CreateActiveRealmAsync("first", isDefault: true);
        var second = await _host.CreateActiveRealmAsync("second");
        await _host.PutAsync($"realms/{second}", "<Realm><Default>true</Default></Realm>");
        var entries = await EntriesAsync();
        Assert.Equal(["first", "second"], entries.Take(2).Select(e => Text(e, "name")).Order());
        Assert.All(entries.Take(2), e => Assert.Equal(["isDefault"], Changed(e)));
    }

    [Fact]
    public async Task Token_IsToldFromBasic()
    {
        using var form = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("client_id", "admin"), new("client_secret", ApiHost.Password)]);
        using var client = new HttpClient { BaseAddress = _host.Address };
        var token = JsonDocument.Parse((await _host.SendAsync(HttpMethod.Post, "/api/v1/oauth2/token", form, client)).Body).RootElement.GetProperty("access_token").GetString()!;
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using var site = new StringContent("<Site><Name>by token</Name></Site>");
        await _host.SendAsync(HttpMethod.Post, ApiHost.Path("sites"), site, client);
        Assert.Equal("token", Text((await EntriesAsync())[0], "via"));
    }

    [Fact]
    public async Task CallbackUrl_IsToldWithoutItsSecrets()
    {
        var answer = await _host.PostAsync("applications",
            "<Application><ServiceType>Voice-V2</ServiceType><AppName>ivr</AppName><CallInitiatedCallbackUrl>https://localhost/hook?key=s3cr3t</CallInitiatedCallbackUrl></Application>");
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        var entry = (await EntriesAsync())[0].GetRawText();
        Assert.Contains("https://localhost/hook?…", entry, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", entry, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UserOfTwoAccounts_TellsBothOfANewPassword()
    {
        var cancel = TestContext.Current.CancellationToken;
        var accounts = _host.Services.GetRequiredService<AccountService>();
        await accounts.CreateAccountAsync(4711, cancel);
        await _host.CreateUserAsync("both", ApiRole.Admin);
        await accounts.SetRoleAsync("both", 4711, ApiRole.Read, cancel);
        await accounts.ChangePasswordAsync("both", "another horse battery", cancel);
        using var both = _host.CreateClient("both", "another horse battery");
        var entry = (await EntriesAsync(client: both))[0];
        Assert.Equal(("update", "both", "system"), (Text(entry, "action"), Text(entry, "resourceId"), Text(entry, "via")));
        Assert.Equal(["password"], Changed(entry));
        await accounts.SetRoleAsync("both", 4711, ApiRole.Admin, cancel);
        var other = JsonDocument.Parse((await _host.SendAsync(HttpMethod.Get, "/api/v2/accounts/4711/audit", null, both)).Body).RootElement.GetProperty("entries").EnumerateArray().ToList();
        Assert.Equal(["update", "update", "create", "create"], other.Select(e => Text(e, "action"))); // role, password, role given, account
    }

    private static string Settings(string application) =>
        $"<SipPeerOriginationSettings><VoiceProtocol>HTTP</VoiceProtocol><HttpSettings><HttpVoiceV2AppId>{application}</HttpVoiceV2AppId></HttpSettings></SipPeerOriginationSettings>";

    private static string After(string pattern) => pattern[(pattern.IndexOf("{accountId}/", StringComparison.Ordinal) + "{accountId}/".Length)..];

    private static string? Text(JsonElement entry, string name) => entry.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static List<string> Changed(JsonElement entry) =>
        entry.TryGetProperty("changes", out var changes) ? [.. changes.EnumerateArray().Select(c => c.GetProperty("field").GetString()!)] : [];

    private async Task<List<JsonElement>> EntriesAsync(string query = "", HttpClient? client = null)
    {
        var answer = await _host.SendAsync(HttpMethod.Get, $"/api/v2/accounts/{ApiHost.Account}/audit{query}", null, client);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return [.. JsonDocument.Parse(answer.Body).RootElement.GetProperty("entries").EnumerateArray()];
    }

    private Task<ApiHost.Answer> SendAsync(string verb, string pattern, string body)
    {
        var isJson = body.StartsWith('{') || pattern.StartsWith("numbers", StringComparison.Ordinal) || pattern.StartsWith("trunks", StringComparison.Ordinal)
            || pattern.StartsWith("users", StringComparison.Ordinal);
        var content = body.Length == 0 ? null : new StringContent(Filled(body), Encoding.UTF8, isJson ? "application/json" : "application/xml");
        return _host.SendAsync(new HttpMethod(verb), $"/api/v2/accounts/{ApiHost.Account}/{Filled(pattern)}", content);
    }

    private string Filled(string text)
    {
        foreach (var (name, id) in _ids) text = text.Replace($"{{{name}}}", id, StringComparison.Ordinal);
        return text;
    }

    /// <summary>Keeps the id of what was made.</summary>
    private void Keep(string pattern, ApiHost.Answer answer)
    {
        if (answer.Status != HttpStatusCode.Created && pattern != "numbers") return;
        (string Name, string? Id) made = pattern switch
        {
            "realms" => (_ids.ContainsKey("realm") ? "other realm" : "realm", answer.Value("Id")),
            "applications" => (_ids.ContainsKey("application") ? "other application" : "application", answer.Value("ApplicationId")),
            "realms/{realm}/sipcredentials" => ("credential", answer.Value("Id")),
            "sipcredentials" => ("name", "bob"),
            "sites" => ("site", answer.Value("Id")),
            "sites/{site}/sippeers" => ("location", answer.Location!.Segments[^1]),
            "numbers" => ("number", "+12025550100"),
            "trunks" => ("trunk", JsonDocument.Parse(answer.Body).RootElement.GetProperty("id").ToString()),
            "users" => ("user", "robot"),
            _ => ("", null),
        };
        if (made.Id is { } id) _ids[made.Name] = id;
    }
}
