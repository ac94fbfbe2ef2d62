using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Sipstead.Provisioning.Accounts;

namespace Sipstead.Provisioning.Tests.Accounts;

/// <summary>The users of an account, and a user's own password (rulings 23 and 24).</summary>
public sealed class AccountUserTests : IAsyncLifetime
{
    private const string Password = "correct horse battery";
    private const long Account = ApiHost.Account;

    private readonly TemporaryFolder _folder = new();
    private Harness _harness = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private AccountService Accounts => _harness.Accounts;

    public async ValueTask InitializeAsync()
    {
        _harness = await Harness.OpenAsync(_folder, new ProvisioningOptions { BootstrapPassword = Password });
        await Accounts.CreateAccountAsync(2, Cancel);
        await Accounts.CreateUserAsync("reader", Password, Account, ApiRole.Read, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _harness.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task List_UsersOfAnAccount_ByNameWithTheirOtherAccounts()
    {
        await Accounts.SetRoleAsync("reader", 2, ApiRole.Admin, Cancel);
        await Accounts.CreateUserAsync("Zoe", Password, 2, ApiRole.Write, Cancel);
        Assert.Equal(
            [new AccountUser("admin", ApiRole.Admin, 0), new AccountUser("reader", ApiRole.Read, 1)],
            await Accounts.ListUsersAsync(Account, Cancel));
        Assert.Equal(
            [new AccountUser("Zoe", ApiRole.Write, 0), new AccountUser("reader", ApiRole.Admin, 1)],
            await Accounts.ListUsersAsync(2, Cancel));
        Assert.Empty(await Accounts.ListUsersAsync(3, Cancel));
    }

    [Fact]
    public async Task Stamp_ChangesWithPasswordAndRoles_AndIsTheSignIns()
    {
        var stamps = new List<string> { await StampAsync() };
        Assert.Equal(stamps[0], (await _harness.Authenticator.AuthenticateAsync("reader", Password, Cancel)).Principal!.Stamp);
        Assert.Equal(stamps[0], await StampAsync());

        await Accounts.SetRoleAsync("reader", Account, ApiRole.Write, Cancel);
        stamps.Add(await StampAsync());
        await Accounts.SetRoleAsync("reader", 2, ApiRole.Read, Cancel);
        stamps.Add(await StampAsync());
        await Accounts.ChangePasswordAsync("reader", Password, Cancel);
        stamps.Add(await StampAsync());
        Assert.Equal(stamps.Count, stamps.Distinct().Count());
        Assert.Equal(stamps[^1], (await _harness.Authenticator.AuthenticateAsync("reader", Password, Cancel)).Principal!.Stamp);

        await _harness.DisposeAsync();
        _harness = await Harness.OpenAsync(_folder);
        Assert.Equal(stamps[^1], await StampAsync());
        Assert.Null(await Accounts.FindUserAsync("nobody", Cancel));
    }

    [Fact]
    public async Task Remove_UserOfOneAccount_DeletesTheUser()
    {
        Assert.NotNull((await _harness.Authenticator.AuthenticateAsync("reader", Password, Cancel)).Principal);
        Assert.True((await Accounts.RemoveUserAsync("reader", Account, Cancel)).IsSuccess);
        Assert.Null(await Accounts.FindUserAsync("reader", Cancel));
        Assert.Null((await _harness.Authenticator.AuthenticateAsync("reader", Password, Cancel)).Principal);
        Assert.True((await Accounts.CreateUserAsync("reader", Password, 2, ApiRole.Read, Cancel)).IsSuccess);
    }

    [Fact]
    public async Task Remove_UserOfTwoAccounts_LeavesTheOther()
    {
        await Accounts.SetRoleAsync("reader", 2, ApiRole.Write, Cancel);
        var left = (await Accounts.RemoveUserAsync("reader", Account, Cancel)).Value!;
        Assert.Equal([2], left.Roles.Keys);
        Assert.Equal([2], (await Accounts.FindUserAsync("reader", Cancel))!.Roles.Keys);
        var again = await Accounts.RemoveUserAsync("reader", Account, Cancel);
        var unknown = await Accounts.RemoveUserAsync("nobody", Account, Cancel);
        Assert.Equal(ProvisioningErrorKind.NotFound, again.Error!.Kind);
        Assert.Equal(again.Error.Description.Replace("reader", "nobody", StringComparison.Ordinal), unknown.Error!.Description);
    }

    [Fact]
    public async Task Reset_GivesAPasswordThatIsMadeUp_AndTheOldOneIsRefused()
    {
        var reset = await Accounts.ResetPasswordAsync("reader", Account, Cancel);
        Assert.NotNull((await _harness.Authenticator.AuthenticateAsync("reader", reset.Value!.GeneratedPassword!, Cancel)).Principal);
        Assert.Null((await _harness.Authenticator.AuthenticateAsync("reader", Password, Cancel)).Principal);
        Assert.False((await Accounts.FindUserAsync("reader", Cancel))!.MustChangePassword);
    }

    [Fact]
    public async Task S_10_Reset_OfAUserOfOtherAccounts_IsRefused_AsItWouldOpenThem()
    {
        await Accounts.CreateUserAsync("stranger", Password, 2, ApiRole.Read, Cancel);
        var stranger = await Accounts.ResetPasswordAsync("stranger", Account, Cancel);
        var unknown = await Accounts.ResetPasswordAsync("nobody", Account, Cancel);
        Assert.Equal(ProvisioningErrorKind.NotFound, stranger.Error!.Kind);
        Assert.Equal(stranger.Error.Description.Replace("stranger", "nobody", StringComparison.Ordinal), unknown.Error!.Description);

        await Accounts.SetRoleAsync("reader", 2, ApiRole.Read, Cancel);
        Assert.Equal(ProvisioningErrorKind.Conflict, (await Accounts.ResetPasswordAsync("reader", Account, Cancel)).Error!.Kind);
        foreach (var name in (string[])["stranger", "reader"]) Assert.NotNull((await _harness.Authenticator.AuthenticateAsync(name, Password, Cancel)).Principal);
    }

    [Fact]
    public async Task LastAdmin_OfAnAccount_CanNeitherBeRemovedNorLowered()
    {
        ProvisioningError?[] errors =
        [
            (await Accounts.RemoveUserAsync("admin", Account, Cancel)).Error,
            (await Accounts.SetRoleAsync("admin", Account, ApiRole.Write, Cancel)).Error,
            (await Accounts.SetRoleAsync("admin", Account, null, Cancel)).Error,
        ];
        Assert.All(errors, error => Assert.Equal(
            (ProvisioningErrorKind.Conflict, "user 'admin' is the last admin of account 9900000; make another user an admin first"),
            (error!.Kind, error.Description)));
        Assert.True((await Accounts.SetRoleAsync("admin", Account, ApiRole.Admin, Cancel)).IsSuccess);

        await Accounts.SetRoleAsync("reader", 2, ApiRole.Admin, Cancel);
        Assert.False((await Accounts.RemoveUserAsync("admin", Account, Cancel)).IsSuccess);
        await Accounts.SetRoleAsync("reader", Account, ApiRole.Admin, Cancel);
        Assert.True((await Accounts.RemoveUserAsync("admin", Account, Cancel)).IsSuccess);
        Assert.False((await Accounts.SetRoleAsync("reader", Account, ApiRole.Read, Cancel)).IsSuccess);
    }

    [Fact]
    public async Task LastAdmins_RemovedInParallel_LeaveOne()
    {
        await Accounts.SetRoleAsync("reader", Account, ApiRole.Admin, Cancel);
        var results = await Task.WhenAll(
            Task.Run(() => Accounts.RemoveUserAsync("admin", Account, Cancel), Cancel),
            Task.Run(() => Accounts.RemoveUserAsync("reader", Account, Cancel), Cancel));
        Assert.Single(results, result => result.IsSuccess);
        Assert.Single(await Accounts.ListUsersAsync(Account, Cancel));
    }

    [Fact]
    public async Task ChangePassword_WithTheCurrentOne_ReplacesIt()
    {
        Assert.True((await Accounts.ChangePasswordAsync("reader", Password, "another password", Cancel)).IsSuccess);
        Assert.Null((await _harness.Authenticator.AuthenticateAsync("reader", Password, Cancel)).Principal);
        Assert.NotNull((await _harness.Authenticator.AuthenticateAsync("reader", "another password", Cancel)).Principal);
    }

    [Theory]
    [InlineData("reader", "wrong password", "another password", "the current password is wrong")]
    [InlineData("nobody", Password, "another password", "the current password is wrong")]
    [InlineData("reader", Password, Password, "the new password is the current one; choose another")]
    [InlineData("reader", Password, "short", "the password is shorter than 8 characters")]
    public async Task ChangePassword_BadInput_ChangesNothing(string name, string current, string password, string expected)
    {
        Assert.Equal(expected, (await Accounts.ChangePasswordAsync(name, current, password, Cancel)).Error!.Description);
        Assert.NotNull((await _harness.Authenticator.AuthenticateAsync("reader", Password, Cancel)).Principal);
    }

    [Fact]
    public async Task ChangePassword_MoreGuessesThanTheQueueHolds_TurnsTheRestAway()
    {
        using var authenticator = new ApiUserAuthenticator(
            _harness.Store, TimeProvider.System, _harness.Services.GetRequiredService<ProvisioningMetrics>(), maximumWaiting: 1);
        var accounts = new AccountService(_harness.Store, authenticator, new ProvisioningOptions(), NullLogger<AccountService>.Instance);
        var errors = await Task.WhenAll(Enumerable.Range(0, 20).Select(
            async i => (await accounts.ChangePasswordAsync("reader", $"guess number {i}", "another password", Cancel)).Error!));
        Assert.Contains(errors, error => error.Kind == ProvisioningErrorKind.Conflict);
        Assert.All(errors, error => Assert.Equal(
            error.Kind == ProvisioningErrorKind.Conflict
                ? "too many passwords wait for verification; try again in a few seconds"
                : "the current password is wrong",
            error.Description));
    }

    [Fact]
    public async Task MustChangePassword_OnlyWhileTheMadeUpPasswordOfTheFirstStartHolds()
    {
        Assert.False((await Accounts.FindUserAsync("admin", Cancel))!.MustChangePassword);
        using var folder = new TemporaryFolder();
        await using var fresh = await Harness.OpenAsync(folder);
        var generated = fresh.GeneratedPassword!;
        Assert.True((await fresh.Accounts.FindUserAsync("admin", Cancel))!.MustChangePassword);
        Assert.True((await fresh.Authenticator.AuthenticateAsync("admin", generated, Cancel)).Principal!.MustChangePassword);

        await fresh.Accounts.CreateUserAsync("ann", null, Account, ApiRole.Read, Cancel);
        Assert.False((await fresh.Accounts.FindUserAsync("ann", Cancel))!.MustChangePassword);

        Assert.False((await fresh.Accounts.ChangePasswordAsync("admin", generated, Password, Cancel)).Value!.MustChangePassword);
        Assert.False((await fresh.Accounts.FindUserAsync("admin", Cancel))!.MustChangePassword);
        Assert.False((await fresh.Authenticator.AuthenticateAsync("admin", Password, Cancel)).Principal!.MustChangePassword);
    }

    private async Task<string> StampAsync() => (await Accounts.FindUserAsync("reader", Cancel))!.Stamp;
}
