using System.Globalization;
using System.Net;
using Sipstead.Interop.Tests.Sipp;
using Sipstead.Testing;

namespace Sipstead.Interop.Tests.Curl;

/// <summary>
/// The contract's acceptance run (section 11) and the request sequences that Bandwidth's command-line client sends (section 6), replayed by curl under each
/// prefix that clients use, with a device.
/// </summary>
public sealed class AcceptanceTests(InteropServer server)
{
    private readonly CurlRun _curl = new(server.Setup.HttpAddress);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AcceptanceRun_GoesAsTheContractSays()
    {
        InteropServer.Require("curl", "curl");
        InteropServer.Require("sipp", "sip-tester");
        var realms = Path("/api", "realms");
        ShouldBe(await PostAsync(realms, "<Realm><Realm>acceptance</Realm></Realm>"), HttpStatusCode.BadRequest, "1003");
        ShouldBe(await PostAsync(realms, "<Realm><Realm>Not-Ok</Realm><Default>false</Default></Realm>"), HttpStatusCode.BadRequest, "33013");
        var realm = await CreateRealmAsync("/api", "acceptance", isDefault: true);
        ShouldBe(await PostAsync(realms, "<Realm><Realm>acceptance</Realm><Default>false</Default></Realm>"), HttpStatusCode.Conflict, "33002");

        var credentials = $"{realms}/{realm.Id}/sipcredentials";
        var alice = Credential(realm, "alice", "first");
        await PostAsync(credentials, $"<SipCredentials>{alice}</SipCredentials>");
        var mixed = await PostAsync(credentials, $"<SipCredentials>{Credential(realm, "bob", "first")}{alice}</SipCredentials>");
        ShouldBe(mixed, HttpStatusCode.Created, "23026");
        Assert.Equal(["Errors", "ValidSipCredentials"], mixed.Xml.Elements().Select(e => e.Name.LocalName));
        ShouldBe(await PostAsync(credentials, $"<SipCredentials>{alice}</SipCredentials>"), HttpStatusCode.BadRequest, "23026");

        var redirect = await _curl.SendAsync("GET", credentials, null);
        Assert.Equal((HttpStatusCode.SeeOther, new Uri(server.Setup.HttpAddress, credentials + "?page=1&size=500").ToString()), (redirect.Status, redirect.Location));
        var list = await _curl.SendAsync("GET", credentials, null, "-L");
        Assert.Equal(["alice", "bob"], list.Xml.Descendants("UserName").Select(e => e.Value));
        var one = $"{credentials}/{list["Id"]}";
        Assert.Equal(DigestHashes.Hash1("alice", realm.Fqdn, "first"), (await _curl.SendAsync("GET", one, null))["Hash1"]);

        ShouldBe(await PutAsync(one, Rotation(realm, "second").Replace("<RealmId>", "<UserName>alice</UserName><RealmId>", StringComparison.Ordinal)), HttpStatusCode.BadRequest, "23030");
        ShouldBe(await PutAsync(one, Rotation(realm, "second").Replace($"<RealmId>{realm.Id}</RealmId>", "", StringComparison.Ordinal)), HttpStatusCode.BadRequest, "23031");
        await RegisterAsync("register-only", realm, "first");
        ShouldBe(await PutAsync(one, Rotation(realm, "second")), HttpStatusCode.OK, null);
        await RegisterAsync("wrong-password", realm, "first");
        await RegisterAsync("register-only", realm, "second");

        await DeleteAllAsync(realm, credentials);
    }

    [Theory]
    [InlineData("/api")]
    [InlineData("/api/v1")]
    [InlineData("/api/v2")]
    [InlineData("/v1.0")]
    public async Task ClientSequences_WorkUnderEachPrefix(string prefix)
    {
        InteropServer.Require("curl", "curl");
        var name = "cli" + prefix.Replace("/", "", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal);
        var realms = Path(prefix, "realms");

        // sip status; realm create --if-not-exists --wait
        Assert.Equal((HttpStatusCode.OK, "RealmsResponse"), ((await GetAsync(realms)) is var all ? (all.Status, all.Xml.Name.LocalName) : default));
        var realm = await CreateRealmAsync(prefix, name, isDefault: false);

        // realm get / update: by short name, by FQDN, by id
        foreach (var reference in new[] { name, realm.Fqdn, $"{realm.Id}" })
            Assert.Equal(realm.Fqdn, (await GetAsync($"{realms}/{reference}")).Xml.Element("Realm")!.Element("Realm")!.Value);
        var update = await PutAsync($"{realms}/{realm.Id}", $"<Realm><Default>false</Default><Description>desk phones</Description><Realm>{name}</Realm></Realm>");
        Assert.Equal((HttpStatusCode.OK, "desk phones"), (update.Status, update["Description"]));

        // credential create, --if-not-exists, rotate, list, get, delete
        var credentials = $"{realms}/{realm.Id}/sipcredentials";
        var created = await PostAsync(credentials, $"<SipCredentials>{Credential(realm, "Desk.1", "first")}</SipCredentials>");
        Assert.Equal("Desk.1", created.Xml.Element("ValidSipCredentials")!.Element("SipCredential")!.Element("UserName")!.Value);
        ShouldBe(await PostAsync(credentials, $"<SipCredentials>{Credential(realm, "desk.1", "first")}</SipCredentials>"), HttpStatusCode.BadRequest, "23026");
        var listed = await _curl.SendAsync("GET", credentials, null, "-L");
        Assert.Equal("Desk.1", listed["UserName"]);
        var one = $"{credentials}/{listed["Id"]}";
        Assert.Equal(created["Hash1b"], (await GetAsync(one))["Hash1b"]);
        var rotated = await PutAsync(one, Rotation(realm, "second", "Desk.1"));
        Assert.Equal((HttpStatusCode.OK, listed["Id"]), (rotated.Status, rotated["Id"]));
        ShouldBe(await _curl.SendAsync("DELETE", $"{realms}/{realm.Id}", null), HttpStatusCode.Conflict, "12666");
        Assert.Equal((HttpStatusCode.OK, ""), (await _curl.SendAsync("DELETE", one, null)) is var deleted ? (deleted.Status, deleted.Body) : default);
        ShouldBe(await GetAsync(one), HttpStatusCode.NotFound, "23025");

        // realm delete --wait
        await DeleteRealmAsync($"{realms}/{realm.Id}");
    }

    private static string Path(string prefix, string resource) => string.Create(CultureInfo.InvariantCulture, $"{prefix}/accounts/{ServerSetup.Account}/{resource}");

    private static string Credential(ApiRealm realm, string userName, string password) =>
        $"<SipCredential><UserName>{userName}</UserName><Hash1>{DigestHashes.Hash1(userName, realm.Fqdn, password)}</Hash1>"
        + $"<Hash1b>{DigestHashes.Hash1b(userName, realm.Fqdn, password)}</Hash1b></SipCredential>";

    private static string Rotation(ApiRealm realm, string password, string userName = "alice") =>
        $"<SipCredential><RealmId>{realm.Id}</RealmId><Hash1>{DigestHashes.Hash1(userName, realm.Fqdn, password)}</Hash1>"
        + $"<Hash1b>{DigestHashes.Hash1b(userName, realm.Fqdn, password)}</Hash1b></SipCredential>";

    private static void ShouldBe(CurlAnswer answer, HttpStatusCode status, string? code)
    {
        Assert.True(answer.Status == status && answer.ErrorCode == code, $"expected {(int)status} {code}, got {answer}");
        Assert.StartsWith("application/xml", answer.ContentType, StringComparison.Ordinal);
    }

    private Task<CurlAnswer> GetAsync(string path) => _curl.SendAsync("GET", path, null);

    private Task<CurlAnswer> PostAsync(string path, string body) => _curl.SendAsync("POST", path, body);

    private Task<CurlAnswer> PutAsync(string path, string body) => _curl.SendAsync("PUT", path, body);

    private async Task<ApiRealm> CreateRealmAsync(string prefix, string name, bool isDefault)
    {
        var created = await PostAsync(Path(prefix, "realms"), $"<Realm><Realm>{name}</Realm><Default>{(isDefault ? "true" : "false")}</Default></Realm>");
        Assert.True(created.Status == HttpStatusCode.Created, created.ToString());
        var realm = new ApiRealm(long.Parse(created["Id"], CultureInfo.InvariantCulture), created.Xml.Element("Realm")!.Element("Realm")!.Value);
        await Poll.UntilAsync("ACTIVE", async () => (await GetAsync(Path(prefix, $"realms/{realm.Id}")))["Status"] == "ACTIVE", Cancel);
        return realm;
    }

    private async Task RegisterAsync(string scenario, ApiRealm realm, string password)
    {
        var result = await SippRun.RunAsync(
            scenario, "udp", server.Setup.SipPort, realm.Fqdn, [$"alice;[authentication username=alice password={password}];{realm.Fqdn}"], Cancel);
        Assert.True(result.ExitCode == 0, result.ToString());
    }

    private async Task DeleteAllAsync(ApiRealm realm, string credentials)
    {
        var path = Path("/api", $"realms/{realm.Id}");
        Assert.Equal(HttpStatusCode.Conflict, (await _curl.SendAsync("DELETE", path, null)).Status);
        foreach (var id in (await _curl.SendAsync("GET", credentials, null, "-L")).Xml.Descendants("Id").Select(e => e.Value).ToList())
            Assert.Equal(HttpStatusCode.OK, (await _curl.SendAsync("DELETE", $"{credentials}/{id}", null)).Status);
        ShouldBe(await _curl.SendAsync("DELETE", path, null), HttpStatusCode.Conflict, "33006");
        var heir = await CreateRealmAsync("/api", "heir", isDefault: false);
        Assert.Equal("true", (await PutAsync(Path("/api", $"realms/{heir.Id}"), "<Realm><Default>true</Default></Realm>"))["Default"]);
        await DeleteRealmAsync(path);
    }

    private async Task DeleteRealmAsync(string path)
    {
        var deleted = await _curl.SendAsync("DELETE", path, null);
        Assert.Equal((HttpStatusCode.Accepted, ""), (deleted.Status, deleted.Body));
        await Poll.UntilAsync("the realm to be gone", async () => (await GetAsync(path)).Status == HttpStatusCode.NotFound, Cancel);
    }
}
