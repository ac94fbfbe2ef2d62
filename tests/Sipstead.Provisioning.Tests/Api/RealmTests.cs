using System.Globalization;
using System.Net;
using System.Xml.Linq;
using Microsoft.Extensions.DependencyInjection;
using Sipstead.Provisioning.Accounts;

namespace Sipstead.Provisioning.Tests.Api;

/// <summary>Contract 4.</summary>
public sealed class RealmTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private readonly ApiHost _host = fixture.Host;

    [Fact]
    public async Task List_NoRealms_IsEmptyElement()
    {
        await using var host = await ApiHost.StartAsync();
        var answer = await host.GetAsync("realms");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Contains("<RealmsResponse><Realms /></RealmsResponse>", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_ValidRealm_AnswersPendingWithFqdnAndLocation()
    {
        var answer = await _host.PostAsync(
            "realms", "<Realm><Default>false</Default><Description>the main office</Description><Realm>created</Realm></Realm>");
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        var realm = answer.Xml!.Element("Realm")!;
        Assert.Equal(
            ["Id", "Realm", "Description", "Default", "SipCredentialCount", "Status"], realm.Elements().Select(e => e.Name.LocalName));
        var account = await _host.Services.GetRequiredService<AccountService>().FindAccountAsync(ApiHost.Account, TestContext.Current.CancellationToken);
        Assert.Equal($"created.{account!.Hex}.auth.sipstead.localhost", realm.Element("Realm")!.Value);
        Assert.Equal("the main office", answer.Value("Description"));
        Assert.Equal("false", answer.Value("Default"));
        Assert.Equal("0", answer.Value("SipCredentialCount"));
        Assert.Equal("CREATE_PENDING", answer.Value("Status"));
        Assert.Equal(new Uri(_host.Address, ApiHost.Path($"realms/{answer.Value("Id")}")), answer.Location);
    }

    [Theory]
    [InlineData("<Realm><Realm>nodefault</Realm></Realm>", 1003)]
    [InlineData("<Realm><Realm>emptydefault</Realm><Default/></Realm>", 1003)]
    [InlineData("<Realm><Default>true</Default></Realm>", 1003)]
    [InlineData("<Realm><Realm/><Default>true</Default></Realm>", 1003)]
    [InlineData("<Realm><Realm>baddefault</Realm><Default>maybe</Default></Realm>", 1008)]
    [InlineData("<Realm><Realm>a123456789012345678901234567890</Realm><Default>false</Default></Realm>", 33003)]
    [InlineData("<Realm><Realm>Upper</Realm><Default>false</Default></Realm>", 33013)]
    [InlineData("<Realm><Realm>hy-phen</Realm><Default>false</Default></Realm>", 33013)]
    [InlineData("<Realm><Realm>dot.ted</Realm><Default>false</Default></Realm>", 33013)]
    [InlineData("<Realm><Realm>under_score</Realm><Default>false</Default></Realm>", 33013)]
    [InlineData("<Realm><Realm>*</Realm><Default>false</Default></Realm>", 33013)]
    [InlineData("<Realm><Realm>é</Realm><Default>false</Default></Realm>", 33013)]
    [InlineData("<Realm><Realm>one</Realm><Realm>two</Realm><Default>false</Default></Realm>", 1009)]
    public async Task Create_BadInput_Is400WithTheCode(string xml, int code) =>
        (await _host.PostAsync("realms", xml)).ShouldBeError(400, "RealmResponse", code);

    [Fact]
    public async Task Create_LongDescription_Is400()
    {
        string Body(int length) => $"<Realm><Realm>long{length}</Realm><Default>false</Default><Description>{new string('d', length)}</Description></Realm>";
        (await _host.PostAsync("realms", Body(256))).ShouldBeError(400, "RealmResponse", 1011);
        Assert.Equal(HttpStatusCode.Created, (await _host.PostAsync("realms", Body(255))).Status);
    }

    [Fact]
    public async Task Create_SameName_Is409()
    {
        await _host.CreateActiveRealmAsync("twice");
        (await _host.PostAsync("realms", "<Realm><Realm>twice</Realm><Default>false</Default></Realm>"))
            .ShouldBeError(409, "RealmResponse", 33002);
    }

    [Theory]
    [InlineData("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Realm>\n <Realm> $ </Realm>\n <Default>true</Default>\n</Realm>")]
    [InlineData("<Realm xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\"><Realm>$</Realm><Default>True</Default></Realm>")]
    [InlineData("<Realm xmlns=\"urn:any\"><Default>false</Default><Unknown><Deep>x</Deep></Unknown><Realm attribute=\"1\">$</Realm></Realm>")]
    [InlineData("<!-- c --><Realm><?pi x?><Realm><![CDATA[$]]></Realm><Default>0</Default></Realm>")]
    public async Task Create_EveryWayClientsWriteIt_IsTaken(string xml)
    {
        var name = $"way{(uint)string.GetHashCode(xml, StringComparison.Ordinal)}";
        var answer = await _host.PostAsync("realms", xml.Replace("$", name, StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.StartsWith(name + ".", answer.Xml!.Element("Realm")!.Element("Realm")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_ByIdFqdnAndShortNameInAnyCase_FindsTheSame()
    {
        var id = await _host.CreateActiveRealmAsync("threeways");
        var fqdn = (await _host.GetAsync($"realms/{id}")).Xml!.Element("Realm")!.Element("Realm")!.Value;
        foreach (var reference in new[] { fqdn, fqdn.ToUpperInvariant(), "threeways", "ThreeWays", "three%77ays" })
            Assert.Equal(id.ToString(CultureInfo.InvariantCulture), (await _host.GetAsync($"realms/{reference}")).Value("Id"));
    }

    [Fact]
    public async Task Get_NameOfDigits_IsFoundUnlessItIsAnId()
    {
        var byName = await _host.CreateActiveRealmAsync("987654321");
        Assert.Equal(byName.ToString(CultureInfo.InvariantCulture), (await _host.GetAsync("realms/987654321")).Value("Id"));
        var other = await _host.CreateActiveRealmAsync(byName.ToString(CultureInfo.InvariantCulture));
        Assert.NotEqual(byName, other);
        Assert.Equal(byName.ToString(CultureInfo.InvariantCulture), (await _host.GetAsync($"realms/{byName}")).Value("Id"));
    }

    [Theory]
    [InlineData("nosuchrealm")]
    [InlineData("999999")]
    [InlineData("99999999999999999999999")]
    [InlineData("%01%0B")]
    public async Task UnknownRealm_GetHasNoCode_OthersHave33001(string reference)
    {
        (await _host.GetAsync($"realms/{reference}")).ShouldBeError(404, "RealmResponse", null);
        (await _host.PutAsync($"realms/{reference}", "<Realm><Default>true</Default></Realm>")).ShouldBeError(404, "RealmResponse", 33001);
        (await _host.DeleteAsync($"realms/{reference}")).ShouldBeError(404, "RealmResponse", 33001);
        (await _host.GetAsync($"realms/{reference}/sipcredentials?page=1")).ShouldBeError(404, "SipCredentialsResponse", 33001);
    }

    [Fact]
    public async Task List_Fragment_FiltersAndWantsThreeCharacters()
    {
        await _host.CreateActiveRealmAsync("fragmentone");
        await _host.CreateActiveRealmAsync("fragmenttwo");
        (await _host.GetAsync("realms?realmfragment=fr")).ShouldBeError(400, "RealmsResponse", 33011);
        Assert.Equal(2, (await _host.GetAsync("realms?realmfragment=FRAGMENT")).Values("Id").Count);
        Assert.Single((await _host.GetAsync("realms?RealmFragment=nttwo")).Values("Id"));
        Assert.Empty((await _host.GetAsync("realms?realmfragment=%25%25%25")).Values("Id"));
    }

    [Fact]
    public async Task Update_IsAFullReplacement()
    {
        var id = await _host.CreateActiveRealmAsync("updated");
        var fqdn = (await _host.GetAsync($"realms/{id}")).Xml!.Element("Realm")!.Element("Realm")!.Value;
        var described = await _host.PutAsync($"realms/{id}", $"<Realm><Realm>updated</Realm><Default>false</Default><Description>d</Description></Realm>");
        Assert.Equal((HttpStatusCode.OK, "d", "ACTIVE"), (described.Status, described.Value("Description"), described.Value("Status")));
        var cleared = await _host.PutAsync("realms/updated", $"<Realm><Realm>{fqdn}</Realm></Realm>");
        Assert.Equal((HttpStatusCode.OK, null, "false"), (cleared.Status, cleared.Value("Description"), cleared.Value("Default")));
        (await _host.PutAsync($"realms/{id}", "<Realm><Realm>other</Realm></Realm>")).ShouldBeError(400, "RealmResponse", 33005);
    }

    [Fact]
    public async Task Default_PromotedByPutAndPost_IsAlwaysTheOnlyOne()
    {
        await using var host = await ApiHost.StartAsync();
        var first = await host.CreateActiveRealmAsync("first", isDefault: true);
        var second = await host.CreateActiveRealmAsync("second");
        await host.PutAsync($"realms/{second}", "<Realm><Default>true</Default></Realm>");
        Assert.Equal(second, await DefaultAsync());
        (await host.PutAsync($"realms/{second}", "<Realm><Default>false</Default></Realm>")).ShouldBeError(400, "RealmResponse", 1005);
        Assert.Equal("false", (await host.PutAsync($"realms/{first}", "<Realm><Default>false</Default></Realm>")).Value("Default"));
        var third = await host.CreateActiveRealmAsync("third", isDefault: true);
        Assert.Equal(third, await DefaultAsync());

        async Task<long> DefaultAsync() => long.Parse(
            Assert.Single((await host.GetAsync("realms")).Xml!.Descendants("Default"), e => e.Value == "true").Parent!.Element("Id")!.Value,
            CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task Delete_DefaultRealm_Is409With33006()
    {
        await using var host = await ApiHost.StartAsync();
        var id = await host.CreateActiveRealmAsync("only", isDefault: true);
        (await host.DeleteAsync($"realms/{id}")).ShouldBeError(409, "RealmResponse", 33006);
    }

    [Fact]
    public async Task Delete_Realm_LeavesTheViewBeforeTheAnswerAndTheNameIsFreeAgain()
    {
        var id = await _host.CreateActiveRealmAsync("reborn");
        Assert.Equal(HttpStatusCode.Accepted, (await _host.DeleteAsync("realms/reborn")).Status);
        Assert.False(_host.View.Realms.TryFind(id, out _));
        await Poll.UntilAsync(async () => (await _host.GetAsync($"realms/{id}")).Status == HttpStatusCode.NotFound);
        Assert.NotEqual(id, await _host.CreateActiveRealmAsync("reborn"));
    }

    [Fact]
    public async Task Create_AccountWithoutSip_Is400With33004AndTheListIsEmpty()
    {
        await using var host = await ApiHost.StartAsync();
        var realm = await host.CreateActiveRealmAsync("before");
        var accounts = host.Services.GetRequiredService<AccountService>();
        await accounts.SetSipEnabledAsync(ApiHost.Account, false, TestContext.Current.CancellationToken);
        (await host.PostAsync("realms", "<Realm><Realm>office</Realm><Default>true</Default></Realm>")).ShouldBeError(400, "RealmResponse", 33004);
        (await host.PostAsync($"realms/{realm}/sipcredentials", "<SipCredentials><SipCredential><UserName>a</UserName><Hash1>b</Hash1></SipCredential></SipCredentials>"))
            .ShouldBeError(400, "SipCredentialsResponse", 33004);
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync("realms")).Status);
    }

    [Theory]
    [InlineData("{name}-{hex}.{base}", true)]
    [InlineData("{name}.{base}", false)]
    public async Task Create_OtherTemplate_NamesAreUniqueWhereTheFqdnIs(string template, bool isNameFreeInOtherAccount)
    {
        await using var host = await ApiHost.StartAsync(new ProvisioningOptions { RealmFqdn = template, BaseDomain = "Auth.Example.NET" });
        var realm = await host.CreateActiveRealmAsync("office");
        Assert.True(host.View.Realms.TryFind(realm, out var entry));
        var hex = (await host.Services.GetRequiredService<AccountService>().FindAccountAsync(ApiHost.Account, TestContext.Current.CancellationToken))!.Hex;
        Assert.Equal(template.Replace("{name}", "office", StringComparison.Ordinal).Replace("{hex}", hex, StringComparison.Ordinal)
            .Replace("{base}", "auth.example.net", StringComparison.Ordinal), entry.Fqdn);

        await host.Services.GetRequiredService<AccountService>().CreateAccountAsync(2, TestContext.Current.CancellationToken);
        using var other = await host.CreateUserAsync("other", ApiRole.Write, account: 2);
        using var content = new StringContent("<Realm><Realm>office</Realm><Default>true</Default></Realm>");
        var answer = await host.SendAsync(HttpMethod.Post, "/api/accounts/2/realms", content, other);
        if (isNameFreeInOtherAccount) Assert.Equal(HttpStatusCode.Created, answer.Status);
        else answer.ShouldBeError(409, "RealmResponse", 33002);
    }

    [Fact]
    public async Task Realm_OfAnotherAccount_IsNotFound()
    {
        var id = await _host.CreateActiveRealmAsync("mine");
        await _host.Services.GetRequiredService<AccountService>().CreateAccountAsync(77, TestContext.Current.CancellationToken);
        using var other = await _host.CreateUserAsync("stranger", ApiRole.Admin, account: 77);
        (await _host.SendAsync(HttpMethod.Get, $"/api/accounts/77/realms/{id}", null, other)).ShouldBeError(404, "RealmResponse", null);
        (await _host.SendAsync(HttpMethod.Delete, $"/api/accounts/77/realms/{id}", null, other)).ShouldBeError(404, "RealmResponse", 33001);
        (await _host.SendAsync(HttpMethod.Get, $"/api/accounts/77/realms/{id}/sipcredentials?page=1", null, other))
            .ShouldBeError(404, "SipCredentialsResponse", 33001);
    }

    [Fact]
    public async Task Description_OfAnyText_ComesBackUnchangedAndWellFormed()
    {
        const string text = "<script>alert(1)</script> & \"quotes\" ]]> line\nbreak \u2028 \U0001F4DE";
        await _host.CreateActiveRealmAsync("texts");
        var answer = await _host.PutAsync(
            "realms/texts", new XElement("Realm", new XElement("Description", text)).ToString(SaveOptions.DisableFormatting));
        Assert.Equal(text, answer.Value("Description"));
        Assert.DoesNotContain("<script>", answer.Body, StringComparison.Ordinal);
    }
}
