using System.Net;

namespace Sipstead.Provisioning.Tests.Api;

/// <summary>The acceptance run of contract 11 and the request sequences of contract 6, as a client sends them.</summary>
public sealed class AcceptanceTests
{
    private const string Hash1 = "1be6abcaa8e9956021d30f33a3925b99";
    private const string Hash1b = "e028e6577a0bb1b90a33d30a110dbdfe";
    private const string OtherHash = "fe438bddfc087dda89d29e637f5684ab";

    [Fact]
    public async Task AcceptanceRun_AsDocumented_GivesTheDocumentedCodes()
    {
        await using var host = await ApiHost.StartAsync();

        (await host.PostAsync("realms", "<Realm><Realm>office</Realm></Realm>")).ShouldBeError(400, "RealmResponse", 1003);
        (await host.PostAsync("realms", "<Realm><Realm>Off-ice</Realm><Default>true</Default></Realm>"))
            .ShouldBeError(400, "RealmResponse", 33013);
        var realm = await host.CreateActiveRealmAsync("office", isDefault: true);
        (await host.PostAsync("realms", "<Realm><Realm>office</Realm><Default>false</Default></Realm>"))
            .ShouldBeError(409, "RealmResponse", 33002);

        var list = $"realms/{realm}/sipCredentials";
        var alice = $"<SipCredential><UserName>alice</UserName><Hash1>{Hash1}</Hash1><Hash1b>{Hash1b}</Hash1b></SipCredential>";
        var first = await host.PostAsync(list, $"<SipCredentials>{alice}</SipCredentials>");
        Assert.Equal(HttpStatusCode.Created, first.Status);
        Assert.Null(first.Xml!.Element("Errors"));

        var mixed = await host.PostAsync(
            list, $"<SipCredentials>{alice}{alice.Replace("alice", "Bob", StringComparison.Ordinal)}</SipCredentials>");
        Assert.Equal(HttpStatusCode.Created, mixed.Status);
        Assert.Equal(["Errors", "ValidSipCredentials"], mixed.Xml!.Elements().Select(e => e.Name.LocalName));
        Assert.Equal("23026", mixed.Value("ErrorCode"));
        Assert.Equal("Bob", mixed.Xml.Element("ValidSipCredentials")!.Element("SipCredential")!.Element("UserName")!.Value);

        var duplicate = await host.PostAsync(list, $"<SipCredentials>{alice}</SipCredentials>");
        Assert.Equal(HttpStatusCode.BadRequest, duplicate.Status);
        Assert.Null(duplicate.ErrorCode);
        Assert.Equal("Please check your input parameters.", duplicate.Description);
        Assert.Equal("23026", duplicate.Value("ErrorCode"));

        var redirect = await host.GetAsync(list);
        Assert.Equal(HttpStatusCode.SeeOther, redirect.Status);
        Assert.Equal(new Uri(host.Address, ApiHost.Path(list) + "?page=1&size=500"), redirect.Location);
        var page = await host.SendAsync(HttpMethod.Get, redirect.Location!.PathAndQuery);
        Assert.Equal(["alice", "Bob"], page.Values("UserName"));

        var id = first.Value("Id");
        var single = await host.GetAsync($"{list}/{id}");
        Assert.Equal("SipCredentialResponse", single.Root);
        Assert.Equal((Hash1, Hash1b), (single.Value("Hash1"), single.Value("Hash1b")));

        (await host.PutAsync($"{list}/{id}", $"<SipCredential><UserName>alice</UserName><RealmId>{realm}</RealmId><Hash1>{OtherHash}</Hash1></SipCredential>"))
            .ShouldBeError(400, "SipCredentialResponse", 23030);
        (await host.PutAsync($"{list}/{id}", $"<SipCredential><Hash1>{OtherHash}</Hash1></SipCredential>"))
            .ShouldBeError(400, "SipCredentialResponse", 23031);
        var rotated = await host.PutAsync($"{list}/{id}", $"<SipCredential><RealmId>{realm}</RealmId><Hash1>{OtherHash}</Hash1></SipCredential>");
        Assert.Equal((id, "alice", OtherHash, null), (rotated.Value("Id"), rotated.Value("UserName"), rotated.Value("Hash1"), rotated.Value("Hash1b")));

        (await host.DeleteAsync($"realms/{realm}")).ShouldBeError(409, "RealmResponse", 12666);
        foreach (var credential in page.Values("Id"))
        {
            var deleted = await host.DeleteAsync($"{list}/{credential}");
            Assert.Equal((HttpStatusCode.OK, ""), (deleted.Status, deleted.Body));
        }

        (await host.DeleteAsync($"realms/{realm}")).ShouldBeError(409, "RealmResponse", 33006);
        var other = await host.CreateActiveRealmAsync("branch");
        var promoted = await host.PutAsync($"realms/{other}", "<Realm><Default>true</Default></Realm>");
        Assert.Equal("true", promoted.Value("Default"));
        var gone = await host.DeleteAsync($"realms/{realm}");
        Assert.Equal((HttpStatusCode.Accepted, ""), (gone.Status, gone.Body));
        await Poll.UntilAsync(async () => (await host.GetAsync($"realms/{realm}")).Status == HttpStatusCode.NotFound);
        (await host.GetAsync($"realms/{realm}")).ShouldBeError(404, "RealmResponse", null);
    }
}
