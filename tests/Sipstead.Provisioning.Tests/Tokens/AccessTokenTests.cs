using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.Tokens;

namespace Sipstead.Provisioning.Tests.Tokens;

/// <summary>Contract 2.2: what a token says, and what ends it. The clock stands unless a test moves it.</summary>
public sealed class AccessTokenTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(60));
    private Harness _harness = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private AccessTokens Tokens => _harness.Services.GetRequiredService<AccessTokens>();

    public async ValueTask InitializeAsync()
    {
        _harness = await Harness.OpenAsync(_folder, new ProvisioningOptions { BootstrapPassword = ApiHost.Password }, _time);
        await _harness.Accounts.CreateUserAsync("client", ApiHost.Password, ApiHost.Account, ApiRole.Write, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _harness.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<string> IssueAsync(string user = "client") => Tokens.Issue((await _harness.Authenticator.FindAsync(user, Cancel))!);

    private async Task<string?> UserOfAsync(string token) => (await Tokens.VerifyAsync(token, Cancel))?.UserName;

    /// <summary>As the client reads it: split at dots, the second part from base64url without padding.</summary>
    [Fact]
    public async Task Issue_SaysWhatClientsRead()
    {
        await _harness.Accounts.CreateAccountAsync(7, Cancel);
        await _harness.Accounts.SetRoleAsync("client", 7, ApiRole.Read, Cancel);
        var parts = (await IssueAsync()).Split('.');
        Assert.Equal(3, parts.Length);
        var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1])).RootElement;
        Assert.Equal(["7", "9900000"], claims.GetProperty("accounts").EnumerateArray().Select(a => a.GetString()!));
        var roles = claims.GetProperty("roles").EnumerateArray().Select(r => r.GetString()!).ToList();
        Assert.Equal(["SIP Credentials", "HttpVoice", "Application Management", "read", "write"], roles);
        Assert.False(claims.GetProperty("express").GetBoolean());
        Assert.Equal(3600, claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64());
        Assert.Equal("client", claims.GetProperty("sub").GetString());
    }

    [Fact]
    public async Task Token_HoldsForItsHour_AndOverARestart()
    {
        var token = await IssueAsync();
        _time.Advance(AccessTokens.Lifetime - TimeSpan.FromSeconds(1));
        Assert.Equal("client", await UserOfAsync(token));
        await _harness.DisposeAsync();
        _harness = await Harness.OpenAsync(_folder, time: _time);
        Assert.Equal("client", await UserOfAsync(token));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await UserOfAsync(token));
    }

    [Fact]
    public async Task Token_OutlivesTheDayOfItsKey()
    {
        await IssueAsync();
        _time.Advance(TimeSpan.FromDays(1) - TimeSpan.FromMinutes(1));
        var token = await IssueAsync();
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.NotEqual(token.Split('.')[0], (await IssueAsync()).Split('.')[0]);
        Assert.Equal("client", await UserOfAsync(token));
    }

    [Fact]
    public async Task Token_EndsWithPasswordRoleAndUser()
    {
        var first = await IssueAsync();
        await _harness.Accounts.ChangePasswordAsync("client", "another password", Cancel);
        Assert.Null(await UserOfAsync(first));
        var second = await IssueAsync();
        await _harness.Accounts.SetRoleAsync("client", ApiHost.Account, ApiRole.Read, Cancel);
        Assert.Null(await UserOfAsync(second));
        var third = await IssueAsync();
        Assert.Equal("client", await UserOfAsync(third));
        await _harness.Accounts.RemoveUserAsync("client", ApiHost.Account, Cancel);
        Assert.Null(await UserOfAsync(third));
    }

    /// <summary>S-09: one character of header, claims or signature makes it the token of nobody.</summary>
    [Fact]
    public async Task S_09_AnyCharacterChanged_IsNoToken()
    {
        var token = await IssueAsync();
        Assert.Equal("client", await UserOfAsync(token));
        await Gen.Select(Gen.Int[0, token.Length - 1], Gen.Char[".-_= \u00e9abcXYZ0189"]).SampleAsync(
            async change =>
            {
                var (at, character) = change;
                var changed = $"{token[..at]}{character}{token[(at + 1)..]}";
                Assert.Equal(changed == token ? "client" : null, await UserOfAsync(changed));
            });
        for (var length = 0; length < token.Length; length++) Assert.Null(await UserOfAsync(token[..length]));
        Assert.Null(await UserOfAsync(token + "A"));
        Assert.Null(await UserOfAsync(token + new string('A', 20_000)));
    }

    [Fact]
    public async Task S_09_AnyText_IsNoToken() =>
        await Gen.Char.Array[0, 200].Select(chars => new string(chars)).SampleAsync(async text => Assert.Null(await UserOfAsync(text)));

    /// <summary>S-09: what a token says of its algorithm or key is not believed.</summary>
    [Theory]
    [InlineData("""{"alg":"none","typ":"JWT"}""")]
    [InlineData("""{"alg":"HS256","typ":"JWT"}""")]
    [InlineData("""{"alg":"HS256","typ":"JWT","kid":"../../dev/null"}""")]
    public async Task S_09_HeaderOfAnother_IsNoToken(string header)
    {
        var parts = (await IssueAsync()).Split('.');
        var other = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header));
        Assert.Null(await UserOfAsync($"{other}.{parts[1]}."));
        Assert.Null(await UserOfAsync($"{other}.{parts[1]}.{parts[2]}"));
    }

    [Fact]
    public async Task S_09_TokenOfAnotherServer_IsNoToken()
    {
        using var folder = new TemporaryFolder();
        await using var other = await Harness.OpenAsync(folder, new ProvisioningOptions { BootstrapPassword = ApiHost.Password }, _time);
        var user = (await other.Authenticator.FindAsync("admin", Cancel))!;
        Assert.Null(await UserOfAsync(other.Services.GetRequiredService<AccessTokens>().Issue(user)));
    }
}
