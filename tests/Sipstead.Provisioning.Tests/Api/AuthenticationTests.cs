using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Sipstead.Provisioning.Accounts;

namespace Sipstead.Provisioning.Tests.Api;

/// <summary>Contract 2.1 and 2.3; rulings 22 to 24.</summary>
public sealed class AuthenticationTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private readonly ApiHost _host = fixture.Host;

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Basic")]
    [InlineData("Basic !!!")]
    [InlineData("Basic bm9jb2xvbg==")]
    [InlineData("Basic /zr/")]
    [InlineData("Digest abc")]
    [InlineData("Basic YWRtaW46d3Jvbmc=")]
    [InlineData("Basic bm9ib2R5Ondyb25n")]
    [InlineData("Basic QURNSU46Y29ycmVjdCBob3JzZSBiYXR0ZXJ5")]
    public async Task NoOrWrongCredentials_Is401WithTheChallengeAndOneBody(string? header)
    {
        using var client = new HttpClient { BaseAddress = _host.Address };
        if (header is not null) client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", header);
        var answer = await _host.SendAsync(HttpMethod.Get, ApiHost.Path("realms"), null, client);
        answer.ShouldBeError(401, "RealmsResponse", null);
        Assert.Equal("The user name or password is missing or wrong.", answer.Description);
        Assert.Equal("Basic realm=\"Bandwidth API\"", Assert.Single(answer.Headers.WwwAuthenticate).ToString());
    }

    [Fact]
    public async Task VeryLongHeader_Is401()
    {
        using var client = new HttpClient { BaseAddress = _host.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(new byte[9000]));
        Assert.Equal(HttpStatusCode.Unauthorized, (await _host.SendAsync(HttpMethod.Get, ApiHost.Path("realms"), null, client)).Status);
    }

    [Fact]
    public async Task OtherAccount_ExistingOrNot_Is404With4022()
    {
        await _host.Services.GetRequiredService<AccountService>().CreateAccountAsync(31, TestContext.Current.CancellationToken);
        foreach (var account in new[] { "31", "32", "0", "-1", "x", "99999999999999999999" })
        {
            foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post, HttpMethod.Patch })
            {
                var answer = await _host.SendAsync(method, $"/api/accounts/{account}/realms");
                answer.ShouldBeError(404, method == HttpMethod.Post ? "RealmResponse" : "RealmsResponse", 4022);
                Assert.Equal($"Account '{account}' does not exist or is locked", answer.Description);
            }
        }
    }

    [Fact]
    public async Task Role_Read_MayReadAndNothingElse()
    {
        using var reader = await _host.CreateUserAsync("reader", ApiRole.Read);
        Assert.Equal(HttpStatusCode.OK, (await _host.SendAsync(HttpMethod.Get, ApiHost.Path("realms"), null, reader)).Status);
        var refused = await _host.SendAsync(HttpMethod.Post, ApiHost.Path("realms"), null, reader);
        refused.ShouldBeError(403, "RealmResponse", 1001);
        Assert.Equal("Access Denied", refused.Description);
        (await _host.SendAsync(HttpMethod.Delete, ApiHost.Path("realms/1"), null, reader)).ShouldBeError(403, "RealmResponse", 1001);
        (await _host.SendAsync(HttpMethod.Put, ApiHost.Path("realms/1/sipcredentials/1"), null, reader))
            .ShouldBeError(403, "SipCredentialResponse", 1001);
    }

    [Fact]
    public async Task Role_Changed_HoldsFromTheNextRequest()
    {
        var accounts = _host.Services.GetRequiredService<AccountService>();
        using var user = await _host.CreateUserAsync("promoted", ApiRole.Read);
        var cancel = TestContext.Current.CancellationToken;
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(HttpMethod.Get));
        await accounts.SetRoleAsync("promoted", ApiHost.Account, ApiRole.Write, cancel);
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(HttpMethod.Post));
        await accounts.SetRoleAsync("promoted", ApiHost.Account, null, cancel);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(HttpMethod.Get));

        async Task<HttpStatusCode> StatusAsync(HttpMethod method) => (await _host.SendAsync(method, ApiHost.Path("realms"), null, user)).Status;
    }

    [Fact]
    public async Task Password_Changed_TheOldOneIsRefusedAtOnce()
    {
        using var user = await _host.CreateUserAsync("rotating", ApiRole.Read);
        Assert.Equal(HttpStatusCode.OK, (await _host.SendAsync(HttpMethod.Get, ApiHost.Path("realms"), null, user)).Status);
        var accounts = _host.Services.GetRequiredService<AccountService>();
        await accounts.ChangePasswordAsync("rotating", "another password", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _host.SendAsync(HttpMethod.Get, ApiHost.Path("realms"), null, user)).Status);
        using var changed = _host.CreateClient("rotating", "another password");
        Assert.Equal(HttpStatusCode.OK, (await _host.SendAsync(HttpMethod.Get, ApiHost.Path("realms"), null, changed)).Status);
    }

    [Fact]
    public async Task NameAndPassword_InUtf8_AreAccepted()
    {
        var accounts = _host.Services.GetRequiredService<AccountService>();
        await accounts.CreateUserAsync("jürgen", "pässwörd:with:colons", ApiHost.Account, ApiRole.Read, TestContext.Current.CancellationToken);
        using var user = _host.CreateClient("jürgen", "pässwörd:with:colons");
        Assert.Equal(HttpStatusCode.OK, (await _host.SendAsync(HttpMethod.Get, ApiHost.Path("realms"), null, user)).Status);
    }

    [Fact]
    public async Task Secrets_OfTheWholeRun_AreInNoLog()
    {
        const string hash = "0123456789abcdef0123456789abcdef";
        const string callbackPassword = "callback horse battery";
        await using var host = await ApiHost.StartAsync();
        var realm = await host.CreateActiveRealmAsync("secrets");
        var path = $"realms/{realm}/sipcredentials";
        string Entry(string more) => $"<SipCredentials><SipCredential><UserName>alice</UserName><Hash1>{hash}</Hash1>{more}</SipCredential></SipCredentials>";
        var created = await host.PostAsync(path, Entry(""));
        var errors = new[]
        {
            await host.PostAsync(path, Entry("")),
            await host.PostAsync(path, Entry($"<Hash1b>{hash}{hash}{hash}</Hash1b>")),
            await host.PostAsync(path, Entry($"</{hash}>")),
            await host.PostAsync(path, $"<{hash.Replace('0', 'a')}/>"),
            await host.PostAsync(path, $"<SipCredentials>{hash}</Oops{hash}>"),
            await host.PutAsync($"{path}/{created.Value("Id")}", $"<SipCredential><RealmId>0</RealmId><Hash1>{hash}</Hash1></SipCredential>"),
        };
        Assert.All(errors, answer =>
        {
            Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
            Assert.DoesNotContain(hash[1..], answer.Body, StringComparison.OrdinalIgnoreCase);
        });
        await host.PutAsync($"{path}/{created.Value("Id")}", $"<SipCredential><RealmId>{realm}</RealmId><Hash1>{hash}</Hash1></SipCredential>");
        await host.PostAsync(
            "applications",
            "<Application><ServiceType>Voice</ServiceType><AppName>a</AppName><CallInitiatedCallbackUrl>http://localhost/</CallInitiatedCallbackUrl>"
            + $"<CallbackCreds><UserId>u</UserId><Password>{callbackPassword}</Password></CallbackCreds></Application>");
        var answers = await host.GetAsync("applications");
        Assert.Equal("u", answers.Value("UserId"));
        Assert.DoesNotContain(callbackPassword, answers.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(callbackPassword, host.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(hash, host.Log.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(ApiHost.Password, host.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes("admin:" + ApiHost.Password)), host.Log.Text, StringComparison.Ordinal);
        Assert.Contains($"admin in account {ApiHost.Account}: POST", host.Log.Text, StringComparison.Ordinal);
    }
}
