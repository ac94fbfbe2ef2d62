using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Sipstead.Provisioning.Accounts;

namespace Sipstead.Provisioning.Tests.Api;

/// <summary>Bodies and paths that mean harm, at the resources that take them.</summary>
public sealed class HostileInputTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private readonly ApiHost _host = fixture.Host;

    private static string Json(string path) => $"/api/v2/accounts/{ApiHost.Account}/{path}";

    private Task<ApiHost.Answer> PostJsonAsync(string path, byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return _host.SendAsync(HttpMethod.Post, Json(path), content);
    }

    /// <summary>S-40: no DTD, entity, depth or encoding trick gets past any resource that reads XML.</summary>
    [Theory]
    [InlineData("realms", "RealmResponse")]
    [InlineData("sipcredentials", "SipCredentialsResponse")]
    [InlineData("applications", "ApplicationProvisioningResponse")]
    [InlineData("sites", "SiteResponse")]
    [InlineData("sites/1/sippeers", "SipPeerResponse")]
    [InlineData("sites/1/sippeers/1/products/origination/settings", "SipPeerOriginationSettingsResponse")]
    public async Task S_40_Vectors_AreRefusedByEveryResource(string path, string root)
    {
        var files = Directory.GetFiles(SharedFiles.Path("vectors", "xml"), "*.xml");
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            using var body = new ByteArrayContent(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
            body.Headers.ContentType = new MediaTypeHeaderValue("application/xml");
            var answer = await _host.SendAsync(HttpMethod.Post, ApiHost.Path(path), body);
            answer.ShouldBeError(400, root, 1019);
            Assert.DoesNotContain("root:", answer.Body, StringComparison.Ordinal);
        }
    }

    /// <summary>A text that no row can have is found nowhere, whatever the database makes of U+0000.</summary>
    [Theory]
    [InlineData("realms?realm=%00")]
    [InlineData("sipcredentials?userNameFragment=a%00b")]
    [InlineData("sipcredentials?domainFragment=%00")]
    public async Task Search_WithU0000_IsNoFailure(string path)
    {
        Assert.InRange((int)(await _host.GetAsync(path)).Status, 200, 404);
        using var stranger = _host.CreateClient("ad\0min", ApiHost.Password);
        using var answer = await stranger.GetAsync(ApiHost.Path("realms"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    public static TheoryData<string, string> HostileJson => new()
    {
        { "deep", new string('[', 100_000) },
        { "deep property", """{"numbers":""" + new string('[', 20) + new string(']', 20) + "}" },
        { "not a number", """{"sipPeerId":NaN,"numbers":[]}""" },
        { "larger than any number", """{"sipPeerId":1e999,"numbers":[]}""" },
        { "longer than any id", """{"sipPeerId":99999999999999999999,"numbers":[]}""" },
        { "two megabytes", "{\"userName\":\"" + new string('x', 2 << 20) + "\"}" },
        { "half a surrogate pair", """{"userName":"\ud800","name":"\ud800","role":"read"}""" },
        { "comment", """{/*"userName":"a"*/}""" },
    };

    [Theory]
    [MemberData(nameof(HostileJson))]
    public async Task S_41_Json_ThatIsNone_Is400_AtEveryResource(string what, string body)
    {
        foreach (var path in new[] { "users", "numbers", "trunks" })
        {
            var answer = await PostJsonAsync(path, Encoding.UTF8.GetBytes(body));
            Assert.Equal((what, path, HttpStatusCode.BadRequest), (what, path, answer.Status));
            Assert.Equal("validation", JsonDocument.Parse(answer.Body).RootElement.GetProperty("type").GetString());
        }
    }

    [Fact]
    public async Task S_41_OctetsThatAreNoUtf8_Are400() =>
        Assert.Equal(HttpStatusCode.BadRequest, (await PostJsonAsync("users", [.. "{\"userName\":\""u8, 0xC3, 0x28, .. "\"}"u8])).Status);

    /// <summary>A form of another site could be sent with a password that a browser remembers, but not as JSON.</summary>
    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=application/json")]
    [InlineData(null)]
    public async Task S_41_JsonThatIsNotCalledSo_Is400(string? type)
    {
        using var body = new ByteArrayContent("""{"userName":"forged","role":"admin"}"""u8.ToArray());
        if (type is not null) body.Headers.TryAddWithoutValidation("Content-Type", type);
        Assert.Equal(HttpStatusCode.BadRequest, (await _host.SendAsync(HttpMethod.Post, Json("users"), body)).Status);
    }

    /// <summary>What is checked is what is stored: of two the last, whatever else is submitted beside.</summary>
    [Fact]
    public async Task S_41_RepeatedAndForeignProperties_ChangeNothingElse()
    {
        await _host.Services.GetRequiredService<AccountService>().CreateAccountAsync(77, TestContext.Current.CancellationToken);
        var answer = await PostJsonAsync("users", Encoding.UTF8.GetBytes(
            """{"id":1,"accountId":77,"mustChangePassword":true,"roles":{"77":"admin"},"role":"admin","userName":"a:b","userName":"last one","role":"read"}"""));
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        var user = (await _host.Services.GetRequiredService<AccountService>().FindUserAsync("last one", TestContext.Current.CancellationToken))!;
        Assert.Equal((ApiHost.Account, ApiRole.Read), (user.Roles.Single().Key, user.Roles.Single().Value));
        Assert.False(user.MustChangePassword);
    }

    /// <summary>S-42: however a path is written, it leads to what its account may have, or nowhere.</summary>
    [Theory]
    [InlineData("/api/accounts/31/%2e%2e/9900000/realms")]
    [InlineData("/api/accounts/31/../9900000/realms")]
    [InlineData("/api/accounts/31%2f..%2f9900000/realms")]
    [InlineData("/api/accounts/31//9900000/realms")]
    [InlineData("/api/accounts/9900000;a=b/realms")]
    [InlineData("/api/accounts/9900000./realms")]
    [InlineData("/api/accounts/9900000%20/realms")]
    [InlineData("/api/accounts/%39900000/realms")]
    [InlineData("/api/accounts/9900000%00/realms")]
    [InlineData("/API/Accounts/9900000/REALMS")]
    [InlineData("/v2/accounts/31/%2e%2e/9900000/users")]
    [InlineData("/api/accounts/31/sites/%2e%2e%2f%2e%2e%2f9900000%2fsites")]
    [InlineData("/api/accounts/31/sipcredentials/%2e%2e%2f..%2f9900000")]
    [InlineData("/api/accounts/31/realms/%00")]
    [InlineData("/api/accounts/31/numbers/%2e%2e")]
    public async Task S_42_PathTricks_LeadNowhere(string path)
    {
        var accounts = _host.Services.GetRequiredService<AccountService>();
        await accounts.CreateAccountAsync(31, TestContext.Current.CancellationToken);
        await accounts.CreateUserAsync("path stranger", ApiHost.Password, 31, ApiRole.Admin, TestContext.Current.CancellationToken);
        Assert.InRange(await StatusOfAsync(path), 400, 499);
    }

    /// <summary>The octets as they are: clients put paths in order before they send them.</summary>
    private async Task<int> StatusOfAsync(string path)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_host.Address.Host, _host.Address.Port, TestContext.Current.CancellationToken);
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"path stranger:{ApiHost.Password}"));
        await client.GetStream().WriteAsync(
            Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {credentials}\r\nConnection: close\r\n\r\n"),
            TestContext.Current.CancellationToken);
        using var reader = new StreamReader(client.GetStream());
        var status = await reader.ReadLineAsync(TestContext.Current.CancellationToken);
        return int.Parse(status!.Split(' ')[1], CultureInfo.InvariantCulture);
    }
}
