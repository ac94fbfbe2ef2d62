using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Sipstead.Dashboard.Doctor;
using Sipstead.Dashboard.SignIn;
using Sipstead.Provisioning;
using Sipstead.Provisioning.Accounts;
using Sipstead.Testing;

namespace Sipstead.Dashboard.Tests.SignIn;

/// <summary>How long a session holds, over the real users.</summary>
public sealed class DashboardSessionTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly Session _kept = new();
    private ServiceProvider _services = default!;
    private DashboardSession _session = default!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private AccountService Accounts => _services.GetRequiredService<AccountService>();

    public async ValueTask InitializeAsync()
    {
        _services = new ServiceCollection().AddLogging()
            .AddProvisioning(new ProvisioningOptions { DataDirectory = _folder.Path, BootstrapPassword = ServerSetup.Password })
            .AddSingleton<IAuthenticationService>(_kept).BuildServiceProvider();
        await _services.OpenProvisioningAsync(Cancel);
        var options = new DashboardOptions
        {
            DataDirectory = _folder.Path,
            Connection = new ConnectionSettings { SipAddress = "", PublicAddress = "", BaseDomain = "", DnsPort = 0, TlsPort = 0, HttpUrls = [], MediaPorts = "" },
        };
        _session = new DashboardSession(Accounts, new EndedSessions(options, TimeProvider.System, NullLogger<EndedSessions>.Instance), TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Session_Holds_WhileNothingChanges() => Assert.True(await _session.HoldsAsync(await BeginAsync(), Cancel));

    [Fact]
    public async Task Session_Ends_WithThePassword()
    {
        var user = await BeginAsync();

        Assert.True((await Accounts.ChangePasswordAsync(ServerSetup.UserName, "another horse battery", Cancel)).IsSuccess);

        Assert.False(await _session.HoldsAsync(user, Cancel));
    }

    [Fact]
    public async Task Session_Ends_WithAChangeOfRoles()
    {
        var user = await BeginAsync();
        Assert.True((await Accounts.CreateAccountAsync(9_900_301, Cancel)).IsSuccess);

        Assert.True((await Accounts.SetRoleAsync(ServerSetup.UserName, 9_900_301, ApiRole.Read, Cancel)).IsSuccess);

        Assert.False(await _session.HoldsAsync(user, Cancel));
    }

    [Fact]
    public async Task SignOut_EndsThisSession_AndNoOther()
    {
        var (one, other) = (await BeginAsync(), await BeginAsync());

        await _session.EndAsync(new DefaultHttpContext { User = one, RequestServices = _services });

        Assert.False(await _session.HoldsAsync(one, Cancel));
        Assert.True(await _session.HoldsAsync(other, Cancel));
    }

    [Fact]
    public async Task PrincipalWithoutOurClaims_HoldsNothing()
    {
        Assert.False(await _session.HoldsAsync(new ClaimsPrincipal(), Cancel));
        Assert.False(await _session.HoldsAsync(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, ServerSetup.UserName)], "other")), Cancel));
    }

    private async Task<ClaimsPrincipal> BeginAsync()
    {
        var user = (await Accounts.FindUserAsync(ServerSetup.UserName, Cancel))!;
        await DashboardSession.BeginAsync(new DefaultHttpContext { RequestServices = _services }, user.Name, user.Stamp);
        return _kept.SignedIn!;
    }

    /// <summary>Keeps who was signed in, in the place of a cookie.</summary>
    private sealed class Session : IAuthenticationService
    {
        public ClaimsPrincipal? SignedIn { get; private set; }

        public Task SignInAsync(HttpContext context, string? scheme, ClaimsPrincipal principal, AuthenticationProperties? properties)
        {
            SignedIn = principal;
            return Task.CompletedTask;
        }

        public Task SignOutAsync(HttpContext context, string? scheme, AuthenticationProperties? properties) => Task.CompletedTask;

        public Task<AuthenticateResult> AuthenticateAsync(HttpContext context, string? scheme) => Task.FromResult(AuthenticateResult.NoResult());

        public Task ChallengeAsync(HttpContext context, string? scheme, AuthenticationProperties? properties) => Task.CompletedTask;

        public Task ForbidAsync(HttpContext context, string? scheme, AuthenticationProperties? properties) => Task.CompletedTask;
    }
}
