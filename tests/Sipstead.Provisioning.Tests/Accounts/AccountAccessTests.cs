using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.Tokens;

namespace Sipstead.Provisioning.Tests.Accounts;

/// <summary>Contract 2.1, rulings 22 and 23; what every HTTP API asks before it answers.</summary>
public sealed class AccountAccessTests : IAsyncLifetime
{
    private const string Password = "correct horse battery";
    private const long Account = ApiHost.Account;

    private readonly TemporaryFolder _folder = new();
    private Harness _harness = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _harness = await Harness.OpenAsync(_folder, new ProvisioningOptions { BootstrapPassword = Password });
        await _harness.Accounts.CreateUserAsync("reader", Password, Account, ApiRole.Read, Cancel);
        await _harness.Accounts.CreateAccountAsync(2, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _harness.DisposeAsync();
        _folder.Dispose();
    }

    private static DefaultHttpContext Request(string? header)
    {
        var context = new DefaultHttpContext { RequestAborted = Cancel };
        if (header is not null) context.Request.Headers.Authorization = header;
        return context;
    }

    private static string Basic(string userName, string password) =>
        "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{userName}:{password}"));

    private ValueTask<AccountAuthorization> AskAsync(HttpContext context, string? account, ApiRole role) =>
        _harness.Services.GetRequiredService<AccountAccess>().AuthorizeAsync(context, account, role);

    [Theory]
    [InlineData("admin", "9900000", ApiRole.Admin, AccountAccessOutcome.Authorized)]
    [InlineData("reader", "9900000", ApiRole.Read, AccountAccessOutcome.Authorized)]
    [InlineData("reader", "9900000", ApiRole.Write, AccountAccessOutcome.RoleTooLow)]
    [InlineData("reader", "2", ApiRole.Write, AccountAccessOutcome.NotThisAccount)]
    [InlineData("admin", "2", ApiRole.Read, AccountAccessOutcome.NotThisAccount)]
    [InlineData("admin", "3", ApiRole.Read, AccountAccessOutcome.NotThisAccount)]
    [InlineData("admin", "+9900000", ApiRole.Read, AccountAccessOutcome.NotThisAccount)]
    [InlineData("admin", " 9900000", ApiRole.Read, AccountAccessOutcome.NotThisAccount)]
    [InlineData("admin", null, ApiRole.Read, AccountAccessOutcome.NotThisAccount)]
    [InlineData("nobody", "9900000", ApiRole.Read, AccountAccessOutcome.Unauthenticated)]
    public async Task Authorize_UserAndAccount_GiveTheOutcome(string user, string? account, ApiRole role, AccountAccessOutcome expected)
    {
        var context = Request(Basic(user, Password));
        var authorization = await AskAsync(context, account, role);
        Assert.Equal(expected, authorization.Outcome);
        Assert.Equal(expected == AccountAccessOutcome.Authorized, authorization.IsAuthorized);
        Assert.Equal(authorization.IsAuthorized ? (user, Account) : (null, 0), (authorization.User?.UserName, authorization.AccountId));
        Assert.Equal(expected == AccountAccessOutcome.Unauthenticated, context.Response.Headers.WWWAuthenticate.Count == 1);
        Assert.Equal(200, context.Response.StatusCode);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer abc")]
    [InlineData("Basic ???")]
    public async Task Authorize_WithoutPassword_SetsTheChallengeAndLogsNothing(string? header)
    {
        var context = Request(header);
        Assert.Equal(AccountAccessOutcome.Unauthenticated, (await AskAsync(context, "9900000", ApiRole.Read)).Outcome);
        Assert.Equal("Basic realm=\"Bandwidth API\"", context.Response.Headers.WWWAuthenticate[0]);
        Assert.DoesNotContain("was refused", _harness.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Authorize_MoreGuessesThanTheQueueHolds_TellsTheRestWhenToComeBack()
    {
        const int guesses = 20;
        var metrics = _harness.Services.GetRequiredService<ProvisioningMetrics>();
        using var authenticator = new ApiUserAuthenticator(_harness.Store, TimeProvider.System, metrics, maximumWaiting: 1);
        var access = new AccountAccess(
            new ApiPasswords(authenticator, new ApiThrottle(TimeProvider.System, metrics), NullLogger<ApiPasswords>.Instance),
            _harness.Services.GetRequiredService<AccessTokens>(),
            metrics);
        var contexts = Enumerable.Range(0, guesses).Select(i => Request(Basic("admin", $"guess number {i}"))).ToArray();
        var outcomes = await Task.WhenAll(contexts.Select(async context => (await access.AuthorizeAsync(context, "9900000", ApiRole.Read)).Outcome));
        Assert.Contains(AccountAccessOutcome.Overloaded, outcomes);
        for (var i = 0; i < guesses; i++)
        {
            Assert.Equal(
                outcomes[i] == AccountAccessOutcome.Overloaded ? ("1", "") : ("", "Basic realm=\"Bandwidth API\""),
                (contexts[i].Response.Headers.RetryAfter.ToString(), contexts[i].Response.Headers.WWWAuthenticate.ToString()));
        }
    }
}
