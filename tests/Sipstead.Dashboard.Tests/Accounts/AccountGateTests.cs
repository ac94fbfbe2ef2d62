using System.Security.Claims;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MudBlazor.Services;
using Sipstead.Dashboard.Accounts;
using Sipstead.Dashboard.Components;
using Sipstead.Provisioning;
using Sipstead.Provisioning.Accounts;
using Sipstead.Testing;

namespace Sipstead.Dashboard.Tests.Accounts;

/// <summary>Who gets to a page of an account, over the real accounts and users.</summary>
public sealed class AccountGateTests : IAsyncLifetime
{
    private const long OtherAccount = 9_900_300;

    private readonly BunitContext _context = new();
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private AccountService Accounts => _context.Services.GetRequiredService<AccountService>();

    public async ValueTask InitializeAsync()
    {
        _context.JSInterop.Mode = JSRuntimeMode.Loose;
        _context.JSInterop.Setup<BrowserBridge.BrowserFacts>(BrowserBridge.FactsFunction).SetResult(new("Europe/Berlin", -60, false));
        _context.Services.AddMudServices().AddScoped<BrowserBridge>().AddScoped<SignedInUser>().AddSingleton<TimeProvider>(_time).AddLogging();
        _context.Services.AddProvisioning(new ProvisioningOptions { DataDirectory = _folder.Path, BootstrapPassword = ServerSetup.Password });
        var authorization = _context.AddAuthorization();
        authorization.SetAuthorized("writer");
        authorization.SetClaims(new Claim(ClaimTypes.Name, "writer"));
        await _context.Services.OpenProvisioningAsync(Cancel);
        Assert.True((await Accounts.CreateAccountAsync(OtherAccount, Cancel)).IsSuccess);
        Assert.True((await Accounts.CreateUserAsync("writer", ServerSetup.Password, ServerSetup.Account, ApiRole.Write, Cancel)).IsSuccess);
    }

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public void UserWithARole_GetsToThePage_WithThatRole()
    {
        var gate = Open(ServerSetup.Account);

        gate.WaitForAssertion(() => Assert.Equal("9900000 Write", gate.Find(".probe").TextContent));
    }

    [Theory]
    [InlineData(OtherAccount)]
    [InlineData(123)]
    public void AccountOfOthers_AndNone_LookTheSame(long account)
    {
        var gate = Open(account);

        gate.WaitForAssertion(() => Assert.Equal("Nothing here", gate.Find("h1").TextContent));
        Assert.Empty(gate.FindAll(".probe"));
    }

    [Fact]
    public async Task RoleThatIsLowered_ReachesAnOpenPage_WithinAMinute()
    {
        var gate = Open(ServerSetup.Account);
        gate.WaitForElement(".probe");

        await Accounts.SetRoleAsync("writer", ServerSetup.Account, ApiRole.Read, Cancel);
        _time.Advance(TimeSpan.FromMinutes(1));

        gate.WaitForAssertion(() => Assert.Equal("9900000 Read", gate.Find(".probe").TextContent));
    }

    [Fact]
    public async Task RoleThatIsTakenAway_ClosesAnOpenPage_WithinAMinute()
    {
        var gate = Open(ServerSetup.Account);
        gate.WaitForElement(".probe");

        await Accounts.SetRoleAsync("writer", ServerSetup.Account, null, Cancel);
        _time.Advance(TimeSpan.FromMinutes(1));

        gate.WaitForAssertion(() => Assert.Empty(gate.FindAll(".probe")));
    }

    private IRenderedComponent<AccountGate> Open(long account)
    {
        var route = new RouteData(typeof(Probe), new Dictionary<string, object?> { ["AccountId"] = account });
        return _context.Render<AccountGate>(gate => gate.Add(g => g.Route, route).AddChildContent<Probe>());
    }

    /// <summary>A page that tells what it was given.</summary>
    private sealed class Probe : ComponentBase
    {
        [CascadingParameter]
        public AccountContext? Account { get; set; }

        protected override void BuildRenderTree(Microsoft.AspNetCore.Components.Rendering.RenderTreeBuilder builder)
        {
            builder.OpenElement(0, "p");
            builder.AddAttribute(1, "class", "probe");
            builder.AddContent(2, $"{Account?.Id} {Account?.Role}");
            builder.CloseElement();
        }
    }
}
