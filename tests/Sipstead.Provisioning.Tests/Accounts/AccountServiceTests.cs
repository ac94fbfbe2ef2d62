using Sipstead.Provisioning.Accounts;

namespace Sipstead.Provisioning.Tests.Accounts;

/// <summary>Rulings 15, 23 and 24.</summary>
public sealed class AccountServiceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Bootstrap_EmptyDatabase_MakesAccountUserAndPassword()
    {
        await using var harness = await Harness.OpenAsync(_folder, new ProvisioningOptions { BootstrapAccountId = 12, BootstrapUserName = "root" });
        var account = Assert.Single(await harness.Accounts.ListAccountsAsync(Cancel));
        Assert.Equal((12, 5060, true), (account.Id, account.SipPort, account.SipEnabled));
        Assert.Equal(6, account.Hex.Length);
        Assert.All(account.Hex, c => Assert.True(char.IsAsciiHexDigitLower(c)));
        Assert.Equal(24, harness.GeneratedPassword!.Length);
        var user = await harness.Authenticator.AuthenticateAsync("root", harness.GeneratedPassword, Cancel);
        Assert.True(user.Principal!.TryGetRole(12, out var role));
        Assert.Equal(ApiRole.Admin, role);
    }

    [Fact]
    public async Task Bootstrap_GivenPassword_IsUsedAndNotReturned()
    {
        await using var harness = await Harness.OpenAsync(_folder, new ProvisioningOptions { BootstrapPassword = "given password" });
        Assert.Null(harness.GeneratedPassword);
        Assert.NotNull((await harness.Authenticator.AuthenticateAsync("admin", "given password", Cancel)).Principal);
    }

    [Fact]
    public async Task CreateAccount_More_TakesTheNextFreePortsUntilThereIsNone()
    {
        await using var harness = await Harness.OpenAsync(_folder, new ProvisioningOptions { SipPort = 5101, AccountPorts = "5100-5102" });
        Assert.Equal(5100, (await harness.Accounts.CreateAccountAsync(2, Cancel)).Value!.SipPort);
        Assert.Equal(5102, (await harness.Accounts.CreateAccountAsync(3, Cancel)).Value!.SipPort);
        var full = await harness.Accounts.CreateAccountAsync(4, Cancel);
        Assert.Equal(ProvisioningErrorKind.Conflict, full.Error!.Kind);
        Assert.Contains("5100-5102", full.Error.Description, StringComparison.Ordinal);
        Assert.False((await harness.Accounts.CreateAccountAsync(3, Cancel)).IsSuccess);
        Assert.False((await harness.Accounts.CreateAccountAsync(0, Cancel)).IsSuccess);
        var realm = await harness.CreateActiveRealmAsync("office", account: 3);
        Assert.True(harness.View.Realms.TryFind(realm.Id, out var entry));
        Assert.Equal((3, 5102), (entry.AccountId, entry.SipPort));
    }

    [Fact]
    public async Task CreateUser_WithoutPassword_MakesOneUp()
    {
        await using var harness = await Harness.OpenAsync(_folder);
        var user = await harness.Accounts.CreateUserAsync("ann", null, ApiHost.Account, ApiRole.Read, Cancel);
        Assert.NotNull((await harness.Authenticator.AuthenticateAsync("ann", user.Value!.GeneratedPassword!, Cancel)).Principal);
        Assert.DoesNotContain(user.Value.GeneratedPassword!, user.Value.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "long enough")]
    [InlineData("a:b", "long enough")]
    [InlineData("a\nb", "long enough")]
    [InlineData(" a", "long enough")]
    [InlineData("admin", "long enough")]
    [InlineData("ann", "2short")]
    [InlineData("ann", "with\tcontrol")]
    public async Task CreateUser_BadInput_IsRefused(string name, string password)
    {
        await using var harness = await Harness.OpenAsync(_folder);
        var result = await harness.Accounts.CreateUserAsync(name, password, ApiHost.Account, ApiRole.Read, Cancel);
        Assert.False(result.IsSuccess);
        Assert.DoesNotContain(password, result.Error.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_OfUsersThatDifferInCase_AreTwoUsers()
    {
        await using var harness = await Harness.OpenAsync(_folder);
        Assert.True((await harness.Accounts.CreateUserAsync("Admin", "long enough", ApiHost.Account, ApiRole.Read, Cancel)).IsSuccess);
    }

    [Fact]
    public async Task SetRole_InSeveralAccounts_ChangesOneAtATime()
    {
        await using var harness = await Harness.OpenAsync(_folder);
        await harness.Accounts.CreateAccountAsync(2, Cancel);
        var both = await harness.Accounts.SetRoleAsync("admin", 2, ApiRole.Read, Cancel);
        Assert.Equal([(2, ApiRole.Read), (ApiHost.Account, ApiRole.Admin)], both.Value!.Roles.OrderBy(r => r.Key).Select(r => (r.Key, r.Value)));
        var one = await harness.Accounts.SetRoleAsync("admin", 2, null, Cancel);
        Assert.Equal([ApiHost.Account], one.Value!.Roles.Keys);
        Assert.Equal(ProvisioningErrorKind.NotFound, (await harness.Accounts.SetRoleAsync("admin", 3, ApiRole.Read, Cancel)).Error!.Kind);
        Assert.Equal(ProvisioningErrorKind.NotFound, (await harness.Accounts.SetRoleAsync("nobody", 2, ApiRole.Read, Cancel)).Error!.Kind);
        Assert.Equal(ProvisioningErrorKind.NotFound, (await harness.Accounts.ChangePasswordAsync("nobody", "long enough", Cancel)).Error!.Kind);
    }

    [Fact]
    public async Task Database_HoldsNoPassword()
    {
        const string password = "a very particular password";
        await using (var harness = await Harness.OpenAsync(_folder, new ProvisioningOptions { BootstrapPassword = password }))
        {
        }

        foreach (var file in Directory.GetFiles(_folder.Path))
            Assert.Equal(-1, (await File.ReadAllBytesAsync(file, Cancel)).AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(password)));
    }
}
