using System.Globalization;
using System.Net;
using System.Text;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Sipstead.Provisioning.Accounts;

namespace Sipstead.Provisioning.Tests.Api;

/// <summary>Contract 5.4: credentials by their names, with domains and the default realm. Each test has a host of its own.</summary>
public sealed class AccountCredentialTests : IAsyncLifetime
{
    private const string Hash1 = "817d76e91aad032a8c272229f468bfb2";
    private const string OtherHash = "fe438bddfc087dda89d29e637f5684ab";

    private ApiHost _host = null!;
    private long _office;

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync();
        _office = await _host.CreateActiveRealmAsync("office", isDefault: true);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static string Entry(string? name, string more = "") =>
        $"<SipCredential>{(name is null ? "" : $"<UserName>{name}</UserName>")}<Hash1>{Hash1}</Hash1>{more}</SipCredential>";

    private static string Domain(string domain) => $"<Domain>{domain}</Domain>";

    private Task<ApiHost.Answer> CreateAsync(params string[] entries) =>
        _host.PostAsync("sipCredentials", $"<SipCredentials>{string.Concat(entries)}</SipCredentials>");

    private static void ShouldBeRejected(ApiHost.Answer answer, int code)
    {
        answer.ShouldBeError(400, "SipCredentialsResponse", null);
        Assert.Equal([code.ToString(CultureInfo.InvariantCulture)], answer.Xml!.Element("Errors")!.Descendants("ErrorCode").Select(e => e.Value));
        Assert.DoesNotContain(Hash1, answer.Body, StringComparison.Ordinal);
    }

    /// <summary>The documents' own example: a domain apart stays apart, an aggregated name stays whole; SIP knows both by the whole name.</summary>
    [Fact]
    public async Task Create_NameAndDomainOrAggregated_AreShownAsSubmitted_AndOneNameToSip()
    {
        var answer = await CreateAsync(Entry("John", Domain("bw.com")), Entry("Mathew@bw.com"), Entry("sipauthtest"));
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Equal(["John", "Mathew@bw.com", "sipauthtest"], answer.Xml!.Element("ValidSipCredentials")!.Descendants("UserName").Select(e => e.Value));
        Assert.Equal(["bw.com"], answer.Values("Domain"));
        Assert.Equal([_office.ToString(CultureInfo.InvariantCulture)], answer.Values("RealmId").Distinct());

        var john = await _host.GetAsync("sipcredentials/john%40BW.com");
        Assert.Equal((HttpStatusCode.OK, "SipCredentialResponse"), (john.Status, john.Root));
        Assert.Equal(("John", "bw.com", Hash1), (john.Value("UserName"), john.Value("Domain"), john.Value("Hash1")));
        Assert.Equal("Mathew@bw.com", (await _host.GetAsync("sipcredentials/Mathew@bw.com")).Value("UserName"));
        Assert.True(_host.View.Credentials.TryFind(_office, "John@bw.com"u8, out _));

        // The realm's API knows no domains: the name is whole.
        Assert.Equal("John@bw.com", (await _host.GetAsync($"realms/office/sipcredentials/{john.Value("Id")}")).Value("UserName"));
    }

    [Theory]
    [InlineData("<Realm>branch</Realm>")]
    [InlineData("<Realm>BRANCH</Realm>")]
    [InlineData("<Realm>{fqdn}</Realm>")]
    [InlineData("<RealmId>{id}</RealmId>")]
    public async Task Create_RealmNamed_GoesThere(string realm)
    {
        var branch = await _host.CreateActiveRealmAsync("branch");
        var fqdn = (await _host.GetAsync("realms/branch")).Value("Realm");
        var answer = await CreateAsync(Entry("bob", realm.Replace("{fqdn}", fqdn, StringComparison.Ordinal)
            .Replace("{id}", branch.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)));
        Assert.Equal((HttpStatusCode.Created, fqdn), (answer.Status, answer.Value("Realm")));
    }

    [Fact]
    public async Task Create_WithoutADefaultRealm_Is23021()
    {
        await using var host = await ApiHost.StartAsync();
        await host.CreateActiveRealmAsync("office");
        ShouldBeRejected(await host.PostAsync("sipcredentials", $"<SipCredentials>{Entry("bob")}</SipCredentials>"), 23021);
    }

    [Theory]
    [InlineData(null, "", 1003)]
    [InlineData("b:b", "", 23014)]
    [InlineData("b@b", "<Domain>bw.com</Domain>", 23014)]
    [InlineData("bob", "<Domain>bw com</Domain>", 23015)]
    [InlineData("bob", "<Domain>bw@com</Domain>", 23015)]
    [InlineData("bob@", "", 23016)]
    [InlineData("b@b@b", "", 23016)]
    [InlineData("bob", "<Domain>a234567890b234567890c234567890d.x</Domain>", 23002)]
    [InlineData("a234567890b234567890c234567890d.x", "<Domain>bw.com</Domain>", 23002)]
    [InlineData("bob", "<Realm>nowhere</Realm>", 23018)]
    [InlineData("bob", "<RealmId>4711</RealmId>", 23018)]
    [InlineData("bob", "<RealmId>x</RealmId>", 23018)]
    [InlineData("bob", "<Realm>office</Realm><RealmId>4711</RealmId>", 23018)]
    [InlineData("bob", "<HttpVoiceV2AppId>x</HttpVoiceV2AppId>", 23020)]
    [InlineData("bob", "<HttpVoiceV2AppId>68092813-741b-4afe-b198-91f425bce81e</HttpVoiceV2AppId>", 23019)]
    public async Task Create_WhatCannotBe_IsRejectedWithItsCode(string? name, string more, int code) =>
        ShouldBeRejected(await CreateAsync(Entry(name, more)), code);

    [Fact]
    public async Task Create_Rejected_IsEchoedWithItsDomain()
    {
        var answer = await CreateAsync(Entry(null, Domain("bw.com")), Entry("good"));
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        var error = answer.Xml!.Element("Errors")!.Element("Error")!;
        Assert.Equal(("1003", "UserName is required"), (error.Element("ErrorCode")!.Value, error.Element("Description")!.Value));
        Assert.Equal("bw.com", error.Element("SipCredential")!.Element("Domain")!.Value);
    }

    [Fact]
    public async Task Create_NameThatIsOnTheAccount_Is23009_WhateverItsRealmCaseAndForm()
    {
        await _host.CreateActiveRealmAsync("branch");
        Assert.Equal(HttpStatusCode.Created, (await CreateAsync(Entry("Bill", Domain("bw.com") + "<Realm>branch</Realm>"))).Status);
        var answer = await CreateAsync(Entry("bill", Domain("BW.com")));
        ShouldBeRejected(answer, 23009);
        Assert.Equal(
            $"Sip credential bill@BW.com does already exist on the account with ID = {ApiHost.Account}",
            answer.Xml!.Element("Errors")!.Descendants("Description").Single().Value);
        ShouldBeRejected(await CreateAsync(Entry("BILL@bw.com")), 23009);
        var twice = await CreateAsync(Entry("new"), Entry("NEW", "<Realm>branch</Realm>"));
        Assert.Equal((HttpStatusCode.Created, "23000"), (twice.Status, twice.Value("ErrorCode")));
    }

    [Fact]
    public async Task Create_AccountOrRealmNotSetUp_IsRefused()
    {
        var accounts = _host.Services.GetRequiredService<AccountService>();
        await accounts.SetSipEnabledAsync(ApiHost.Account, isEnabled: false, TestContext.Current.CancellationToken);
        (await CreateAsync(Entry("bob"))).ShouldBeError(400, "SipCredentialsResponse", 33004);
        (await CreateAsync()).ShouldBeError(400, "SipCredentialsResponse", 23006);
    }

    /// <summary>One name in two realms, which the realm's API allows: the older one is meant.</summary>
    [Fact]
    public async Task Get_OneNameInTwoRealms_IsTheOlder()
    {
        await _host.CreateActiveRealmAsync("branch");
        var first = await _host.PostAsync("realms/branch/sipcredentials", $"<SipCredentials>{Entry("bob")}</SipCredentials>");
        await _host.PostAsync("realms/office/sipcredentials", $"<SipCredentials>{Entry("bob")}</SipCredentials>");
        Assert.Equal(first.Value("Id"), (await _host.GetAsync("sipcredentials/bob")).Value("Id"));
    }

    [Fact]
    public async Task Update_HashesAndApplication_AreNew_TheNameStays()
    {
        var id = (await CreateAsync(Entry("John", Domain("bw.com") + $"<Hash1b>{Hash1}</Hash1b>"))).Value("Id");
        var application = await _host.CreateApplicationAsync("ivr");
        var answer = await _host.PutAsync(
            "sipcredentials/John@bw.com",
            $"<SipCredential><UserName>John</UserName><Domain>bw.com</Domain><Realm>office</Realm><Hash1>{OtherHash}</Hash1><HttpVoiceV2AppId>{application}</HttpVoiceV2AppId></SipCredential>");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal((id, "John", "bw.com", OtherHash, null), (answer.Value("Id"), answer.Value("UserName"), answer.Value("Domain"), answer.Value("Hash1"), answer.Value("Hash1b")));
        Assert.Equal(application, answer.Value("HttpVoiceV2AppId"));
    }

    [Theory]
    [InlineData("<UserName>Jack</UserName><Hash1>h</Hash1>", 23004)]
    [InlineData("<UserName>john</UserName><Hash1>h</Hash1>", 23004)]
    [InlineData("<Domain>other.com</Domain><Hash1>h</Hash1>", 23004)]
    [InlineData("", 1003)]
    [InlineData("<Hash1>h</Hash1><Realm>elsewhere</Realm>", 23018)]
    [InlineData("<Hash1>h</Hash1><HttpVoiceV2AppId>x</HttpVoiceV2AppId>", 23020)]
    public async Task Update_WhatCannotBe_Is400WithItsCode(string fields, int code)
    {
        await CreateAsync(Entry("John", Domain("bw.com")));
        (await _host.PutAsync("sipcredentials/John@bw.com", $"<SipCredential>{fields}</SipCredential>")).ShouldBeError(400, "SipCredentialResponse", code);
    }

    [Fact]
    public async Task Delete_TheNameIsGone_AndFreeAgain()
    {
        await CreateAsync(Entry("John", Domain("bw.com")));
        var deleted = await _host.DeleteAsync("sipcredentials/john@bw.com");
        Assert.Equal((HttpStatusCode.OK, ""), (deleted.Status, deleted.Body));
        Assert.False(_host.View.Credentials.TryFind(_office, "John@bw.com"u8, out _));
        foreach (var answer in new[]
        {
            await _host.GetAsync("sipcredentials/John@bw.com"),
            await _host.DeleteAsync("sipcredentials/John@bw.com"),
            await _host.PutAsync("sipcredentials/John@bw.com", "<SipCredential><Hash1>h</Hash1></SipCredential>"),
        })
        {
            answer.ShouldBeError(404, "SipCredentialResponse", 23007);
            Assert.Equal($"Sip credential John@bw.com was not found on the account with ID = {ApiHost.Account}", answer.Description);
        }

        Assert.Equal(HttpStatusCode.Created, (await CreateAsync(Entry("John@bw.com"))).Status);
    }

    [Fact]
    public async Task List_OfAnAccountWithoutAny_Is404With23008()
    {
        Assert.Equal(HttpStatusCode.SeeOther, (await _host.GetAsync("sipcredentials")).Status);
        (await _host.GetAsync("sipcredentials?page=1")).ShouldBeError(404, "SipCredentialsResponse", 23008);
    }

    [Theory]
    [InlineData("", "John,Mathew@bw.com,johanna,joe")]
    [InlineData("&userNamefragment=JOH", "John,johanna")]
    [InlineData("&usernamefragment=bw.com", "Mathew@bw.com")]
    [InlineData("&domainfragment=BW.c", "John,Mathew@bw.com")]
    [InlineData("&domainfragment=joh", "")]
    [InlineData("&realmFragment=bran", "johanna,joe")]
    [InlineData("&realmFragment=bran&usernamefragment=hanna", "johanna")]
    [InlineData("&applicationNameFragment=IVR", "joe")]
    [InlineData("&size=2", "John,Mathew@bw.com")]
    [InlineData("&page=mathew@bw.com", "Mathew@bw.com,johanna,joe")]
    public async Task List_PagesAndFragments_OverEveryRealm(string query, string expected)
    {
        await _host.CreateActiveRealmAsync("branch");
        var application = await _host.CreateApplicationAsync("the ivr");
        await CreateAsync(
            Entry("John", Domain("bw.com")), Entry("Mathew@bw.com"), Entry("johanna", "<Realm>branch</Realm>"),
            Entry("joe", $"<Realm>branch</Realm><HttpVoiceV2AppId>{application}</HttpVoiceV2AppId>"));
        var path = query.StartsWith("&page", StringComparison.Ordinal) ? $"sipcredentials?{query[1..]}" : $"sipcredentials?page=1{query}";
        var answer = await _host.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(expected.Split(',', StringSplitOptions.RemoveEmptyEntries), answer.Values("UserName"));
        Assert.Equal(query == "&size=2", answer.Xml!.Element("Links")!.Element("next") is not null);
    }

    [Theory]
    [InlineData("page=1&domainfragment=ab", 1012)]
    [InlineData("page=1&realmFragment=ab", 1012)]
    [InlineData("page=no@body", 23012)]
    [InlineData("page=1&size=5001", 23012)]
    public async Task List_BadQuery_Is400(string query, int code)
    {
        await CreateAsync(Entry("bob"));
        (await _host.GetAsync($"sipcredentials?{query}")).ShouldBeError(400, "SipCredentialsResponse", code);
    }

    /// <summary>S-10: realms and credentials of another account are as those of nobody.</summary>
    [Fact]
    public async Task S_10_RealmsAndNamesOfAnotherAccount_AreThoseOfNobody()
    {
        await _host.Services.GetRequiredService<AccountService>().CreateAccountAsync(31, TestContext.Current.CancellationToken);
        using var stranger = await _host.CreateUserAsync("stranger", ApiRole.Admin, account: 31);
        await CreateAsync(Entry("bob"));
        var fqdn = (await _host.GetAsync("realms/office")).Value("Realm");
        foreach (var realm in new[] { $"<Realm>{fqdn}</Realm>", $"<RealmId>{_office}</RealmId>", "<Realm>nowhere</Realm>" })
        {
            using var body = new StringContent($"<SipCredentials>{Entry("eve", realm)}</SipCredentials>", Encoding.UTF8, "application/xml");
            ShouldBeRejected(await _host.SendAsync(HttpMethod.Post, "/api/accounts/31/sipcredentials", body, stranger), 23018);
        }

        (await _host.SendAsync(HttpMethod.Get, "/api/accounts/31/sipcredentials/bob", null, stranger)).ShouldBeError(404, "SipCredentialResponse", 23007);
        (await _host.SendAsync(HttpMethod.Delete, "/api/accounts/31/sipcredentials/bob", null, stranger)).ShouldBeError(404, "SipCredentialResponse", 23007);
        (await _host.SendAsync(HttpMethod.Get, "/api/accounts/31/sipcredentials?page=1", null, stranger)).ShouldBeError(404, "SipCredentialsResponse", 23008);
    }

    /// <summary>Whatever names are submitted: what is stored is found by its composite name and shown as it was submitted.</summary>
    [Fact]
    public async Task Create_AnyNameAndDomain_ComesBackAsSubmitted()
    {
        var text = Gen.Char["aZ09._-!$&*+=~@ :"].Array[0, 6].Select(chars => new string(chars));
        var cases = new List<(string Name, string Domain)>();
        Gen.Select(text, text).Array[200].Sample(pairs => cases.AddRange(pairs.Select(p => (p.Item1, p.Item2))), iter: 1, threads: 1);
        foreach (var (submittedName, submittedDomain) in cases)
        {
            var answer = await CreateAsync(Entry(Escape(submittedName), Domain(Escape(submittedDomain))));
            if (answer.Status != HttpStatusCode.Created)
            {
                Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
                continue;
            }

            var (name, domain) = (submittedName.Trim(), submittedDomain.Trim()); // as every text of a request
            Assert.Equal((name, domain), (answer.Value("UserName"), answer.Value("Domain") ?? ""));
            var composite = Uri.EscapeDataString(domain.Length > 0 ? $"{name}@{domain}" : name);
            if (composite is "." or "..") continue; // no path names these
            Assert.Equal((name, domain), await ShownAsync(composite));
            Assert.Equal(HttpStatusCode.OK, (await _host.DeleteAsync($"sipcredentials/{composite}")).Status);
        }
    }

    private async Task<(string? Name, string Domain)> ShownAsync(string composite)
    {
        var answer = await _host.GetAsync($"sipcredentials/{composite}");
        return (answer.Value("UserName"), answer.Value("Domain") ?? "");
    }

    private static string Escape(string text) => System.Security.SecurityElement.Escape(text);
}
