using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Sipstead.Provisioning.Accounts;

namespace Sipstead.Provisioning.Tests.Api;

/// <summary>What one account has is not there for another: on every path and in every body, and answered as what does not exist at all.</summary>
public sealed class TenantTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private const long Other = 4711;
    private const string Hash1 = "1be6abcaa8e9956021d30f33a3925b99";
    private const string NoApplication = "68092813-741b-4afe-b198-91f425bce81e";
    private const long NoId = 999_999_999;

    private readonly ApiHost _host = fixture.Host;

    private static string Rotation(long realm) => $"<SipCredential><RealmId>{realm}</RealmId><Hash1>{Hash1}</Hash1></SipCredential>";

    private static string Application(string name) =>
        $"<Application><ServiceType>Voice-V2</ServiceType><AppName>{name}</AppName><CallInitiatedCallbackUrl>http://localhost/voice</CallInitiatedCallbackUrl></Application>";

    [Fact]
    public async Task S_10_IdsOfAnotherAccount_AreAnsweredAsIdsOfNobody()
    {
        var realm = await _host.CreateActiveRealmAsync("tenant");
        var created = await _host.PostAsync(
            $"realms/{realm}/sipcredentials", $"<SipCredentials><SipCredential><UserName>alice</UserName><Hash1>{Hash1}</Hash1></SipCredential></SipCredentials>");
        var credential = long.Parse(created.Value("Id")!, CultureInfo.InvariantCulture);
        var application = await _host.CreateApplicationAsync("of the tenant");

        await _host.Services.GetRequiredService<AccountService>().CreateAccountAsync(Other, TestContext.Current.CancellationToken);
        using var stranger = await _host.CreateUserAsync("tenant stranger", ApiRole.Admin, account: Other);
        var own = await OwnRealmAsync(stranger);

        (HttpMethod Method, Func<long, long, string, string> Path, Func<long, long, string, string>? Body)[] requests =
        [
            (HttpMethod.Get, (r, _, _) => $"realms/{r}", null),
            (HttpMethod.Put, (r, _, _) => $"realms/{r}", (_, _, _) => "<Realm><Description>mine</Description></Realm>"),
            (HttpMethod.Delete, (r, _, _) => $"realms/{r}", null),
            (HttpMethod.Get, (r, _, _) => $"realms/{r}/sipcredentials?page=1", null),
            (HttpMethod.Post, (r, _, _) => $"realms/{r}/sipcredentials",
                (_, _, _) => $"<SipCredentials><SipCredential><UserName>mallory</UserName><Hash1>{Hash1}</Hash1></SipCredential></SipCredentials>"),
            (HttpMethod.Get, (r, c, _) => $"realms/{r}/sipcredentials/{c}", null),
            (HttpMethod.Put, (r, c, _) => $"realms/{r}/sipcredentials/{c}", (r, _, _) => Rotation(r)),
            (HttpMethod.Delete, (r, c, _) => $"realms/{r}/sipcredentials/{c}", null),
            (HttpMethod.Get, (_, c, _) => $"realms/{own}/sipcredentials/{c}", null), // by a realm of its own
            (HttpMethod.Put, (_, c, _) => $"realms/{own}/sipcredentials/{c}", (_, _, _) => Rotation(own)),
            (HttpMethod.Delete, (_, c, _) => $"realms/{own}/sipcredentials/{c}", null),
            (HttpMethod.Get, (_, _, a) => $"applications/{a}", null),
            (HttpMethod.Put, (_, _, a) => $"applications/{a}", (_, _, _) => Application("mine")),
            (HttpMethod.Patch, (_, _, a) => $"applications/{a}", (_, _, _) => "<Application><AppName>mine</AppName></Application>"),
            (HttpMethod.Delete, (_, _, a) => $"applications/{a}", null),
            (HttpMethod.Get, (_, _, a) => $"applications/{a}/associatedsippeers", null),
            (HttpMethod.Post, (_, _, _) => $"realms/{own}/sipcredentials",
                (_, _, a) => $"<SipCredentials><SipCredential><UserName>eve</UserName><Hash1>{Hash1}</Hash1><HttpVoiceV2AppId>{a}</HttpVoiceV2AppId></SipCredential></SipCredentials>"),
        ];
        foreach (var (method, path, body) in requests)
        {
            var theirs = await AskAsync(realm, credential, application);
            var nobodys = await AskAsync(NoId, NoId, NoApplication);
            Assert.Equal((method, nobodys), (method, theirs));

            async Task<(HttpStatusCode, string?, string?, string, string)> AskAsync(long r, long c, string a)
            {
                using var content = body is null ? null : new StringContent(body(r, c, a));
                var answer = await _host.SendAsync(method, $"/api/accounts/{Other}/{path(r, c, a)}", content, stranger);
                Assert.True((int)answer.Status is >= 400 and < 500, $"{method} {path(r, c, a)}: {answer.Status} {answer.Body}");
                var headers = string.Join(' ', answer.Headers.Concat(answer.ContentHeaders).Select(h => h.Key).Where(name => name != "Content-Length"));
                return (answer.Status, answer.Root, answer.ErrorCode, WithoutIds(answer.Xml!.Value.Replace(a, "", StringComparison.Ordinal)), headers);
            }
        }

        Assert.Equal("alice", (await _host.GetAsync($"realms/{realm}/sipcredentials/{credential}")).Value("UserName"));
        Assert.Equal("of the tenant", (await _host.GetAsync($"applications/{application}")).Value("AppName"));
        Assert.Null((await _host.GetAsync($"realms/{realm}")).Value("Description"));
    }

    private static string WithoutIds(string text) => string.Concat(text.Where(c => !char.IsAsciiDigit(c)));

    private async Task<long> OwnRealmAsync(HttpClient stranger)
    {
        using var content = new StringContent("<Realm><Realm>own</Realm><Default>true</Default></Realm>");
        var created = await _host.SendAsync(HttpMethod.Post, $"/api/accounts/{Other}/realms", content, stranger);
        var id = long.Parse(created.Value("Id")!, CultureInfo.InvariantCulture);
        await Poll.UntilAsync(async () =>
            (await _host.SendAsync(HttpMethod.Get, $"/api/accounts/{Other}/realms/{id}", null, stranger)).Value("Status") == "ACTIVE");
        return id;
    }
}
