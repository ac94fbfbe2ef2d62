using System.Net;

namespace Sipstead.Provisioning.Tests.Api;

/// <summary>What the command-line client sends for each of its commands, in its order (contract 6), under the prefix that it uses.</summary>
public sealed class ClientSequenceTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private const string Hash1 = "1be6abcaa8e9956021d30f33a3925b99";
    private const string Hash1b = "e028e6577a0bb1b90a33d30a110dbdfe";
    private const string OtherHash = "fe438bddfc087dda89d29e637f5684ab";

    private readonly ApiHost _host = fixture.Host;

    private Task<ApiHost.Answer> SendAsync(HttpMethod method, string path, string? xml = null) =>
        _host.SendAsync(method, $"/api/v2/accounts/{ApiHost.Account}/{path}", xml);

    private async Task<string> CreateRealmAsync(string name)
    {
        var created = await SendAsync(HttpMethod.Post, "realms", $"<Realm><Default>false</Default><Realm>{name}</Realm></Realm>");
        Assert.Equal((HttpStatusCode.Created, "CREATE_PENDING"), (created.Status, created.Value("Status")));
        await Poll.UntilAsync(async () => (await SendAsync(HttpMethod.Get, $"realms/{created.Value("Id")}")).Value("Status") == "ACTIVE");
        return created.Value("Id")!;
    }

    [Fact]
    public async Task RealmCreate_IfNotExists_FindsItByShortNameInTheList()
    {
        await CreateRealmAsync("existing");
        var list = await SendAsync(HttpMethod.Get, "realms");
        Assert.Equal("RealmsResponse", list.Root);

        // The client takes the first label, cut at its last hyphen, for the short name.
        Assert.Contains(list.Xml!.Element("Realms")!.Elements("Realm"), realm => realm.Element("Realm")!.Value.Split('.')[0] == "existing");
    }

    [Fact]
    public async Task RealmUpdate_ReadBackShortNameAndDefault_IsTaken()
    {
        var id = await CreateRealmAsync("readback");
        Assert.Equal(id, (await SendAsync(HttpMethod.Get, "realms/readback")).Value("Id"));
        var updated = await SendAsync(
            HttpMethod.Put, $"realms/{id}", "<Realm><Default>false</Default><Description>new</Description><Realm>readback</Realm></Realm>");
        Assert.Equal((HttpStatusCode.OK, "new"), (updated.Status, updated.Value("Description")));
    }

    [Fact]
    public async Task RealmDelete_Wait_PollsUntil404()
    {
        var id = await CreateRealmAsync("shortlived");
        Assert.Equal(HttpStatusCode.Accepted, (await SendAsync(HttpMethod.Delete, $"realms/{id}")).Status);
        await Poll.UntilAsync(async () => (await SendAsync(HttpMethod.Get, $"realms/{id}")).Status == HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task CredentialCommands_CreateAgainRotateListDelete_GiveWhatTheClientChecks()
    {
        var realm = await CreateRealmAsync("credentials");
        var path = $"realms/{realm}/sipcredentials";
        var body = $"<SipCredentials><SipCredential><UserName>CliTest</UserName><Hash1>{Hash1}</Hash1><Hash1b>{Hash1b}</Hash1b></SipCredential></SipCredentials>";

        Assert.Equal("ACTIVE", (await SendAsync(HttpMethod.Get, "realms/credentials")).Value("Status"));
        var created = await SendAsync(HttpMethod.Post, path, body);
        var valid = created.Xml!.Element("ValidSipCredentials")!.Element("SipCredential")!;
        Assert.Equal("CliTest", valid.Element("UserName")!.Value);

        // --if-not-exists: 23026, then the list, then the one credential with both hashes.
        var again = await SendAsync(HttpMethod.Post, path, body);
        Assert.Equal((HttpStatusCode.BadRequest, "23026"), (again.Status, again.Xml!.Element("Errors")!.Element("Error")!.Element("ErrorCode")!.Value));
        var redirect = await SendAsync(HttpMethod.Get, path);
        Assert.Equal((HttpStatusCode.SeeOther, _host.Address.Authority), (redirect.Status, redirect.Location!.Authority));
        var list = await _host.SendAsync(HttpMethod.Get, redirect.Location.PathAndQuery);
        var id = list.Xml!.Element("SipCredentials")!.Elements("SipCredential").Single().Element("Id")!.Value;
        var one = await SendAsync(HttpMethod.Get, $"{path}/{id}");
        Assert.Equal((Hash1, Hash1b, null), (one.Value("Hash1"), one.Value("Hash1b"), one.Value("HttpVoiceV2AppId")));

        var rotated = await SendAsync(
            HttpMethod.Put, $"{path}/{id}", $"<SipCredential><RealmId>{realm}</RealmId><Hash1>{OtherHash}</Hash1><Hash1b>{Hash1b}</Hash1b></SipCredential>");
        Assert.Equal((id, OtherHash), (rotated.Value("Id"), rotated.Value("Hash1")));
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Delete, $"{path}/{id}")).Status);
        Assert.Empty((await SendAsync(HttpMethod.Get, $"{path}?page=1&size=500")).Values("Id"));
    }

    /// <summary>Its generic writer sorts children alphabetically (contract 1), and sends the type back unchanged on an update.</summary>
    [Fact]
    public async Task AppCommands_CreateGetUpdateListDelete_GiveWhatTheClientReads()
    {
        var created = await SendAsync(
            HttpMethod.Post,
            "applications",
            "<Application><AppName>cli</AppName><CallInitiatedCallbackUrl>https://app.example/v</CallInitiatedCallbackUrl><ServiceType>Voice-V2</ServiceType></Application>");
        Assert.Equal(HttpStatusCode.Created, created.Status);
        var id = created.Xml!.Element("Application")!.Element("ApplicationId")!.Value;
        Assert.Equal("cli", (await SendAsync(HttpMethod.Get, $"applications/{id}")).Xml!.Element("Application")!.Element("AppName")!.Value);
        var updated = await SendAsync(
            HttpMethod.Put,
            $"applications/{id}",
            "<Application><AppName>cli two</AppName><CallInitiatedCallbackUrl>https://app.example/v</CallInitiatedCallbackUrl><ServiceType>Voice-V2</ServiceType></Application>");
        Assert.Equal((HttpStatusCode.OK, "cli two"), (updated.Status, updated.Value("AppName")));
        var list = await SendAsync(HttpMethod.Get, "applications");
        Assert.Contains(list.Xml!.Element("ApplicationList")!.Elements("Application"), a => a.Element("ApplicationId")!.Value == id);
        Assert.Empty((await SendAsync(HttpMethod.Get, $"applications/{id}/associatedsippeers")).Xml!.Element("AssociatedSipPeers")!.Elements());
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Delete, $"applications/{id}")).Status);
    }
}
